/*
description: >
  Companies approached, as contributions: unit is the company, known by its ICE
  number, else by the only ICE its name goes with, else by its name.
*/
with
company as (
    select c.*, a.member, a.region as file_region, a.annee as file_year, a.trimestre as file_quarter, a.recency
    from stg_company as c
    join accepted as a using (submission_id)
),

ice_of_name as (
    select name_key, max(ice) as ice
    from company
    where name_key is not null
    group by name_key
    having count(distinct ice) = 1
),

final as (
    select
        coalesce('ICE ' || c.ice, 'ICE ' || n.ice, c.name_key, concat_ws('/', c.submission_id, c.sheet, c.row)) as unit,
        cast(1 as double) as weight,
        cast(coalesce(year(c.date), c.file_year) as integer) as annee,
        cast(case
            when c.date is null then c.file_quarter
            when c.date_precision <> 'annee' then quarter(c.date)
            when year(c.date) = c.file_year then c.file_quarter
        end as integer) as trimestre,
        coalesce(c.region, c.file_region) as region,
        'T' as sexe,
        c.member,
        c.submission_id,
        c.sheet,
        c.row,
        c.province,
        c.asked_contract,
        c.says_recruited,
        c.has_recruited,
        c.recency
    from company as c
    left join ice_of_name as n using (name_key)
)

select * from final
