/*
description: >
  The services persons received, at the finest: how many persons were served, how many
  of them for the first time in the year, how many services.
adds_up: [personnes_servies, personnes, prestations]
*/
with
-- What one file says of one person's service at one date: rows dated by the day
-- are the same prestation written twice, others can be several.
said as (
    select
        unit,
        member,
        service,
        region,
        province,
        annee,
        trimestre,
        date_first,
        submission_id,
        coalesce(max(prestations) filter (where by_day), sum(prestations) filter (where not by_day)) as prestations
    from event
    group by all
),

-- What several files say is said once.
given as (
    select * exclude (submission_id, prestations), max(prestations) as prestations
    from said
    group by all
),

placed as (
    select
        *,
        row_number() over (
            partition by service, annee, unit
            order by date_first, member, region, province, trimestre
        ) = 1 as first_time
    from given
),

final as (
    select
        g.member as membre,
        g.service,
        g.region,
        g.province,
        g.annee,
        g.trimestre,
        p.sexe,
        p.nationalite,
        case
            when g.annee - p.birth_year < 15 then '0-14'
            when g.annee - p.birth_year < 18 then '15-17'
            when g.annee - p.birth_year < 25 then '18-24'
            when g.annee - p.birth_year < 35 then '25-34'
            when g.annee - p.birth_year < 45 then '35-44'
            when g.annee - p.birth_year < 60 then '45-59'
            when g.annee - p.birth_year is not null then '60+'
        end as tranche_age,
        p.statut_administratif,
        count(*) filter (where g.first_time) as personnes,
        count(distinct g.unit) as personnes_servies,
        cast(sum(g.prestations) as bigint) as prestations
    from placed as g
    join person as p on p.person_id = g.unit
    group by all
)

select * from final
