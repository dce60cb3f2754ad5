-- The values of the edition in place, laid by the run before it derives the next:
-- what changed is their difference with the new ones. Empty for the first edition,
-- and when an edition is rebuilt (its revisions are in revision_log already).
create table previous_value (
    code varchar not null, year integer not null, quarter integer, region varchar, sex varchar not null, value double
);
