-- Who works for the queue, what each of them is at, and what was put aside so that the rest goes on.
-- The jobs themselves stand in the tables of pgqueuer, which `migrate` installs and upgrades.

-- The version of pgqueuer whose tables stand in this database; one row.
CREATE TABLE job_tables (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    version text NOT NULL
);

-- A worker signs on, beats every second and signs off; one that no longer beats was killed or cut off.
CREATE TABLE workers (
    worker_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    host text NOT NULL,
    pid integer NOT NULL,
    version text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    beat_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 50);

-- What a worker is at. It strikes the row when it is through, however that ends: a row of a worker that no
-- longer beats says that this piece of work may have killed it.
CREATE TABLE job_runs (
    run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    worker_id bigint NOT NULL,
    job text NOT NULL,
    subject text NOT NULL,
    order_id bigint,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 50);
CREATE INDEX job_runs_by_job ON job_runs (job, subject);

-- Work that rests: until a moment, or, without one, until a person retries it.
CREATE TABLE parked_jobs (
    job text NOT NULL,
    subject text NOT NULL,
    because text NOT NULL,
    times integer NOT NULL DEFAULT 1 CHECK (times > 0),
    parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    until timestamptz,
    PRIMARY KEY (job, subject)
);

-- What failed, told once each: the same failure again only counts up.
CREATE TABLE job_failures (
    job text NOT NULL,
    subject text NOT NULL,
    error text NOT NULL,
    message text NOT NULL,
    times integer NOT NULL DEFAULT 1 CHECK (times > 0),
    first_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (job, subject, error, message)
);

-- Orders that made a piece of work fail: it goes on without them until a person has looked at them.
CREATE TABLE orders_set_aside (
    order_id bigint PRIMARY KEY REFERENCES orders,
    job text NOT NULL,
    error text NOT NULL,
    message text NOT NULL,
    set_aside_by text NOT NULL,
    set_aside_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Who changed which business setting from what to what.
CREATE TABLE business_setting_changes (
    change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    before jsonb NOT NULL,
    after jsonb NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON business_setting_changes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_history();
