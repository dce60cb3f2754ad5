/*
description: The values of every code list.
grain: [liste, code]
*/
select list as liste, code, name_fr as nom_fr, name_ar as nom_ar
from ref_code
