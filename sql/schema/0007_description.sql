-- What each mention says of a person, as keyed hashes (pipeline/run/description.go):
-- made once, the night it is first linked. Derived; never carried over, as hashes of
-- what was purged are to be gone with it.
create table description (
    submission_id  varchar not null,
    mention_id     varchar not null,
    keys           varchar not null,    -- exact, placed and, if it has one, core: 32 hex digits each
    thin           boolean not null
);

-- Two tables lose their index of mentions: a check holds each mention to one row,
-- and keeping the index cost more than all that is written of a night.
create table indexed_mention as from mention;
drop table mention;
create table mention (
    submission_id  varchar not null,
    sheet          varchar not null,
    row            integer not null,
    mention_id     varchar not null,    -- submission_id/sheet/row
    family_name    varchar,
    given_name     varchar,
    full_name      varchar,
    sex            varchar not null,    -- F | H | ND
    birth_date     date,                -- first possible day
    birth_precision varchar,            -- jour | mois | annee
    nationality    varchar,             -- ISO 3166-1 alpha-3
    status         varchar,
    doc_type       varchar,
    doc_number     varchar,
    phone          varchar,             -- E.164
    email          varchar,
    locality       varchar,
    province       varchar,
    region         varchar,
    member_ref     varchar
);
insert into mention by name from indexed_mention order by rowid;
drop table indexed_mention;

create table indexed_person_mention as from person_mention;
drop table person_mention;
create table person_mention (
    mention_id     varchar not null,
    person_id      varchar not null     -- keyed hash
);
insert into person_mention by name from indexed_person_mention order by rowid;
drop table indexed_person_mention;
