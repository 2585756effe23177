-- Long work over many orders: one row per run, one per order of it with what came of it.

CREATE TABLE runs (
    run_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN
        ('ALLOCATE', 'SPLIT', 'SEND_AVAILABLE', 'APPLY_ALTERNATIVES', 'DIVIDE_NETWORK', 'CANCEL', 'HOLD', 'RELEASE')),
    status text NOT NULL DEFAULT 'QUEUED' CHECK (status IN ('QUEUED', 'RUNNING', 'PAUSED', 'DONE', 'CANCELLED')),
    terms jsonb NOT NULL,
    -- The same key of the same person with the same request is the same run.
    key text,
    request text NOT NULL,
    -- Whose orders they can be only; NULL: anybody's.
    merchants bigint[],
    total integer NOT NULL DEFAULT 0 CHECK (total >= 0),
    done integer NOT NULL DEFAULT 0,
    -- Places up to this one have been tried: the next order is found without looking at them again.
    reached integer NOT NULL DEFAULT 0,
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL,
    beat_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at timestamptz,
    UNIQUE (asked_by, key),
    CONSTRAINT done_within_total CHECK (done >= 0 AND done <= total),
    CONSTRAINT ended_runs_have_an_end CHECK ((status IN ('DONE', 'CANCELLED')) = (ended_at IS NOT NULL))
) WITH (fillfactor = 50);
CREATE INDEX runs_open ON runs (run_id) WHERE ended_at IS NULL;

-- The result is written in the transaction of what was done to the order: it is there exactly if that is.
CREATE TABLE run_orders (
    run_id integer NOT NULL REFERENCES runs,
    place integer NOT NULL CHECK (place > 0),
    order_id bigint REFERENCES orders,
    name text NOT NULL,
    outcome text CHECK (outcome IN ('FULFILLED', 'PARTIALLY', 'BACKORDERED', 'HELD', 'DONE', 'SKIPPED', 'FAILED')),
    status text,
    code text,
    message text,
    facts jsonb NOT NULL DEFAULT '{}',
    tried_at timestamptz,
    PRIMARY KEY (run_id, place),
    CONSTRAINT tried_has_an_outcome CHECK ((outcome IS NULL) = (tried_at IS NULL))
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX an_order_once_per_run ON run_orders (run_id, order_id);
