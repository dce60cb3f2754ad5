/*
description: >
  Training sessions of a committee, as contributions: unit is the committee's
  session of a day on a theme, so that a row a later file repeats is the same
  session, and stands. participants is the weight of its marks: who took part, else who
  answered, else 1.
*/
with
session as (
    select s.*, a.member, a.region as file_region, a.annee as file_year, a.trimestre as file_quarter, a.recency
    from stg_session as s
    join accepted as a using (submission_id)
),

final as (
    select
        case
            when date is null then concat_ws('/', submission_id, sheet, row)
            else concat_ws('/', member, date, theme_key)
        end as unit,
        cast(coalesce(year(date), file_year) as integer) as annee,
        cast(coalesce(quarter(date), file_quarter) as integer) as trimestre,
        coalesce(region, file_region) as region,
        'T' as sexe,
        member,
        submission_id,
        sheet,
        row,
        institutions,
        coalesce(nullif(participants, 0), nullif(respondents, 0), 1) as participants,
        pre_test,
        post_test,
        respondents,
        satisfied
    from session
    qualify row_number() over (partition by unit order by recency desc, sheet, row) = 1
)

select * from final
