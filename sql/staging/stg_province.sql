/*
description: The provinces and prefectures.
grain: [code]
*/
select code, name_fr as nom_fr, name_ar as nom_ar, kind, region
from ref_province
