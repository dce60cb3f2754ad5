-- Person pairs that a human should decide, as the last linkage left them. Private:
-- the evidence holds what is compared. Derived, whole, each run.
create table review_question (
    question_id    varchar primary key, -- keyed hash of the two descriptions shown: the same as long as they are
    merged         boolean not null,    -- counted as one person at present
    weight         double not null,     -- mean over all pairs of the two persons, bits
    mention_a      varchar not null,    -- the pair shown: the one most for it
    mention_b      varchar not null,
    pair_weight    double not null,
    evidence       varchar not null,    -- JSON: the pair's waterfall
    since          integer not null     -- edition that first asked
);
create table review_part (
    question_id    varchar not null,
    part           varchar not null,    -- A | B
    mention_id     varchar not null
);
-- Decisions that other decisions contradict: ledger numbers.
create table review_contradiction (
    seq            integer primary key
);

-- Merges and splits of persons, and their cause. Not derived: what a person went
-- under before is known only by the run that changed it.
create table person_change (
    edition        integer not null,
    day            date not null,
    kind           varchar not null,    -- fusion | scission
    from_id        varchar not null,    -- the id some mentions went under
    into_id        varchar not null,    -- the id they go under since
    mentions       integer not null,    -- how many moved
    cause          varchar not null,    -- decision | envoi | modele
    detail         varchar              -- ledger numbers of the decisions, receipt numbers of the files
);
