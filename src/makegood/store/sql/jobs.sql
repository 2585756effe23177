-- do_not_wait_for_disk --
-- Let this transaction, of which nothing matters after a crash, commit without waiting for the disk.
SELECT set_config('synchronous_commit', 'off', true);

-- wake_workers --
-- Tell the listening workers that a job was enqueued, in the words in which pgqueuer would tell them.
SELECT pg_notify('ch_pgqueuer', json_build_object(
    'channel', 'ch_pgqueuer', 'operation', 'insert', 'sent_at', clock_timestamp(), 'table', 'pgqueuer',
    'type', 'table_changed_event')::text);

-- sign_on --
-- Put a worker on the list and give its number.
INSERT INTO workers (host, pid, version) VALUES (%(host)s, %(pid)s, %(version)s) RETURNING worker_id;

-- beat --
-- Say that a worker is still there; one that was taken for lost comes back under its number.
INSERT INTO workers (worker_id, host, pid, version) OVERRIDING SYSTEM VALUE
VALUES (%(worker)s, %(host)s, %(pid)s, %(version)s)
ON CONFLICT (worker_id) DO UPDATE SET beat_at = clock_timestamp();

-- sign_off --
-- Take a worker off the list, with what it was at: it was not killed by it.
WITH struck AS (DELETE FROM job_runs WHERE worker_id = %(worker)s)
DELETE FROM workers WHERE worker_id = %(worker)s;

-- start_run --
-- Note what a worker begins.
INSERT INTO job_runs (worker_id, job, subject, order_id) VALUES (%(worker)s, %(job)s, %(subject)s, %(order)s)
RETURNING run_id;

-- end_run --
-- Strike what a worker was at; if it came through, forget who died at it earlier, and let it rest no longer.
WITH came_through AS (
    DELETE FROM parked_jobs p
    WHERE %(through)s AND p.job = %(job)s AND p.subject = %(subject)s AND p.until IS NOT NULL
)
DELETE FROM job_runs r
WHERE r.run_id = %(run)s
   OR %(through)s AND r.job = %(job)s AND r.subject = %(subject)s
      AND NOT EXISTS (SELECT FROM workers w WHERE w.worker_id = r.worker_id
                      AND w.beat_at > clock_timestamp() - make_interval(secs => %(patience)s));

-- runs_of_the_dead --
-- List the runs of a piece of work whose workers no longer beat, with the order that was served alone.
SELECT r.order_id FROM job_runs r
WHERE r.job = %(job)s AND r.subject = %(subject)s
  AND NOT EXISTS (SELECT FROM workers w WHERE w.worker_id = r.worker_id
                  AND w.beat_at > clock_timestamp() - make_interval(secs => %(patience)s))
ORDER BY r.run_id;

-- runs_alone --
-- Count the runs of a piece of work in which a worker that beats serves one order alone.
SELECT count(*) FROM job_runs r JOIN workers w USING (worker_id)
WHERE r.job = %(job)s AND r.subject = %(subject)s AND r.order_id IS NOT NULL
  AND w.beat_at > clock_timestamp() - make_interval(secs => %(patience)s);

-- forget_runs_of_the_dead --
-- Strike the runs of a piece of work whose workers no longer beat.
DELETE FROM job_runs r
WHERE r.job = %(job)s AND r.subject = %(subject)s
  AND NOT EXISTS (SELECT FROM workers w WHERE w.worker_id = r.worker_id
                  AND w.beat_at > clock_timestamp() - make_interval(secs => %(patience)s));

-- times_parked --
-- Say how often in a row a piece of work was parked, and whether it rests now.
SELECT times, until IS NULL OR until > clock_timestamp() FROM parked_jobs
WHERE job = %(job)s AND subject = %(subject)s;

-- park_job --
-- Let a piece of work rest for some seconds or, without them, until a person retries it.
INSERT INTO parked_jobs AS p (job, subject, because, until)
VALUES (%(job)s, %(subject)s, %(because)s, clock_timestamp() + make_interval(secs => %(seconds)s))
ON CONFLICT (job, subject) DO UPDATE
SET because = EXCLUDED.because, until = EXCLUDED.until, times = p.times + 1, parked_at = clock_timestamp();

-- unpark_job --
-- Let a parked piece of work go on.
DELETE FROM parked_jobs WHERE job = %(job)s AND subject = %(subject)s;

-- note_failure --
-- Put a failure on record; the same one again counts up.
INSERT INTO job_failures AS f (job, subject, error, message)
VALUES (%(job)s, %(subject)s, %(error)s, %(message)s)
ON CONFLICT (job, subject, error, message) DO UPDATE SET times = f.times + 1, last_at = clock_timestamp();

-- failure_noted --
-- Say that a piece of work failed, if it did.
SELECT 1 FROM job_failures WHERE job = %(job)s AND subject = %(subject)s LIMIT 1;

-- set_aside --
-- Put orders aside; what is aside already stays as it was reported.
INSERT INTO orders_set_aside (order_id, job, error, message, set_aside_by)
SELECT n.order_id, %(job)s, n.error, n.message, %(actor)s
FROM unnest(%(orders)s::bigint[], %(errors)s::text[], %(messages)s::text[]) AS n (order_id, error, message)
ORDER BY n.order_id
ON CONFLICT (order_id) DO NOTHING;

-- leave_out --
-- Put orders aside for a trial that is rolled back.
INSERT INTO orders_set_aside (order_id, job, error, message, set_aside_by)
SELECT DISTINCT order_id, 'trial', '', '', '' FROM unnest(%(orders)s::bigint[]) AS n (order_id)
ON CONFLICT (order_id) DO NOTHING;

-- orders_ahead --
-- List the orders that wait in marked queues of a warehouse, in rank order from where its check stands.
SELECT l.order_id
FROM order_lines l
LEFT JOIN checks c ON c.warehouse_id = l.warehouse_id
WHERE l.waiting AND l.warehouse_id = %(warehouse)s
  AND EXISTS (SELECT FROM marks m WHERE m.warehouse_id = l.warehouse_id AND m.variant_id = l.variant_id)
  AND NOT (l.order_id = ANY (ARRAY(SELECT a.order_id FROM orders_set_aside a)))
  AND (c.after_priority IS NULL
       OR EXISTS (SELECT FROM marks m WHERE m.warehouse_id = l.warehouse_id AND NOT m.joined)
       OR (l.rank_priority, l.placed_at, l.root_order_id)
          > (c.after_priority, c.after_placed_at, c.after_root_order_id))
GROUP BY l.order_id
ORDER BY min(l.rank_priority), min(l.placed_at), min(l.root_order_id), l.order_id
LIMIT %(most)s;

-- queues_ahead --
-- List the marked queues of a warehouse but for those that rest.
SELECT v.variant_id, v.sku FROM variants v
WHERE v.variant_id IN (SELECT m.variant_id FROM marks m WHERE m.warehouse_id = %(warehouse)s)
  AND NOT v.variant_id = ANY (%(resting)s::bigint[])
ORDER BY v.variant_id;

-- take_marks --
-- Take the marks off queues that rest, to be put back in the same transaction.
DELETE FROM marks WHERE warehouse_id = %(warehouse)s AND variant_id = ANY (%(variants)s::bigint[])
RETURNING variant_id, trigger_source, actor, joined, marked_at;

-- put_marks_back --
-- Put marks back as they were.
INSERT INTO marks (variant_id, warehouse_id, trigger_source, actor, joined, marked_at)
SELECT m.variant_id, %(warehouse)s, m.trigger_source, m.actor, m.joined, m.marked_at
FROM unnest(%(variant_id)s::bigint[], %(trigger_source)s::text[], %(actor)s::text[], %(joined)s::boolean[],
            %(marked_at)s::timestamptz[]) AS m (variant_id, trigger_source, actor, joined, marked_at);

-- take_back --
-- Take an order back that was set aside.
DELETE FROM orders_set_aside WHERE order_id = %(order)s;

-- sites_to_check --
-- List the warehouses in which a queue is marked and whose check does not rest: who died at it, which queues rest.
SELECT w.warehouse_id, w.code,
       (SELECT count(*) FROM job_runs r
        WHERE r.job = %(job)s AND r.subject = w.code
          AND NOT EXISTS (SELECT FROM workers k WHERE k.worker_id = r.worker_id
                          AND k.beat_at > clock_timestamp() - make_interval(secs => %(patience)s))),
       array(SELECT substring(p.subject FROM '#(\d+)$')::bigint FROM parked_jobs p
             WHERE p.job = %(job)s AND starts_with(p.subject, w.code || '/')
               AND (p.until IS NULL OR p.until > clock_timestamp()))
FROM warehouses w
WHERE EXISTS (SELECT FROM marks m WHERE m.warehouse_id = w.warehouse_id)
  AND NOT EXISTS (SELECT FROM parked_jobs p WHERE p.job = %(job)s AND p.subject = w.code
                  AND (p.until IS NULL OR p.until > clock_timestamp()))
ORDER BY w.warehouse_id;

-- jobs_left --
-- Count the jobs that wait or are being done; those of another version, which nobody here knows, are not ours to do.
SELECT count(*) FROM pgqueuer
WHERE status IN ('queued', 'picked') AND execute_after <= clock_timestamp() AND entrypoint = ANY (%(known)s::text[]);

-- queue_depth --
-- Count the jobs by name: waiting, being done, the age of the oldest in seconds, and the most tries of one.
SELECT entrypoint, count(*) FILTER (WHERE status = 'queued'), count(*) FILTER (WHERE status = 'picked'),
       extract(epoch FROM clock_timestamp() - min(created))::float8, max(attempts)
FROM pgqueuer
GROUP BY entrypoint
ORDER BY entrypoint;

-- marks_by_site --
-- Count the marked queues of each warehouse, and the age of the oldest mark in seconds.
SELECT w.code, count(DISTINCT m.variant_id), count(*),
       extract(epoch FROM clock_timestamp() - min(m.marked_at))::float8
FROM marks m JOIN warehouses w USING (warehouse_id)
GROUP BY w.code
ORDER BY w.code;

-- parked_jobs --
-- List what rests, and until when.
SELECT job, subject, because, times, parked_at, until FROM parked_jobs
WHERE until IS NULL OR until > clock_timestamp()
ORDER BY parked_at, job, subject;

-- job_failures --
-- List the latest failures.
SELECT job, subject, error, message, times, first_at, last_at FROM job_failures
ORDER BY last_at DESC, job, subject, error, message LIMIT %(most)s;

-- orders_set_aside --
-- List the orders that were set aside, the latest first.
SELECT o.number, a.job, a.error, a.message, a.set_aside_at
FROM orders_set_aside a JOIN orders o USING (order_id)
ORDER BY a.set_aside_at DESC, a.order_id LIMIT %(most)s;

-- workers --
-- List the workers: whether each still beats, since when it is silent in seconds, and what it is at.
SELECT w.worker_id, w.host, w.pid, w.version, w.started_at,
       w.beat_at > clock_timestamp() - make_interval(secs => %(patience)s),
       extract(epoch FROM clock_timestamp() - w.beat_at)::float8,
       array(SELECT concat_ws(' ', r.job, r.subject) FROM job_runs r
             WHERE r.worker_id = w.worker_id ORDER BY r.run_id)
FROM workers w
ORDER BY w.worker_id;

-- count_workers --
-- Count the workers that still beat.
SELECT count(*) FROM workers WHERE beat_at > clock_timestamp() - make_interval(secs => %(patience)s);

-- tidy_job_log --
-- Drop a batch of pgqueuer's diary of yesterday and before.
DELETE FROM pgqueuer_log
WHERE id IN (SELECT id FROM pgqueuer_log WHERE created < now() - interval '1 day' ORDER BY id LIMIT %(most)s);

-- tidy_failures --
-- Drop failures that were not seen for a month.
DELETE FROM job_failures WHERE last_at < now() - interval '30 days';

-- tidy_parked --
-- Forget what rested a day ago.
DELETE FROM parked_jobs WHERE until < now() - interval '1 day';

-- tidy_workers --
-- Drop workers that fell silent days ago and left no run behind.
DELETE FROM workers w
WHERE w.beat_at < now() - interval '2 days'
  AND NOT EXISTS (SELECT FROM job_runs r WHERE r.worker_id = w.worker_id);

-- stale_orders --
-- List orders that have been short for too long; of those with a mark pending for a short variant say so.
-- Left out are those of which all that is uncovered is sourced on supply that can still be counted on, and those whose
-- customer was told of a delay to which silence is consent, until a day after the answer was due.
SELECT o.order_id, o.warehouse_id,
       EXISTS (SELECT FROM order_lines l
               JOIN marks m ON m.variant_id = l.variant_id AND m.warehouse_id = l.warehouse_id
               WHERE l.order_id = o.order_id AND l.quantity > l.allocated + l.fulfilled + l.cancelled) AS pending
FROM orders o
WHERE o.status IN ('BACKORDERED', 'PARTIALLY_ALLOCATED') AND o.status = ANY (%(statuses)s::text[])
  AND o.backordered_since < %(before)s
  AND (o.review_after IS NULL OR o.review_after <= %(as_of)s)
  AND (%(orders)s::bigint[] IS NULL OR o.order_id = ANY (%(orders)s::bigint[]))
  AND NOT EXISTS (SELECT FROM orders_set_aside a WHERE a.order_id = o.order_id)
  AND NOT EXISTS (SELECT FROM backorders b JOIN order_lines l USING (line_id)
                  WHERE l.order_id = o.order_id AND b.closed_at IS NULL AND b.promised_date >= %(today)s)
  AND NOT EXISTS (SELECT FROM consent_asks a
                  WHERE a.order_id IN (o.order_id, o.parent_id) AND a.purpose = 'DELAY' AND a.silence = 'CONSENTS'
                    AND a.answer IS NULL AND a.answer_by >= %(today)s::date - 1)
  AND (EXISTS (SELECT FROM order_lines l
               WHERE l.order_id = o.order_id AND l.quantity > l.allocated + l.fulfilled + l.cancelled + l.sourced)
       OR EXISTS (SELECT FROM sourcings s
                  JOIN order_lines l USING (line_id)
                  JOIN inbound_lines i USING (inbound_line_id)
                  LEFT JOIN suppliers p USING (supplier_id)
                  WHERE l.order_id = o.order_id AND s.state = 'OPEN'
                    AND COALESCE(i.due + COALESCE(p.margin_days, %(margin)s) < %(today)s, true)))
ORDER BY pending, o.backordered_since, o.order_id
LIMIT %(most)s;

-- orders_with_expired_allocations --
-- List orders with an open allocation whose time is up, as long as nobody picks them.
SELECT DISTINCT o.warehouse_id, o.order_id
FROM allocations a
JOIN order_lines l USING (line_id)
JOIN orders o USING (order_id)
WHERE a.state IN ('RESERVED', 'CONFIRMED') AND a.expires_at <= %(as_of)s
  AND o.status = ANY (%(statuses)s::text[])
  AND (%(orders)s::bigint[] IS NULL OR o.order_id = ANY (%(orders)s::bigint[]))
  AND NOT EXISTS (SELECT FROM orders_set_aside x WHERE x.order_id = o.order_id)
ORDER BY o.warehouse_id, o.order_id
LIMIT %(most)s;

-- read_settings --
-- Read the business settings that were changed from their default.
SELECT name, value FROM business_settings;

-- change_setting --
-- Set a business setting and keep who changed it from what to what.
WITH changed AS (
    INSERT INTO business_settings (name, value, changed_by, changed_at)
    VALUES (%(setting)s, %(after)s, %(actor)s, %(as_of)s)
    ON CONFLICT (name) DO UPDATE
    SET value = EXCLUDED.value, changed_by = EXCLUDED.changed_by, changed_at = EXCLUDED.changed_at
)
INSERT INTO business_setting_changes (name, before, after, changed_by, changed_at)
VALUES (%(setting)s, %(before)s, %(after)s, %(actor)s, %(as_of)s);

-- setting_changes --
-- List the changes of business settings, the latest first.
SELECT name, before, after, changed_by, changed_at FROM business_setting_changes
ORDER BY change_id DESC LIMIT %(most)s;
