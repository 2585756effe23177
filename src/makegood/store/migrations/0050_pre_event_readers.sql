-- The events are the outbox: each reader has a row that says up to which event it has done what follows from them.
-- It is moved in the transaction of what was done.
SET lock_timeout = '5s';

CREATE TABLE event_readers (
    name text PRIMARY KEY CHECK (name <> ''),
    transaction_id xid8 NOT NULL,
    event_id bigint NOT NULL,
    moved_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 50);
