/*
description: >
  The years in which what an indicator compares with is reported on: enrolments,
  completions, support towards employment.
grain: [code, annee]
*/
select distinct '1.5' as code, annee from covered where topic = 'FP_INSCRIPTION'
union all
select 'OS1', min(annee) from covered where topic = 'FP_REUSSITE' having count(*) > 0
union all
select distinct 'OS2', annee from covered where member = 'EN' and topic = 'FP_REUSSITE'
union all
select distinct 'OS3', annee from covered where topic = 'ACC_EMPLOI'
