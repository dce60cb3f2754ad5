/*
description: Which person each mention is, as linkage found.
grain: [mention_id]
by: person_id
*/
select mention_id, person_id
from person_mention
