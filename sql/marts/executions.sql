/*
description: Les exécutions qui ont publié une édition.
description_ar: عمليات التشغيل التي نشرت إصدارا.
grain: [execution]
columns:
  - {name: numero, type: INTEGER, fr: "Rang de l'exécution", ar: "ترتيب العملية"}
  - {name: execution, type: VARCHAR, fr: "Identifiant, tiré de ce que l'exécution a reçu", ar: "المعرف، مستخرج مما تلقته العملية"}
  - {name: jour, type: DATE, fr: "Jour", ar: "اليوم"}
  - {name: type, type: VARCHAR, fr: "Type d'exécution", ar: "نوع العملية"}
  - {name: recues, type: INTEGER, fr: "Soumissions reçues", ar: "الإرسالات المتوصل بها"}
  - {name: acceptees, type: INTEGER, fr: "Dont acceptées", ar: "منها المقبولة"}
  - {name: reserves, type: INTEGER, fr: "Dont acceptées avec réserves", ar: "منها المقبولة بتحفظ"}
  - {name: rejetees, type: INTEGER, fr: "Dont rejetées", ar: "منها المرفوضة"}
  - {name: version, type: VARCHAR, fr: "Version de cp3", ar: "نسخة البرنامج"}
*/
select
    n as numero,
    run_id as execution,
    day as jour,
    kind as type,
    received as recues,
    accepted as acceptees,
    reserved as reserves,
    rejected as rejetees,
    version
from stg_run
order by numero, execution
