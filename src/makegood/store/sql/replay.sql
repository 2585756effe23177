-- replay_ready --
-- List the orders that can be picked, oldest first, each with its first line that has units reserved.
SELECT DISTINCT ON (o.order_id) o.number, l.line_number, l.allocated
FROM orders o JOIN order_lines l USING (order_id)
WHERE o.status = 'ALLOCATED' AND l.allocated > 0
ORDER BY o.order_id, l.line_number;

-- replay_on_shelf --
-- Read what lies in some bins, by SKU.
SELECT v.sku_key, l.code, u.quantity
FROM inventory_units u
JOIN locations l USING (location_id)
JOIN variants v USING (variant_id)
WHERE l.code = ANY (%(bins)s::text[]) AND u.status = %(status)s AND u.quantity > 0
ORDER BY l.code, v.sku_key;

-- replay_orders --
-- Count orders and lines, and what became of the units: of those granted, which by the order's first attempt.
WITH first_attempts AS (
    SELECT order_id, min(attempt_id) AS attempt_id FROM attempts GROUP BY order_id
), given AS (
    SELECT COALESCE(sum(a.quantity) FILTER (WHERE f.attempt_id = a.attempt_id), 0) AS at_once,
           COALESCE(sum(a.quantity) FILTER (WHERE f.attempt_id IS DISTINCT FROM a.attempt_id), 0) AS later
    FROM allocations a
    JOIN order_lines l USING (line_id)
    LEFT JOIN first_attempts f USING (order_id)
    WHERE a.state NOT IN ('RELEASED', 'EXPIRED')
), asked AS (
    SELECT count(*) AS lines, COALESCE(sum(quantity), 0) AS units, COALESCE(sum(cancelled), 0) AS cancelled,
           COALESCE(sum(quantity - cancelled - fulfilled - allocated), 0) AS waiting
    FROM order_lines
)
SELECT (SELECT count(*) FROM orders), asked.lines, asked.units, given.at_once, given.later, asked.waiting,
       asked.cancelled,
       (SELECT count(DISTINCT order_id) FROM fulfillment_events WHERE type = 'order:backorder_resolved'),
       (SELECT count(*) FROM orders WHERE status = 'ON_HOLD' AND hold_kind = 'STALE')
FROM asked, given;

-- replay_waits --
-- Give median and ninth decile of the days from an order's becoming short to its being allocated whole.
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY w.days), percentile_cont(0.9) WITHIN GROUP (ORDER BY w.days)
FROM (
    SELECT EXTRACT(EPOCH FROM r.occurred_at - s.occurred_at)::float8 / 86400 AS days
    FROM fulfillment_events r
    CROSS JOIN LATERAL (
        SELECT b.occurred_at FROM fulfillment_events b
        WHERE b.order_id = r.order_id AND b.event_id < r.event_id
          AND b.type IN ('order:backordered', 'order:partially_allocated')
          AND b.payload ->> 'previousStatus' NOT IN ('BACKORDERED', 'PARTIALLY_ALLOCATED', 'ON_HOLD')
        ORDER BY b.event_id DESC LIMIT 1
    ) s
    WHERE r.type = 'order:backorder_resolved'
) w;

-- replay_returned --
-- Sum the units that customers sent back.
SELECT COALESCE(sum(delta), 0) FROM stock_movements WHERE delta > 0 AND trigger_source LIKE 'return:%%';

-- replay_returned_to --
-- Say which orders got units off the shelf for returns, and how many of them after having waited.
SELECT o.number, o.customer_reference, sum(a.quantity),
       COALESCE(sum(a.quantity) FILTER (WHERE a.attempt_id IS DISTINCT FROM f.attempt_id), 0)
FROM allocations a
JOIN inventory_units u USING (unit_id)
JOIN locations p ON p.location_id = u.location_id
JOIN order_lines l ON l.line_id = a.line_id
JOIN orders o ON o.order_id = l.order_id
LEFT JOIN LATERAL (SELECT min(t.attempt_id) AS attempt_id FROM attempts t WHERE t.order_id = o.order_id) f ON true
WHERE p.code = %(shelf)s AND a.state NOT IN ('RELEASED', 'EXPIRED')
GROUP BY o.order_id
ORDER BY sum(a.quantity) DESC, o.order_id;
