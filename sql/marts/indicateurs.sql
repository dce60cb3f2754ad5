/*
description: Le catalogue des 25 indicateurs du cadre de résultats, avec leur définition et leurs sources.
description_ar: فهرس المؤشرات الخمسة والعشرين لإطار النتائج، مع تعاريفها ومصادرها.
grain: [code]
columns:
  - {name: ordre, type: INTEGER, fr: "Rang dans le tableau de suivi", ar: "الترتيب في جدول التتبع"}
  - {name: code, type: VARCHAR, fr: "Code court", ar: "الرمز المختصر"}
  - {name: code_complet, type: VARCHAR, fr: "Code dans le cadre de résultats du projet", ar: "الرمز في إطار نتائج المشروع"}
  - {name: resultat, type: VARCHAR, fr: "Objectif ou résultat auquel l'indicateur répond", ar: "الهدف أو النتيجة التي يستجيب لها المؤشر"}
  - {name: libelle, type: VARCHAR, fr: "Libellé", ar: "التسمية بالفرنسية"}
  - {name: libelle_ar, type: VARCHAR, fr: "Libellé en arabe", ar: "التسمية بالعربية"}
  - {name: unite, type: VARCHAR, fr: "nombre ou pourcentage", ar: "عدد (nombre) أو نسبة مئوية (pourcentage)"}
  - {name: desagrege_sexe, type: BOOLEAN, fr: "Le tableau de suivi le présente par sexe", ar: "يُعرض حسب الجنس في جدول التتبع"}
  - {name: mesure, type: VARCHAR, fr: "Ce qui est compté : personnes, entreprises, institutions, sessions, ou une simple declaration des membres", ar: "ما يُحتسب: personnes أشخاص، entreprises مقاولات، institutions مؤسسات، sessions دورات، أو declaration مجرد تصريح"}
  - {name: calcul, type: VARCHAR, fr: "compte : le numérateur ; taux : 100 x numérateur / dénominateur ; moyenne : numérateur / dénominateur", ar: "compte: البسط؛ taux: 100 × البسط / المقام؛ moyenne: البسط / المقام"}
  - {name: definition, type: VARCHAR, fr: "Définition", ar: "التعريف بالفرنسية"}
  - {name: definition_ar, type: VARCHAR, fr: "Définition en arabe", ar: "التعريف بالعربية"}
  - {name: numerateur, type: VARCHAR, fr: "Ce que compte le numérateur", ar: "ما يحتسبه البسط، بالفرنسية"}
  - {name: numerateur_ar, type: VARCHAR, fr: "Ce que compte le numérateur, en arabe", ar: "ما يحتسبه البسط، بالعربية"}
  - {name: denominateur, type: VARCHAR, fr: "Ce que compte le dénominateur ; vide : il n'y en a pas", ar: "ما يحتسبه المقام، بالفرنسية؛ فارغ: لا مقام"}
  - {name: denominateur_ar, type: VARCHAR, fr: "Ce que compte le dénominateur, en arabe", ar: "ما يحتسبه المقام، بالعربية"}
  - {name: services_numerateur, type: VARCHAR, fr: "Services dont le numérateur compte toutes les personnes, ou, après « parmi », une partie (codes de la table activites)", ar: "الخدمات التي يحتسب البسط كل المستفيدين منها، أو بعضهم بعد كلمة parmi (رموز جدول activites)"}
  - {name: services_denominateur, type: VARCHAR, fr: "De même pour le dénominateur", ar: "الأمر نفسه بالنسبة للمقام"}
  - {name: valeur_base, type: DOUBLE, fr: "Valeur de base du projet ; vide : le rapport n'en donne pas", ar: "القيمة الأساسية للمشروع؛ فارغة: غير واردة في التقرير"}
  - {name: cible_finale, type: DOUBLE, fr: "Cible à la fin du projet", ar: "الهدف عند نهاية المشروع"}
  - {name: sources, type: VARCHAR, fr: "Feuilles des membres d'où vient l'indicateur", ar: "أوراق الأعضاء التي يُستخرج منها المؤشر"}
checks:
  - not_null: [ordre, code_complet, resultat, libelle, libelle_ar, unite, mesure, calcul, definition, definition_ar, sources]
  - accepted: {column: unite, values: [nombre, pourcentage]}
  - accepted: {column: mesure, values: [personnes, entreprises, institutions, sessions, declaration]}
  - accepted: {column: calcul, values: [compte, taux, moyenne]}
*/
select * exclude (declaree)
from stg_indicator
order by ordre
