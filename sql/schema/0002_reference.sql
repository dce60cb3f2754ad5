-- What a run lays down before deriving anything: code lists, settings, and what
-- the ledger knows. Emptied and filled again by every run; never read from a
-- workbook.

create table ref_member (
    member varchar primary key, role varchar not null, name_fr varchar not null, name_ar varchar
);
create table ref_region (
    code varchar primary key, name_fr varchar not null, name_ar varchar
);
create table ref_province (
    code varchar primary key, name_fr varchar not null, name_ar varchar, kind varchar, region varchar not null
);
create table ref_institution (
    code varchar primary key, name_fr varchar not null, name_ar varchar, state boolean not null
);
-- Every code list, by name: nationality, status, stream, centre, agency, ...
create table ref_code (
    list varchar not null, code varchar not null, name_fr varchar not null, name_ar varchar
);
-- The publishable title of each rule that can appear in anomalies.
create table ref_rule (
    code varchar primary key, title_fr varchar not null, title_ar varchar
);
-- What is expected of whom, from cp3.yaml.
create table expected (
    member varchar not null, structure varchar, year integer not null, quarter integer, due date not null
);
-- as_of: the day the edition speaks of, from the ledger; others as needed.
create table setting (
    key varchar primary key, value varchar not null
);
-- One row per run that published, from the ledger.
create table run_log (
    run_id varchar primary key, -- derived from the run's inputs, not from the clock
    n integer not null, day date not null, kind varchar not null,
    received integer not null, accepted integer not null, reserved integer not null, rejected integer not null,
    version varchar not null
);
-- Values that changed from one edition to the next, from the ledger.
create table revision_log (
    edition integer not null, published_on date not null, code varchar not null, year integer not null, quarter integer,
    region varchar, sex varchar not null, before double, after double, cause varchar
);
