/*
description: "Une valeur publiée ; NULL si personne ne l'a rapportée. Sans autre précision : toute l'année, toute la nation, tous les sexes. Exemple : select valeur_de('1.2', 2020, sexe_voulu := 'F', region_voulue := '04', trimestre_voulu := 1)."
description_ar: "قيمة منشورة واحدة؛ فارغة إذا لم يبلغ عنها أحد. بلا تحديد: السنة كاملة والوطن وكل الجنسين. مثال: select valeur_de('1.2', 2020, sexe_voulu := 'F')."
*/
create macro valeur_de(indicateur, an, sexe_voulu := 'T', region_voulue := null, trimestre_voulu := null) as (
    select v.valeur
    from valeurs as v
    where v.code = indicateur and v.annee = an and v.sexe = sexe_voulu
        and v.region is not distinct from region_voulue
        and v.trimestre is not distinct from trimestre_voulu
)
