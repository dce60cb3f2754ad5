/*
description: The publishable title of each rule of reading.
grain: [regle]
*/
select code as regle, title_fr, title_ar
from ref_rule
