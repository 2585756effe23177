-- add_job_figures --
-- Add to what is summed up of jobs, in the order of their names.
INSERT INTO job_figures AS f (job, times, failures, seconds, lines, units, took)
SELECT n.job, n.times, n.failures, n.seconds, n.lines, n.units, array_agg(t.count ORDER BY t.bound)
FROM unnest(%(jobs)s::text[], %(times)s::bigint[], %(failures)s::bigint[], %(seconds)s::float8[], %(lines)s::bigint[],
            %(units)s::bigint[]) AS n (job, times, failures, seconds, lines, units)
JOIN unnest(%(took_jobs)s::text[], %(bounds)s::int[], %(counts)s::bigint[]) AS t (job, bound, count) USING (job)
GROUP BY n.job, n.times, n.failures, n.seconds, n.lines, n.units
ORDER BY n.job
ON CONFLICT (job) DO UPDATE
SET times = f.times + EXCLUDED.times, failures = f.failures + EXCLUDED.failures,
    seconds = f.seconds + EXCLUDED.seconds, lines = f.lines + EXCLUDED.lines, units = f.units + EXCLUDED.units,
    took = ARRAY(SELECT a + b FROM unnest(f.took, EXCLUDED.took) WITH ORDINALITY AS u (a, b, place) ORDER BY place);

-- job_figures --
-- Read what is summed up of jobs.
SELECT job, failures, seconds, lines, units, took FROM job_figures ORDER BY job;

-- count_set_aside --
-- Count the orders that are left out until a person has looked at them.
SELECT count(*) FROM orders_set_aside;

-- shortfall_by_site --
-- Count the lines that wait in each warehouse, and the units that they lack.
SELECT w.code, count(l.line_id), COALESCE(sum(l.quantity - l.cancelled - l.fulfilled - l.allocated), 0)::bigint
FROM warehouses w LEFT JOIN order_lines l ON l.warehouse_id = w.warehouse_id AND l.waiting
GROUP BY w.code
ORDER BY w.code;

-- count_orders_by_status --
-- Count the orders that are a manager's concern, by status.
SELECT s.status, (SELECT count(*) FROM orders o WHERE o.status = s.status)
FROM unnest(ARRAY['BACKORDERED', 'PARTIALLY_ALLOCATED', 'ON_HOLD']) AS s (status);

-- swept --
-- Sum up what sweeps looked at and found lying.
SELECT count(*), COALESCE(sum(defects), 0) FROM sweeps;

-- webhook_figures --
-- Count messages that wait and how old the oldest is, those that failed, and endpoints out of service by the house.
SELECT (SELECT count(*) FROM webhook_deliveries WHERE state = 'WAITING'),
       (SELECT COALESCE(extract(epoch FROM clock_timestamp() - min(made_at)), 0)::float8
        FROM webhook_deliveries WHERE state = 'WAITING'),
       (SELECT count(*) FROM webhook_deliveries WHERE state = 'FAILED'),
       (SELECT count(*) FROM webhook_endpoints WHERE disabled_because IS NOT NULL);

-- mail_figures --
-- Count mails that wait and how long one is overdue, and those that were not delivered.
SELECT (SELECT count(*) FROM mails WHERE status IN ('QUEUED', 'SENDING')),
       (SELECT GREATEST(0, COALESCE(extract(epoch FROM %(as_of)s::timestamptz - min(due_at)), 0))::float8
        FROM mails WHERE status IN ('QUEUED', 'SENDING')),
       (SELECT count(*) FROM mails WHERE status IN ('FAILED', 'BOUNCED'));
