/*
description: Un indicateur compte les personnes des services que le catalogue nomme, et elles toutes quand il ne dit pas « parmi » ; la protection de la publication s'y fie.
description_ar: يحتسب كل مؤشر المستفيدين من الخدمات التي يسميها الفهرس، وكلهم ما لم يقل "parmi"؛ وعلى ذلك تعتمد حماية المعطيات المنشورة.
severity: error
local: true
*/
with
said as (
    select code, 'N' as role, services_numerateur as services
    from stg_indicator
    union all
    select code, 'D', services_denominateur
    from stg_indicator
),

named as (
    select
        code,
        role,
        not starts_with(services, 'parmi ') as whole,
        ends_with(services, ' (année précédente)') as earlier,
        unnest(string_split(regexp_replace(services, '^parmi | \(année précédente\)$', '', 'g'), ', ')) as service
    from said
    where services is not null
),

-- By the rows that say so: no set of persons is made.
served as (
    select n.code, n.role, n.whole, e.annee + if(n.earlier, 1, 0) as annee, e.submission_id, e.sheet, e.row
    from named as n
    join event as e using (service)
),

counted as (
    select i.code, i.role, i.annee, i.submission_id, i.sheet, i.row
    from indicators as i
    semi join named using (code, role)
),

final as (
    select c.*, 'not served' as trouble
    from counted as c
    anti join served as s using (code, role, annee, submission_id, sheet, row)
    union all by name
    select s.* exclude (whole), 'not counted' as trouble
    from served as s
    semi join counted_year using (code, role, annee) -- a cohort of a year no file is about isn't
    anti join counted as c using (code, role, annee, submission_id, sheet, row)
    where s.whole
)

select * from final
