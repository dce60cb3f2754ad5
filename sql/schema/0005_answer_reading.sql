-- What a submission was understood to say when it was answered: a fingerprint of
-- its issues. When a decision or a new declaration makes it say something else,
-- it is answered again. Null: answered before this was kept.
alter table answer add column reading varchar;
