-- mark_dated_queues --
-- Say that the dates of those of some queues must be looked at that have dates or supply to come; their gates are held.
-- Where a check is pending, what marked the queue is named, else what the use-case was set off by.
INSERT INTO date_marks (variant_id, warehouse_id, trigger_source, actor)
SELECT g.variant_id, %(warehouse)s, COALESCE(s.trigger_source, %(source)s), %(actor)s
FROM unnest(%(variants)s::bigint[]) AS g (variant_id)
CROSS JOIN LATERAL (
    SELECT FROM inbound_lines i
    WHERE i.closed_at IS NULL AND i.variant_id = g.variant_id AND i.warehouse_id = %(warehouse)s
    UNION ALL
    SELECT FROM expected_dates e WHERE e.variant_id = g.variant_id AND e.warehouse_id = %(warehouse)s
    LIMIT 1
) dated
LEFT JOIN LATERAL (
    SELECT DISTINCT m.trigger_source FROM marks m
    WHERE m.variant_id = g.variant_id AND m.warehouse_id = %(warehouse)s
    LIMIT 5
) s ON true;

-- add_date_marks --
-- Say that the dates of these queues must be looked at; never merged with another mark.
INSERT INTO date_marks (variant_id, warehouse_id, trigger_source, actor)
SELECT n.variant_id, n.warehouse_id, %(source)s, %(actor)s
FROM unnest(%(variants)s::bigint[], %(warehouses)s::bigint[]) AS n (variant_id, warehouse_id);

-- mark_inbound --
-- Say that the dates of the queues of some inbound lines must be looked at.
INSERT INTO date_marks (variant_id, warehouse_id, trigger_source, actor)
SELECT DISTINCT variant_id, warehouse_id, %(source)s, %(actor)s FROM inbound_lines
WHERE inbound_line_id = ANY (%(lines)s::bigint[]);

-- mark_supply_to_come --
-- Say that the dates of every queue with supply to come must be looked at.
INSERT INTO date_marks (variant_id, warehouse_id, trigger_source, actor)
SELECT DISTINCT variant_id, warehouse_id, %(source)s, %(actor)s FROM inbound_lines WHERE closed_at IS NULL;

-- mark_supply_that_went_off --
-- Say that the dates must be looked at of every dated queue of which some stock has expired or become short-dated.
INSERT INTO date_marks (variant_id, warehouse_id, trigger_source, actor)
SELECT DISTINCT u.variant_id, u.warehouse_id, %(source)s, %(actor)s
FROM inventory_units u
JOIN variants v USING (variant_id)
WHERE u.status = 'AVAILABLE' AND u.quantity > u.reserved AND u.expires_on - v.min_shelf_life_days < %(today)s
  AND EXISTS (SELECT FROM expected_dates e
              WHERE e.variant_id = u.variant_id AND e.warehouse_id = u.warehouse_id);

-- sites_to_date --
-- List the warehouses of which dates must be looked at and do not rest after a failure, with how often they failed.
-- While a check is pending for a queue its dates wait for it, but not for long.
SELECT w.warehouse_id, w.code, COALESCE(p.times, 0)
FROM warehouses w
LEFT JOIN parked_jobs p ON p.job = %(job)s AND p.subject = w.code
WHERE EXISTS (
    SELECT FROM date_marks d
    WHERE d.warehouse_id = w.warehouse_id
      AND (d.marked_at < clock_timestamp() - make_interval(secs => %(patience)s)
           OR NOT EXISTS (SELECT FROM marks m WHERE m.warehouse_id = d.warehouse_id AND m.variant_id = d.variant_id)))
  AND (p.until IS NULL OR p.until <= clock_timestamp()) AND (p.job IS NULL OR p.until IS NOT NULL)
ORDER BY w.warehouse_id;

-- queues_to_date --
-- Read the queues of a warehouse whose dates must be looked at, with their date marks; the longest marked first.
SELECT d.variant_id, array_agg(d.date_mark_id), (array_agg(DISTINCT d.trigger_source))[1:%(sources)s]
FROM date_marks d
WHERE d.warehouse_id = %(warehouse)s
GROUP BY d.variant_id
HAVING min(d.marked_at) < clock_timestamp() - make_interval(secs => %(patience)s)
    OR NOT EXISTS (SELECT FROM marks m WHERE m.warehouse_id = %(warehouse)s AND m.variant_id = d.variant_id)
ORDER BY min(d.date_mark_id)
LIMIT %(most)s;

-- read_at_one_instant --
-- Let everything that this transaction reads be of one instant; to be its first statement.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;

-- claim_dating --
-- Take the dates of a warehouse, unless somebody else is at them.
SELECT warehouse_id FROM datings WHERE warehouse_id = %(warehouse)s
FOR NO KEY UPDATE SKIP LOCKED;

-- units_due --
-- Read what is still to come of some variants, with the day on which it is counted on.
SELECT i.inbound_line_id, i.variant_id, i.outstanding, i.due + COALESCE(s.margin_days, %(margin)s)
FROM inbound_lines i LEFT JOIN suppliers s USING (supplier_id)
WHERE i.closed_at IS NULL AND i.warehouse_id = %(warehouse)s AND i.variant_id = ANY (%(variants)s::bigint[]);

-- units_free --
-- Count what is free of some variants in one warehouse, by the one definition.
SELECT variant_id, sum(free)::bigint FROM usable_units(%(today)s)
WHERE warehouse_id = %(warehouse)s AND variant_id = ANY (%(variants)s::bigint[]) AND free > 0
GROUP BY variant_id;

-- units_sourced --
-- Read who has units of what is to come of some variants by name.
SELECT s.inbound_line_id, s.line_id, s.quantity
FROM inbound_lines i JOIN sourcings s USING (inbound_line_id)
WHERE i.closed_at IS NULL AND i.warehouse_id = %(warehouse)s AND i.variant_id = ANY (%(variants)s::bigint[])
  AND s.state = 'OPEN';

-- lacking_lines --
-- Read the top of each of some queues, as many lines as it has units to come, and besides chosen lines that do not wait.
SELECT l.line_id, l.order_id, l.variant_id, l.quantity - l.cancelled - l.fulfilled - l.allocated, l.waiting,
       l.ship_policy = 'COMPLETE',
       l.rank_priority, l.placed_at, l.root_order_id, l.root_line_number, l.order_id, l.line_number
FROM unnest(%(variants)s::bigint[], %(most)s::bigint[]) AS g (variant_id, most)
CROSS JOIN LATERAL (
    SELECT * FROM order_lines q
    WHERE q.waiting AND q.variant_id = g.variant_id AND q.warehouse_id = %(warehouse)s
      AND NOT q.line_id = ANY (%(lines)s::bigint[])
    ORDER BY q.rank_priority, q.placed_at, q.root_order_id, q.root_line_number, q.order_id, q.line_number
    LIMIT g.most
) l
UNION ALL
SELECT l.line_id, l.order_id, l.variant_id, l.quantity - l.cancelled - l.fulfilled - l.allocated, l.waiting,
       l.ship_policy = 'COMPLETE',
       l.rank_priority, l.placed_at, l.root_order_id, l.root_line_number, l.order_id, l.line_number
FROM order_lines l WHERE l.line_id = ANY (%(lines)s::bigint[]);

-- kept_dates --
-- Read what is kept of some queues; days are counted from the first of the year 1, and 0 is none.
SELECT line_id, variant_id, order_id, COALESCE(line_due - '0001-01-01'::date + 1, 0),
       COALESCE(due - '0001-01-01'::date + 1, 0)
FROM expected_dates
WHERE warehouse_id = %(warehouse)s AND variant_id = ANY (%(variants)s::bigint[]);

-- lines_that_ship_together --
-- Read what is lacking of those of some orders that ship whole, with what is kept of each line.
SELECT l.line_id, l.variant_id, l.order_id, e.line_due, e.due, e.line_id IS NOT NULL
FROM order_lines l
LEFT JOIN expected_dates e
    ON e.variant_id = l.variant_id AND e.warehouse_id = l.warehouse_id AND e.line_id = l.line_id
WHERE l.order_id = ANY (%(orders)s::bigint[]) AND l.ship_policy = 'COMPLETE'
  AND l.quantity > l.cancelled + l.fulfilled + l.allocated;

-- change_dates --
-- Change the days that are kept of some lines, each found by its key whatever the table has grown to.
INSERT INTO expected_dates (variant_id, warehouse_id, line_id, order_id, line_due, due)
SELECT n.variant_id, %(warehouse)s, n.line_id, n.order_id, n.line_due, n.due
FROM unnest(%(lines)s::bigint[], %(variants)s::bigint[], %(orders)s::bigint[], %(line_dues)s::date[], %(dues)s::date[])
    AS n (line_id, variant_id, order_id, line_due, due)
ON CONFLICT (variant_id, warehouse_id, line_id) DO UPDATE
SET order_id = EXCLUDED.order_id, line_due = EXCLUDED.line_due, due = EXCLUDED.due;

-- drop_dates --
-- Forget the days of lines that have none any more, each found by its key.
DELETE FROM expected_dates WHERE ctid = ANY (ARRAY(
    SELECT e.ctid
    FROM unnest(%(lines)s::bigint[], %(variants)s::bigint[]) AS n (line_id, variant_id)
    CROSS JOIN LATERAL (
        SELECT x.ctid FROM expected_dates x
        WHERE x.variant_id = n.variant_id AND x.warehouse_id = %(warehouse)s AND x.line_id = n.line_id
        LIMIT 1
    ) e
));

-- tell_dates --
-- Put on record which open backorders have another expected date now, except where a person has set one.
INSERT INTO fulfillment_events (order_id, type, payload, trigger_sources, actor, occurred_at)
SELECT l.order_id, 'backorder:expected_date_changed',
       jsonb_build_object('backorder', b.number, 'from', n.was, 'to', n.due),
       ARRAY(SELECT jsonb_array_elements_text(
           COALESCE(%(sources)s::jsonb -> l.variant_id::text, jsonb_build_array(%(source)s::text)))),
       %(actor)s, %(as_of)s
FROM unnest(%(lines)s::bigint[], %(was)s::date[], %(due)s::date[]) AS n (line_id, was, due)
JOIN order_lines l USING (line_id)
JOIN backorders b ON b.line_id = l.line_id AND b.closed_at IS NULL
WHERE NOT b.expected_by_hand AND l.quantity > l.fulfilled + l.cancelled + l.allocated
ORDER BY l.line_id;

-- strike_date_marks --
-- Strike date marks that were seen before what they stand for was read.
DELETE FROM date_marks WHERE date_mark_id = ANY (%(marks)s::bigint[]);

-- dated_queues --
-- List the queues that have dates or supply to come.
SELECT warehouse_id, variant_id FROM inbound_lines WHERE closed_at IS NULL
UNION
SELECT warehouse_id, variant_id FROM expected_dates;

-- lines_to_compare --
-- Read the lines of some queues that lack something and wait, or have sourced or dated it, with the day that is kept.
SELECT l.line_id, l.order_id, e.due
FROM order_lines l
LEFT JOIN expected_dates e
    ON e.variant_id = l.variant_id AND e.warehouse_id = l.warehouse_id AND e.line_id = l.line_id
WHERE l.warehouse_id = %(warehouse)s AND l.variant_id = ANY (%(variants)s::bigint[])
  AND (l.waiting OR l.sourced > 0 OR e.line_id IS NOT NULL)
  AND l.quantity > l.cancelled + l.fulfilled + l.allocated;

-- unsettled_lines --
-- Say which of some lines hang on a queue whose dates are still to be looked at, or that is still to be checked.
WITH unsettled AS (
    SELECT variant_id, warehouse_id FROM date_marks UNION SELECT variant_id, warehouse_id FROM marks
)
SELECT l.line_id
FROM order_lines l JOIN unsettled u USING (variant_id, warehouse_id)
WHERE l.line_id = ANY (%(lines)s::bigint[])
UNION
SELECT l.line_id
FROM order_lines l
JOIN order_lines s ON s.order_id = l.order_id
JOIN unsettled u ON u.variant_id = s.variant_id AND u.warehouse_id = s.warehouse_id
WHERE l.line_id = ANY (%(lines)s::bigint[]) AND l.ship_policy = 'COMPLETE';

-- name_outdated --
-- Say in which order and queue some lines wait.
SELECT jsonb_build_object('line_id', l.line_id, 'order_id', o.order_id, 'order', o.number, 'line', l.line_number,
                          'sku', l.sku_text, 'variant_id', l.variant_id, 'warehouse_id', l.warehouse_id)
FROM order_lines l JOIN orders o USING (order_id)
WHERE l.line_id = ANY (%(lines)s::bigint[]);
