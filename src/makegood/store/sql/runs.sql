-- add_run --
-- Open a run that has no orders yet.
INSERT INTO runs (kind, terms, key, request, merchants, asked_by, asked_at)
VALUES (%(kind)s, %(terms)s, %(key)s, %(request)s, %(merchants)s::bigint[], %(asked_by)s, %(asked_at)s)
RETURNING run_id;

-- run_under_key --
-- Find what a person asked under a key.
SELECT run_id, request FROM runs WHERE key = %(key)s AND asked_by = %(asked_by)s;

-- choose_orders --
-- List the orders that pass every filter.
SELECT o.order_id
FROM orders o
JOIN warehouses w USING (warehouse_id)
JOIN merchants m USING (merchant_id)
WHERE (%(statuses)s::text[] IS NULL OR o.status = ANY (%(statuses)s::text[]))
  AND (%(merchants)s::bigint[] IS NULL OR o.merchant_id = ANY (%(merchants)s::bigint[]))
  AND (%(priority)s::smallint IS NULL OR o.priority = %(priority)s::smallint)
  AND (%(warehouse)s::text IS NULL OR w.code = %(warehouse)s::text)
  AND (%(merchant)s::text IS NULL OR m.code = %(merchant)s::text)
  AND (%(customer)s::text IS NULL
       OR strpos(lower(concat_ws(' ', o.customer_reference, o.customer_name, o.customer_email)),
                 lower(btrim(%(customer)s::text))) > 0)
  AND (%(sku)s::text IS NULL OR EXISTS (
      SELECT FROM order_lines l LEFT JOIN variants v USING (variant_id)
      WHERE l.order_id = o.order_id AND lower(btrim(%(sku)s::text)) IN (v.sku_key, lower(btrim(l.sku_text)))));

-- add_run_orders --
-- Put orders into a run in the order in which they are served; their names say the merchant, so that none is mistaken.
INSERT INTO run_orders (run_id, place, order_id, name)
SELECT %(run)s,
       row_number() OVER (
           ORDER BY (SELECT min(l.rank_priority) FROM order_lines l WHERE l.order_id = o.order_id),
                    o.placed_at, o.root_order_id, o.order_id),
       o.order_id, m.code || '/' || o.number
FROM orders o JOIN merchants m USING (merchant_id)
WHERE o.order_id = ANY (%(orders)s::bigint[]);

-- add_unknown_orders --
-- Add names that stand for no order, or for several, at the end of a run: tried, and failed.
INSERT INTO run_orders (run_id, place, name, outcome, code, message, tried_at)
SELECT %(run)s, %(after)s + n.place, n.name, 'FAILED', n.code, n.message, clock_timestamp()
FROM unnest(%(names)s::text[], %(codes)s::text[], %(messages)s::text[]) WITH ORDINALITY
    AS n (name, code, message, place);

-- set_run_size --
-- Note how many orders a run has; one without any that could be tried has ended.
UPDATE runs
SET total = %(total)s, done = %(done)s,
    status = CASE WHEN %(total)s::int = %(done)s::int THEN 'DONE' ELSE status END,
    ended_at = CASE WHEN %(total)s::int = %(done)s::int THEN clock_timestamp() END
WHERE run_id = %(run)s;

-- runs_to_serve --
-- List the runs that go on, the oldest first, with how many workers died at each.
SELECT r.run_id, r.asked_by, (
           SELECT count(*) FROM job_runs j
           WHERE j.job = %(job)s AND j.subject = r.run_id::text
             AND NOT EXISTS (SELECT FROM workers w WHERE w.worker_id = j.worker_id
                             AND w.beat_at > clock_timestamp() - make_interval(secs => %(patience)s)))
FROM runs r
WHERE r.ended_at IS NULL AND r.status <> 'PAUSED'
ORDER BY r.run_id;

-- claim_run --
-- Take a run for this transaction, unless somebody else has it: the lock goes with whoever holds it, however that ends.
-- Whoever falls silent in the middle of an order is cut off by the server.
SELECT pg_try_advisory_xact_lock(7204, %(run)s::int),
       set_config('idle_in_transaction_session_timeout', '60s', true);

-- next_of_run --
-- Read the next order of a run that goes on.
SELECT r.kind, r.terms, o.place, o.name, o.order_id
FROM runs r
JOIN LATERAL (
    SELECT * FROM run_orders x
    WHERE x.run_id = r.run_id AND x.place > r.reached AND x.outcome IS NULL
    ORDER BY x.place LIMIT 1
) o ON true
WHERE r.run_id = %(run)s AND r.ended_at IS NULL AND r.status <> 'PAUSED';

-- note_result --
-- Write what came of one order, and how far its run has come with it; a run that was paused or cancelled stays so.
WITH noted AS (
    UPDATE run_orders
    SET outcome = %(outcome)s, status = %(order_status)s, code = %(code)s, message = %(message)s, facts = %(facts)s,
        tried_at = clock_timestamp()
    WHERE run_id = %(run)s AND place = %(place)s AND outcome IS NULL
    RETURNING run_id, place
)
UPDATE runs r
SET done = r.done + 1, reached = n.place, beat_at = clock_timestamp(),
    status = CASE WHEN r.ended_at IS NOT NULL THEN r.status WHEN r.done + 1 = r.total THEN 'DONE'
                  WHEN r.status = 'QUEUED' THEN 'RUNNING' ELSE r.status END,
    ended_at = CASE WHEN r.done + 1 = r.total THEN COALESCE(r.ended_at, clock_timestamp()) ELSE r.ended_at END
FROM noted n
WHERE r.run_id = n.run_id;

-- runs_to_show --
-- Read some runs, or a page of the latest, with how many orders came to which outcome.
SELECT r.run_id, r.kind, r.status, r.terms, r.total, r.done, r.asked_by, r.asked_at, r.ended_at,
       extract(epoch FROM clock_timestamp() - r.beat_at)::float8,
       r.ended_at IS NULL AND r.status <> 'PAUSED'
           AND r.beat_at < clock_timestamp() - make_interval(secs => %(patience)s),
       COALESCE((SELECT jsonb_object_agg(c.outcome, c.count) FROM (
           SELECT outcome, count(*) FROM run_orders x
           WHERE x.run_id = r.run_id AND x.outcome IS NOT NULL GROUP BY outcome) c), '{}')
FROM runs r
WHERE (%(run)s::int IS NULL OR r.run_id = %(run)s::int)
  AND (%(merchants)s::bigint[] IS NULL OR r.merchants <@ %(merchants)s::bigint[])
  AND (NOT %(open_only)s OR r.ended_at IS NULL)
  AND (%(before)s::int IS NULL OR r.run_id < %(before)s::int)
ORDER BY r.run_id DESC
LIMIT %(most)s;

-- run_results --
-- Read a page of what came of the orders of a run, in its order.
SELECT place, name, COALESCE(outcome, 'UNTRIED'), status, code, message, facts, tried_at
FROM run_orders
WHERE run_id = %(run)s AND place > %(after)s
  AND (%(outcomes)s::text[] IS NULL OR COALESCE(outcome, 'UNTRIED') = ANY (%(outcomes)s::text[]))
ORDER BY place
LIMIT %(most)s;

-- steer_run --
-- Pause, take up again or end a run that has not ended.
UPDATE runs
SET status = %(status)s, beat_at = clock_timestamp(),
    ended_at = CASE WHEN %(status)s = 'CANCELLED' THEN clock_timestamp() END
WHERE run_id = %(run)s AND ended_at IS NULL;

-- cut_off_server_of_run --
-- End the connection of whoever holds a run without getting on with it.
SELECT pg_terminate_backend(pid) FROM pg_locks
WHERE locktype = 'advisory' AND classid = 7204 AND objid = %(run)s::int::oid AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database());

-- first_orders --
-- Name the orders of a run that would be served first.
SELECT o.order_id, m.code || '/' || o.number
FROM orders o JOIN merchants m USING (merchant_id)
WHERE o.order_id = ANY (%(orders)s::bigint[])
ORDER BY (SELECT min(l.rank_priority) FROM order_lines l WHERE l.order_id = o.order_id), o.placed_at,
         o.root_order_id, o.order_id
LIMIT %(most)s;

-- queues_of_orders --
-- List the queues that orders have lines in, as (variant, warehouse).
SELECT DISTINCT l.variant_id, l.warehouse_id FROM order_lines l
WHERE l.order_id = ANY (%(orders)s::bigint[]) AND l.variant_id IS NOT NULL;
