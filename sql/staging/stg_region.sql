/*
description: The regions.
grain: [code]
*/
select code, name_fr as nom_fr, name_ar as nom_ar
from ref_region
