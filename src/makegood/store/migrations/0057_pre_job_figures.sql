-- What the workers did, summed up for whoever watches: they add to it with their beat, and /metrics reads it.
-- One row for each job of the catalogue; `took` counts how many ended within each bound of time, the last those beyond.
SET lock_timeout = '5s';

CREATE TABLE job_figures (
    job text PRIMARY KEY,
    times bigint NOT NULL,
    failures bigint NOT NULL,
    seconds double precision NOT NULL,
    lines bigint NOT NULL,
    units bigint NOT NULL,
    took bigint[] NOT NULL
) WITH (fillfactor = 50);
