-- Small facts a run keeps for the next one, by name.
create table durable (
    key varchar primary key, value varchar not null
);
