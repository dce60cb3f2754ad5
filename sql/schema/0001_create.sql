-- What a run keeps from one night to the next: everything read from the
-- submissions, one row per fact, each with its sheet and row. Private: these
-- tables hold names. Derivable from archive and ledger.

create table submission (
    submission_id  varchar primary key, -- 16 hex digits: member, path, content
    seq            integer not null,    -- ledger number; order of receipt
    member         varchar not null,
    role           varchar not null,    -- institution | committee | ngo
    structure      varchar,             -- canonical label
    structure_key  varchar,             -- folded: part of the identity
    region         varchar,             -- HCP code
    province       varchar,
    year           integer,
    quarter        integer,             -- null: the whole year
    template       varchar,
    version        varchar,
    lang           varchar,
    path           varchar not null,
    file_name      varchar not null,
    sha256         varchar not null,
    received_at    timestamp not null,  -- wall clock of the workspace's time zone
    saved_at       timestamp,           -- the workbook's own "last saved"
    status         varchar not null,    -- acceptee | reserves | rejetee | remplacee | doublon
    replaced_by    varchar,             -- submission_id of what took its place, or of what it doubles
    rows_read      integer not null,
    rows_kept      integer not null,
    rows_refused   integer not null,
    own_status     varchar not null,    -- by its content alone: acceptee | reserves | rejetee
    modified_at    timestamp            -- the file's, in the drop folder
);

create table mention (
    submission_id  varchar not null,
    sheet          varchar not null,
    row            integer not null,
    mention_id     varchar primary key, -- submission_id/sheet/row
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

create table service (
    submission_id  varchar not null,
    sheet          varchar not null,
    row            integer not null,
    mention_id     varchar not null,
    service        varchar not null,
    date           date,                -- first possible day; null: not said
    date_precision varchar,
    region         varchar,             -- where it was given
    province       varchar,
    place          varchar,
    targeted       boolean,
    pilot          boolean,
    technical      boolean,
    stream         varchar,
    level          varchar,
    toward         varchar,
    prestations    integer not null
);

create table company (
    submission_id  varchar not null,
    sheet          varchar not null,
    row            integer not null,
    name           varchar,
    name_key       varchar,             -- folded
    ice            varchar,
    locality       varchar,
    province       varchar,
    region         varchar,
    date           date,
    date_precision varchar,
    "by"           varchar,
    asked_contract boolean,
    recruited_women integer,
    recruited_men  integer
);

create table attendance (
    submission_id  varchar not null,
    sheet          varchar not null,
    row            integer not null,
    date           date,
    region         varchar,
    institution    varchar not null,    -- code of the institutions list
    women          integer not null,
    men            integer not null,
    undeclared     integer not null default 0 -- counted without saying the sex
);

create table session (
    submission_id  varchar not null,
    sheet          varchar not null,
    row            integer not null,
    theme          varchar,
    date           date,
    region         varchar,
    institutions   varchar[] not null,
    women          integer,
    men            integer,
    pre_test       double,
    post_test      double,
    respondents    integer,
    satisfied      integer
);

create table declared (
    submission_id  varchar not null,
    sheet          varchar not null,
    row            integer not null,
    cell           varchar not null,
    code           varchar not null,    -- indicator
    year           integer not null,
    quarter        integer,             -- null: the whole year
    region         varchar,
    province       varchar,
    sex            varchar not null,    -- F | H | ND | T
    value          double not null
);

create table coverage (
    submission_id  varchar not null,
    sheet          varchar not null,
    topic          varchar not null,
    year           integer not null,
    quarter        integer,
    region         varchar
);

create table issue (
    submission_id  varchar not null,
    n              integer not null,    -- order in the answer
    code           varchar not null,
    severity       varchar not null,
    sheet          varchar,
    cell           varchar,
    row            integer,
    field          varchar,
    value          varchar,             -- as read: private
    args           varchar              -- JSON object: private
);

create table account (
    submission_id  varchar not null,
    sheet          varchar not null,
    cells          varchar not null,    -- A1 range
    field          varchar,
    outcome        varchar not null,
    reason         varchar
);

create table sheet_tally (
    submission_id  varchar not null,
    sheet          varchar not null,
    read           integer not null,
    kept           integer not null,
    refused        integer not null
);

-- Who is who: which person each mention is. Written by linkage, whole, each run.
create table person_mention (
    mention_id     varchar primary key,
    person_id      varchar not null     -- keyed hash
);

-- Ids ever issued. Not derived: an id, once given, is never given to another.
create table person_registry (
    identity_key   varchar not null,    -- keyed hash of one mention's identity
    person_id      varchar not null,
    since          timestamp not null
);

-- Answers written, so that a crash between publication and answer is caught up.
create table answer (
    submission_id  varchar primary key,
    status         varchar not null,
    fingerprint    varchar not null,    -- of what the answer says
    path           varchar not null     -- below retours/
);
