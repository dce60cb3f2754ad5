/*
description: Les fichiers reçus, et ce que chacun est devenu.
description_ar: الملفات المتوصل بها، ومآل كل منها.
temporary: true
grain: [soumission]
columns:
  - {name: soumission, type: VARCHAR, fr: "Identifiant de la soumission", ar: "معرف الإرسال"}
  - {name: membre, type: VARCHAR, fr: "Membre", ar: "العضو"}
  - {name: structure, type: VARCHAR, fr: "Structure (centre, agence, comité)", ar: "البنية (مركز، وكالة، لجنة)"}
  - {name: periode, type: VARCHAR, fr: "Année (2020) ou trimestre (2020-T1)", ar: "السنة (2020) أو الفصل (2020-T1)"}
  - {name: nom_fichier, type: VARCHAR, fr: "Nom du fichier déposé", ar: "اسم الملف المودَع"}
  - {name: sha256, type: VARCHAR, fr: "Empreinte SHA-256 du fichier", ar: "بصمة الملف SHA-256"}
  - {name: recu_le, type: DATE, fr: "Date de réception", ar: "تاريخ التوصل"}
  - {name: statut, type: VARCHAR, fr: "acceptee, reserves, rejetee, remplacee (par un envoi plus récent), doublon", ar: "acceptee مقبول، reserves مقبول بتحفظ، rejetee مرفوض، remplacee عُوض بإرسال أحدث، doublon مكرر"}
  - {name: lignes_lues, type: INTEGER, fr: "Lignes de données lues", ar: "أسطر المعطيات المقروءة"}
  - {name: lignes_retenues, type: INTEGER, fr: "Lignes retenues", ar: "الأسطر المقبولة"}
  - {name: lignes_refusees, type: INTEGER, fr: "Lignes refusées", ar: "الأسطر المرفوضة"}
checks:
  - not_null: [membre, nom_fichier, sha256, recu_le, statut]
  - accepted: {column: statut, values: [acceptee, reserves, rejetee, remplacee, doublon]}
  - refers: {column: membre, to: stg_member.membre}
*/
select
    submission_id as soumission,
    member as membre,
    structure,
    periode,
    file_name as nom_fichier,
    sha256,
    received_on as recu_le,
    status as statut,
    rows_read as lignes_lues,
    rows_kept as lignes_retenues,
    rows_refused as lignes_refusees
from stg_submission
order by membre, structure nulls first, periode nulls first, nom_fichier, soumission
