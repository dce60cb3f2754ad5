/*
description: >
  The relative gain between the tests before and after the sessions, each session
  weighing as many as it had participants. Where no session was tested nothing is
  covered.
*/
with
tested as (
    select *
    from training
    where pre_test is not null and post_test is not null
),

gain as (
    select *, participants * (post_test - pre_test) as weight
    from tested
),

base as (
    select *, participants * pre_test as weight
    from tested
),

coverage as (
    select *
    from covered
    where topic = 'sessions'
        and (submission_id, sheet) in (select (submission_id, sheet) from tested)
),

final as (
    select 'N' as role, unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from gain
    union all
    select 'D', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from base
    union all
    select 'C', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from coverage
)

select '3.4' as code, * from final
