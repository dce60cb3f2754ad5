/*
description: The members and their roles.
grain: [membre]
*/
select member as membre, role, name_fr as nom_fr, name_ar as nom_ar
from ref_member
