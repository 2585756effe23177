-- What needs a person: a row for each condition, from when it begins until it ends.
SET lock_timeout = '5s';

CREATE TABLE alerts (
    alert_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    subject text NOT NULL,
    facts jsonb NOT NULL,
    raised_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at timestamptz
);
-- Two who see a condition at the same time raise one alert.
CREATE UNIQUE INDEX one_open_alert ON alerts (kind, subject) WHERE ended_at IS NULL;

-- Whoever looks for conditions holds the one row; it says when a worker was seen alive last.
CREATE TABLE alert_watch (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    workers_seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 50);
INSERT INTO alert_watch DEFAULT VALUES;

-- Holds of the last week are counted often, among all that happened.
CREATE INDEX fulfillment_events_of_holds ON fulfillment_events (occurred_at)
    WHERE type IN ('order:held', 'order:escalated');
