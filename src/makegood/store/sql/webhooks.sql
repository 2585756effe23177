-- add_endpoint --
-- Keep a new endpoint and give its number.
INSERT INTO webhook_endpoints (url, note, types, merchants, secret, made_by, made_at)
VALUES (%(url)s, %(note)s, %(types)s::text[], %(limited)s::bigint[], %(secret)s, %(made_by)s, %(as_of)s)
RETURNING endpoint_id;

-- any_active_endpoint --
-- Tell whether anybody is told anything.
SELECT EXISTS (SELECT FROM webhook_endpoints WHERE active);

-- endpoints --
-- Read one endpoint, or all, the oldest first; who is limited to merchants sees those that are limited within them.
SELECT e.endpoint_id, e.url, e.note, e.types, e.merchants, e.active, e.disabled_because, e.failures, e.failing_since,
       CASE WHEN e.secret_before_until > clock_timestamp() THEN e.secret_before_until END, e.made_by, e.made_at,
       (SELECT count(*) FROM webhook_deliveries d WHERE d.endpoint_id = e.endpoint_id AND d.state = 'WAITING'),
       (SELECT count(*) FROM webhook_deliveries d WHERE d.endpoint_id = e.endpoint_id AND d.state = 'FAILED')
FROM webhook_endpoints e
WHERE (%(endpoint)s::bigint IS NULL OR e.endpoint_id = %(endpoint)s::bigint)
  AND (%(merchants)s::bigint[] IS NULL OR e.merchants <@ %(merchants)s::bigint[])
ORDER BY e.endpoint_id;

-- endpoint_columns --
-- Read what can be edited of an endpoint, held until the end of the transaction.
SELECT jsonb_build_object('url', url, 'note', note, 'types', types, 'merchants', merchants)
FROM webhook_endpoints WHERE endpoint_id = %(endpoint)s FOR NO KEY UPDATE;

-- edit_endpoint --
-- Change where messages go, which, and of whom.
UPDATE webhook_endpoints
SET url = %(url)s, note = %(note)s, types = %(types)s::text[], merchants = %(limited)s::bigint[]
WHERE endpoint_id = %(endpoint)s;

-- rotate_secret --
-- Let a new secret sign, and the one before for some hours as well.
UPDATE webhook_endpoints
SET secret = %(secret)s, secret_before = secret,
    secret_before_until = clock_timestamp() + make_interval(hours => %(hours)s)
WHERE endpoint_id = %(endpoint)s;

-- enable_endpoint --
-- Put an endpoint into service.
UPDATE webhook_endpoints SET active = true, disabled_because = NULL, failures = 0, failing_since = NULL
WHERE endpoint_id = %(endpoint)s;

-- deliver_at_once --
-- Let what waits for an endpoint be due now, with all its tries before it.
UPDATE webhook_deliveries SET due_at = clock_timestamp(), tries = 0
WHERE endpoint_id = %(endpoint)s AND state = 'WAITING';

-- disable_endpoint --
-- Take an endpoint out of service by hand.
UPDATE webhook_endpoints SET active = false WHERE endpoint_id = %(endpoint)s;

-- remove_endpoint --
-- Remove an endpoint with all that was sent to it.
DELETE FROM webhook_endpoints WHERE endpoint_id = %(endpoint)s;

-- derive_deliveries --
-- Make a delivery of each event for each endpoint in service that means it.
INSERT INTO webhook_deliveries (endpoint_id, message_id, type, event_id)
SELECT e.endpoint_id, 'evt_' || n.event_id, replace(n.type, ':', '.'), n.event_id
FROM unnest(%(ids)s::bigint[], %(types)s::text[], %(whose)s::bigint[]) WITH ORDINALITY
    AS n (event_id, type, merchant_id, place)
JOIN webhook_endpoints e ON e.active
    AND (e.types IS NULL OR replace(n.type, ':', '.') = ANY (e.types))
    AND (e.merchants IS NULL OR n.merchant_id = ANY (e.merchants))
ORDER BY n.place, e.endpoint_id
ON CONFLICT (endpoint_id, message_id) DO NOTHING;

-- announce --
-- Make a delivery of something that concerns the whole house for each endpoint in service that means it.
INSERT INTO webhook_deliveries (endpoint_id, message_id, type, body)
SELECT e.endpoint_id, %(message)s, %(type)s, %(body)s
FROM webhook_endpoints e
WHERE e.active AND e.merchants IS NULL AND (e.types IS NULL OR %(type)s = ANY (e.types))
ORDER BY e.endpoint_id
ON CONFLICT (endpoint_id, message_id) DO NOTHING;

-- add_delivery --
-- Make a delivery to one endpoint.
INSERT INTO webhook_deliveries (endpoint_id, message_id, type, body)
VALUES (%(endpoint)s, %(message)s, %(type)s, %(body)s)
RETURNING delivery_id;

-- take_parcels --
-- Take messages that are due, a few of each endpoint, and of one that fails one at a time.
WITH flying AS (
    SELECT endpoint_id, count(*) AS count FROM webhook_deliveries
    WHERE leased_until > clock_timestamp() GROUP BY endpoint_id
), room AS (
    SELECT e.endpoint_id,
           GREATEST(CASE WHEN e.failures > 0 THEN 1 ELSE %(each)s::bigint END - COALESCE(f.count, 0), 0) AS places
    FROM webhook_endpoints e LEFT JOIN flying f USING (endpoint_id)
    WHERE e.active
    ORDER BY random()
), next AS (
    SELECT d.delivery_id
    FROM room r CROSS JOIN LATERAL (
        SELECT delivery_id FROM webhook_deliveries
        WHERE endpoint_id = r.endpoint_id AND state = 'WAITING' AND due_at <= clock_timestamp()
          AND (leased_until IS NULL OR leased_until <= clock_timestamp())
        ORDER BY due_at, delivery_id
        LIMIT r.places
        FOR NO KEY UPDATE SKIP LOCKED
    ) d
    LIMIT %(most)s
)
UPDATE webhook_deliveries d
SET leased_until = clock_timestamp() + make_interval(secs => %(seconds)s),
    attempts = d.attempts + 1, tries = d.tries + 1
FROM next n, webhook_endpoints e
WHERE d.delivery_id = n.delivery_id AND e.endpoint_id = d.endpoint_id
RETURNING d.delivery_id, d.endpoint_id, d.attempts, d.tries, d.message_id, d.type, e.url,
          array_remove(ARRAY[e.secret, CASE WHEN e.secret_before_until > clock_timestamp() THEN e.secret_before END],
                       NULL);

-- bodies --
-- Read what some deliveries tell: a body that was kept, else an event.
SELECT d.delivery_id, d.body, d.type, f.occurred_at, f.transaction_id::text || '-' || f.event_id, f.order_id, o.number,
       m.code, f.payload, f.trigger_sources, f.attempt_id, f.actor
FROM webhook_deliveries d
LEFT JOIN fulfillment_events f USING (event_id)
LEFT JOIN orders o USING (order_id)
LEFT JOIN merchants m USING (merchant_id)
WHERE d.delivery_id = ANY (%(deliveries)s::bigint[]);

-- any_parcel_due --
-- Tell whether a message to an endpoint in service is due and nobody is at it.
SELECT EXISTS (
    SELECT FROM webhook_endpoints e
    WHERE e.active AND EXISTS (
        SELECT FROM webhook_deliveries d
        WHERE d.endpoint_id = e.endpoint_id AND d.state = 'WAITING' AND d.due_at <= clock_timestamp()
          AND (d.leased_until IS NULL OR d.leased_until <= clock_timestamp())));

-- note_failures --
-- Count failures in a row of endpoints, in the order of their ids.
UPDATE webhook_endpoints e
SET failures = e.failures + n.count, failing_since = COALESCE(e.failing_since, clock_timestamp())
FROM (SELECT id, count(*) FROM unnest(%(endpoints)s::bigint[]) AS u (id) GROUP BY id ORDER BY id) AS n (id, count)
WHERE e.endpoint_id = n.id AND e.endpoint_id = ANY (%(endpoints)s::bigint[]);

-- note_successes --
-- End the row of failures of endpoints.
UPDATE webhook_endpoints SET failures = 0, failing_since = NULL
WHERE endpoint_id = ANY (%(endpoints)s::bigint[]) AND failures > 0;

-- give_up_endpoints --
-- Take endpoints out of service that are gone, or that took nothing for too long.
UPDATE webhook_endpoints e
SET active = false,
    disabled_because = CASE WHEN e.endpoint_id = ANY (%(gone)s::bigint[]) THEN 'it answered 410 Gone'
        ELSE 'it took nothing since ' || to_char(e.failing_since AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC'
        END
WHERE e.active AND (e.endpoint_id = ANY (%(gone)s::bigint[])
    OR e.failures >= %(least)s AND e.failing_since <= clock_timestamp() - make_interval(hours => %(hours)s))
RETURNING e.endpoint_id;

-- note_attempts --
-- Put on record what came of tries.
INSERT INTO webhook_attempts (delivery_id, attempt, status, error, answer, seconds)
SELECT n.delivery_id, n.attempt, n.status, n.error, n.answer, n.seconds
FROM unnest(%(deliveries)s::bigint[], %(attempts)s::int[], %(statuses)s::int[], %(errors)s::text[],
            %(answers)s::text[], %(seconds)s::real[]) AS n (delivery_id, attempt, status, error, answer, seconds)
-- Its endpoint may have been removed while it was under way.
WHERE EXISTS (SELECT FROM webhook_deliveries d WHERE d.delivery_id = n.delivery_id)
ON CONFLICT DO NOTHING;

-- close_parcels --
-- Say how deliveries stand after a try, unless somebody else has taken them since.
UPDATE webhook_deliveries d
SET state = n.state, leased_until = NULL,
    due_at = clock_timestamp() + make_interval(secs => COALESCE(n.pause, 0)),
    done_at = CASE WHEN n.state <> 'WAITING' THEN clock_timestamp() END
FROM unnest(%(deliveries)s::bigint[], %(attempts)s::int[], %(states)s::text[], %(pauses)s::float8[])
    AS n (delivery_id, attempt, state, pause)
WHERE d.delivery_id = n.delivery_id AND d.delivery_id = ANY (%(deliveries)s::bigint[])
  AND d.attempts = n.attempt AND d.state = 'WAITING';

-- deliveries --
-- List deliveries, the latest first, with what came of the last try.
SELECT d.delivery_id, d.endpoint_id, d.message_id, d.type, d.state, d.attempts, d.made_at,
       CASE WHEN d.state = 'WAITING' THEN d.due_at END, d.done_at, a.status, COALESCE(a.error, '')
FROM webhook_deliveries d
JOIN webhook_endpoints e USING (endpoint_id)
LEFT JOIN LATERAL (
    SELECT status, error FROM webhook_attempts t WHERE t.delivery_id = d.delivery_id ORDER BY t.attempt DESC LIMIT 1
) a ON true
WHERE (%(endpoint)s::bigint IS NULL OR d.endpoint_id = %(endpoint)s::bigint)
  AND (%(delivery)s::bigint IS NULL OR d.delivery_id = %(delivery)s::bigint)
  AND (%(state)s::text IS NULL OR d.state = %(state)s::text)
  AND (%(before)s::bigint IS NULL OR d.delivery_id < %(before)s::bigint)
  AND (%(merchants)s::bigint[] IS NULL OR e.merchants <@ %(merchants)s::bigint[])
ORDER BY d.delivery_id DESC
LIMIT %(most)s;

-- delivery_attempts --
-- List what came of each try of a delivery.
SELECT attempt, tried_at, status, error, answer, seconds FROM webhook_attempts
WHERE delivery_id = %(delivery)s ORDER BY attempt;

-- replay_delivery --
-- Let a delivery wait again with all its tries before it; one that is under way stays with whoever has it.
UPDATE webhook_deliveries SET state = 'WAITING', tries = 0, due_at = clock_timestamp(), done_at = NULL
WHERE delivery_id = %(delivery)s;

-- replay_events --
-- Deliver the events since a moment to an endpoint: those that it got before once more. Events that are not final yet
-- are left to whoever follows them.
INSERT INTO webhook_deliveries AS d (endpoint_id, message_id, type, event_id)
SELECT e.endpoint_id, 'evt_' || f.event_id, replace(f.type, ':', '.'), f.event_id
FROM webhook_endpoints e
JOIN fulfillment_events f ON f.recorded_at >= %(since)s AND (e.types IS NULL OR replace(f.type, ':', '.') = ANY (e.types))
JOIN orders o USING (order_id)
WHERE e.endpoint_id = %(endpoint)s AND (e.merchants IS NULL OR o.merchant_id = ANY (e.merchants))
  AND f.transaction_id < (SELECT events_are_final_before())
ORDER BY f.transaction_id, f.event_id
ON CONFLICT (endpoint_id, message_id) DO UPDATE
SET state = 'WAITING', tries = 0, due_at = clock_timestamp(), done_at = NULL;

-- replay_others --
-- Deliver once more what an endpoint was told since a moment that is no event.
UPDATE webhook_deliveries SET state = 'WAITING', tries = 0, due_at = clock_timestamp(), done_at = NULL
WHERE endpoint_id = %(endpoint)s AND event_id IS NULL AND made_at >= %(since)s;

-- tidy_deliveries --
-- Drop a batch of deliveries that were done with long ago.
DELETE FROM webhook_deliveries
WHERE delivery_id IN (SELECT delivery_id FROM webhook_deliveries WHERE done_at < now() - interval '30 days'
                      ORDER BY done_at, delivery_id LIMIT %(most)s);
