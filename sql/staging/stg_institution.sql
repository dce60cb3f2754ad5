/*
description: The institutions invited to the committees.
grain: [code]
*/
select code, name_fr as nom_fr, name_ar as nom_ar, state
from ref_institution
