/*
description: >
  The catalogue of indicators. mesure is what is counted; calcul is how the
  value comes from numerator and denominator (compte: N, taux: 100 N/D, moyenne:
  N/D); declaree marks what members only declare, with no list behind.
  services_numerateur and services_denominateur name the services whose persons
  are counted, all of them, or "parmi" them some; chk_services_are_those_counted
  keeps them true.
grain: [code]
*/
select
    cast(ordre as integer) as ordre,
    code,
    code_complet,
    resultat,
    libelle,
    libelle_ar,
    unite,
    desagrege_sexe = 'oui' as desagrege_sexe,
    mesure,
    calcul,
    declaree = 'oui' as declaree,
    definition,
    definition_ar,
    numerateur,
    numerateur_ar,
    denominateur,
    denominateur_ar,
    services_numerateur,
    services_denominateur,
    cast(valeur_base as double) as valeur_base,
    cast(cible_finale as double) as cible_finale,
    sources
from seed_indicateurs
