-- Webhooks: who is told over HTTP of what happens, each message to them, and every try to deliver it.
SET lock_timeout = '5s';

-- `types` NULL means all, and so does `merchants`. The secret signs, so it is kept as it is; after a rotation the one
-- before signs as well until a moment. `disabled_because` is set where the house took an endpoint out of service.
CREATE TABLE webhook_endpoints (
    endpoint_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    url text NOT NULL CHECK (url <> ''),
    note text NOT NULL,
    types text[] CHECK (cardinality(types) > 0),
    merchants bigint[] CHECK (cardinality(merchants) > 0),
    active boolean NOT NULL DEFAULT true,
    disabled_because text CHECK (disabled_because IS NULL OR NOT active),
    secret text NOT NULL,
    secret_before text,
    secret_before_until timestamptz,
    failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
    failing_since timestamptz CHECK ((failing_since IS NULL) = (failures = 0)),
    made_by text NOT NULL,
    made_at timestamptz NOT NULL
) WITH (fillfactor = 50);

-- A message to one endpoint. One about an event is made of the event's row, which never changes; others bring their
-- body. It is tried until `tries` are used up; `attempts` goes on counting when it is replayed. Whoever tries it
-- holds it until `leased_until`.
CREATE TABLE webhook_deliveries (
    delivery_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    endpoint_id bigint NOT NULL REFERENCES webhook_endpoints ON DELETE CASCADE,
    message_id text NOT NULL,
    type text NOT NULL,
    event_id bigint REFERENCES fulfillment_events,
    body text CHECK ((body IS NULL) <> (event_id IS NULL)),
    state text NOT NULL DEFAULT 'WAITING' CHECK (state IN ('WAITING', 'DELIVERED', 'FAILED')),
    tries integer NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    leased_until timestamptz,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    done_at timestamptz CHECK ((done_at IS NULL) = (state = 'WAITING')),
    UNIQUE (endpoint_id, message_id)
) WITH (fillfactor = 80);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, due_at, delivery_id) WHERE state = 'WAITING';
CREATE INDEX webhook_deliveries_leased ON webhook_deliveries (leased_until) WHERE leased_until IS NOT NULL;
CREATE INDEX webhook_deliveries_failed ON webhook_deliveries (endpoint_id) WHERE state = 'FAILED';
CREATE INDEX webhook_deliveries_of_endpoint ON webhook_deliveries (endpoint_id, delivery_id);
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (done_at) WHERE done_at IS NOT NULL;

-- What came of each try. A number that is missing was a try whose worker was killed.
CREATE TABLE webhook_attempts (
    delivery_id bigint NOT NULL REFERENCES webhook_deliveries ON DELETE CASCADE,
    attempt integer NOT NULL,
    tried_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    status integer,
    error text NOT NULL,
    answer text NOT NULL,
    seconds real NOT NULL,
    PRIMARY KEY (delivery_id, attempt)
);
