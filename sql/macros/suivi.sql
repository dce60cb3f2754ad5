/*
description: "Le tableau de suivi d'une année, une ligne par indicateur. Exemple : from suivi(2020)."
description_ar: "جدول التتبع لسنة، سطر لكل مؤشر. مثال: from suivi(2020)."
*/
create macro suivi(an) as table
select
    t.code,
    t.libelle,
    t.unite,
    max(t.valeur_base) filter (t.sexe = 'T') as valeur_base,
    max(t.valeur_annee_precedente) filter (t.sexe = 'T') as valeur_annee_precedente,
    max(t.valeur_annee) filter (t.sexe = 'T') as valeur_annee,
    max(t.valeur_annee) filter (t.sexe = 'F') as dont_femmes,
    max(t.cible_annee) filter (t.sexe = 'T') as cible_annee,
    max(t.cible_finale) filter (t.sexe = 'T') as cible_finale,
    max(t.taux_realisation) filter (t.sexe = 'T') as taux_realisation,
    max(t.statut) filter (t.sexe = 'T') as statut
from tableau_de_suivi as t
join indicateurs as i using (code)
where t.annee = an
group by i.ordre, t.code, t.libelle, t.unite
order by i.ordre
