-- add_consents --
-- Put on record who agreed to what for some orders.
INSERT INTO consents (order_id, agreed_to, agreed_by, agreed_how, agreed_at, recorded_by, recorded_at)
SELECT o.order_id, %(agreed_to)s, %(agreed_by)s, %(agreed_how)s, %(agreed_at)s, %(recorded_by)s, %(recorded_at)s
FROM unnest(%(orders)s::bigint[]) AS o (order_id)
ORDER BY o.order_id;

-- open_child --
-- Add an order that is in everything but number, lines and maybe warehouse like its parent; numbers never come again.
INSERT INTO orders
    (merchant_id, number, parent_id, root_order_id, channel, customer_reference, customer_name, customer_email,
     customer_class, warehouse_id, priority, ship_policy, keeps_back, placed_at, requested_date, status,
     backordered_since, review_after, changed_at)
SELECT o.merchant_id, (
           SELECT o.number || '-BO' || (s.last + n)
           FROM (SELECT COALESCE(max(substr(c.number, length(o.number) + 4)::int), 0) AS last FROM orders c
                 WHERE c.parent_id = o.order_id AND starts_with(c.number, o.number || '-BO')
                   AND substr(c.number, length(o.number) + 4) ~ '^[0-9]{1,6}$') s,
                generate_series(1, 1000) n
           -- Counted and not anti-joined: so each number is one look into the index.
           WHERE (SELECT count(*) FROM orders t
                  WHERE t.merchant_id = o.merchant_id AND t.number = o.number || '-BO' || (s.last + n)) = 0
           ORDER BY n LIMIT 1),
       o.order_id, o.root_order_id, o.channel, o.customer_reference, o.customer_name, o.customer_email,
       o.customer_class, COALESCE(%(warehouse)s::bigint, o.warehouse_id), o.priority, o.ship_policy, o.keeps_back,
       o.placed_at, o.requested_date, 'PENDING', o.backordered_since, o.review_after, %(as_of)s
FROM orders o WHERE o.order_id = %(parent)s
RETURNING order_id, number;

-- move_lines --
-- Give lines to another order, in its warehouse; among the lines of their root they wait anew.
UPDATE order_lines l
SET order_id = %(order)s, line_number = n.line_number, waits_since_turn = %(turn)s,
    warehouse_id = (SELECT o.warehouse_id FROM orders o WHERE o.order_id = %(order)s)
FROM unnest(%(ids)s::bigint[], %(numbers)s::int[]) AS n (line_id, line_number)
WHERE l.line_id = n.line_id AND l.line_id = ANY (%(ids)s::bigint[]);

-- divide_lines --
-- Give what some lines lack to lines of another order; what they have is the caller's to lessen.
INSERT INTO order_lines
    (order_id, line_number, root_line_number, sku_text, variant_id, quantity, unit_price, currency, priority,
     warehouse_id, rank_priority, placed_at, root_order_id, ship_policy, keeps_back, waiting, waits_since_turn,
     part_of_line, instead_of, instead_units, instead_per, sourced)
SELECT %(order)s, l.line_number, l.root_line_number, l.sku_text, l.variant_id,
       l.quantity - l.cancelled - l.fulfilled - l.allocated, l.unit_price, l.currency, l.priority, l.warehouse_id,
       l.rank_priority, l.placed_at, l.root_order_id, l.ship_policy, l.keeps_back, l.waiting, %(turn)s, l.line_id,
       l.instead_of, l.instead_units, l.instead_per, l.sourced
FROM order_lines l
WHERE l.line_id = ANY (%(ids)s::bigint[])
ORDER BY l.line_number
RETURNING part_of_line, line_id;

-- hand_over_backorders --
-- Let the open records of some lines follow what these lack.
UPDATE backorders b SET line_id = n.to_line
FROM unnest(%(lines)s::bigint[], %(to_lines)s::bigint[]) AS n (from_line, to_line)
WHERE b.line_id = n.from_line AND b.line_id = ANY (%(lines)s::bigint[]) AND b.closed_at IS NULL;

-- close_younger_backorders --
-- Of two open records of lines that are put together, close the younger one.
UPDATE backorders b SET closed_at = %(as_of)s
FROM unnest(%(lines)s::bigint[], %(to_lines)s::bigint[]) AS n (from_line, to_line)
JOIN backorders c ON c.line_id = n.from_line AND c.closed_at IS NULL
JOIN backorders t ON t.line_id = n.to_line AND t.closed_at IS NULL
WHERE b.backorder_id = GREATEST(c.backorder_id, t.backorder_id);

-- hand_over_line_allocations --
-- Let whatever was reserved for some lines, at any time, belong to other lines.
UPDATE allocations a SET line_id = n.to_line
FROM unnest(%(lines)s::bigint[], %(to_lines)s::bigint[]) AS n (from_line, to_line)
WHERE a.line_id = n.from_line AND a.line_id = ANY (%(lines)s::bigint[]);

-- parts_of_lines --
-- Say of which lines those of an order are the missing part; what is sent instead of something else is part of its like.
SELECT l.line_id, l.part_of_line
FROM order_lines l JOIN order_lines o ON o.line_id = l.part_of_line
WHERE l.order_id = %(order)s
  AND (l.instead_of, l.instead_units, l.instead_per)
      IS NOT DISTINCT FROM (o.instead_of, o.instead_units, o.instead_per);

-- parts_of_order --
-- Read the parts of an order that are not closed.
SELECT c.order_id, c.number
FROM orders c
WHERE c.parent_id = %(order)s AND c.status NOT IN ('CANCELLED', 'SHIPPED')
ORDER BY c.order_id;

-- parent_of_order --
-- Read the order of which another is a part.
SELECT parent_id FROM orders WHERE order_id = %(order)s;

-- take_over_age --
-- Let an order be short since the earlier of two moments.
UPDATE orders SET backordered_since = LEAST(backordered_since, %(since)s) WHERE order_id = %(order)s;

-- value_of_reserved --
-- Sum what is reserved for an order by its unit prices; what has no price counts nothing.
SELECT COALESCE(sum(l.allocated * l.unit_price), 0) FROM order_lines l WHERE l.order_id = %(order)s;

-- best_ranks --
-- Put orders in the order in which they are served.
SELECT o.order_id
FROM orders o
WHERE o.order_id = ANY (%(orders)s::bigint[])
ORDER BY (SELECT min(l.rank_priority) FROM order_lines l WHERE l.order_id = o.order_id), o.placed_at,
         o.root_order_id, o.order_id;

-- unlockable_orders --
-- Find the orders of which some lines could go out now and others not: a page of them, the oldest first, or with
-- `enough` so many of them as they are met, which ends as soon as there are. An order that ships in parts is known by
-- a line that is full and one that is not. One that ships complete is looked at only where something it lacks is free.
WITH ready AS MATERIALIZED (
    SELECT line_id, order_id FROM ready_for_complete(%(today)s, NULL)
), judged AS MATERIALIZED (
    SELECT l.order_id
    FROM (
        SELECT order_id, quantity = cancelled + fulfilled + allocated OR line_id IN (SELECT line_id FROM ready) AS ready
        FROM order_lines
        WHERE order_id IN (SELECT order_id FROM ready UNION SELECT o.order_id FROM orders o
                           WHERE o.status = 'PARTIALLY_ALLOCATED' AND o.ship_policy = 'COMPLETE')
          AND quantity > cancelled + fulfilled
    ) l
    GROUP BY l.order_id HAVING bool_or(l.ready) AND NOT bool_and(l.ready)
), in_parts AS (
    SELECT o.order_id
    FROM orders o
    WHERE o.status = 'PARTIALLY_ALLOCATED' AND o.ship_policy <> 'COMPLETE' AND (
        SELECT bool_or(l.quantity = l.cancelled + l.fulfilled + l.allocated)
               AND NOT bool_and(l.quantity = l.cancelled + l.fulfilled + l.allocated)
        FROM order_lines l
        WHERE l.order_id = o.order_id AND l.quantity > l.cancelled + l.fulfilled)
), found AS MATERIALIZED (
    SELECT o.order_id, o.placed_at
    FROM (SELECT order_id FROM in_parts UNION ALL SELECT order_id FROM judged) c
    JOIN orders o USING (order_id)
    JOIN warehouses w USING (warehouse_id)
    WHERE (o.status = 'PARTIALLY_ALLOCATED' OR (o.status = 'BACKORDERED' AND w.allow_backorders))
      AND (%(merchants)s::bigint[] IS NULL OR o.merchant_id = ANY (%(merchants)s::bigint[]))
      AND (%(warehouse)s::text IS NULL OR w.code = %(warehouse)s::text)
    LIMIT %(enough)s::bigint
)
SELECT order_id FROM found
WHERE %(after_placed)s::timestamptz IS NULL
   OR (placed_at, order_id) > (%(after_placed)s::timestamptz, %(after_order)s::bigint)
ORDER BY placed_at, order_id
LIMIT %(most)s;

-- unlockable_lines --
-- Read some orders line by line, the oldest first, and say of each line whether it could go out now.
WITH lines AS MATERIALIZED (
    SELECT * FROM order_lines WHERE order_id = ANY (%(orders)s::bigint[]) AND quantity > cancelled + fulfilled
), ready AS MATERIALIZED (
    SELECT line_id FROM ready_for_complete(%(today)s, ARRAY(SELECT DISTINCT variant_id FROM lines
                                                            WHERE waiting AND ship_policy = 'COMPLETE'))
)
SELECT l.order_id, l.line_number, COALESCE(v.sku, l.sku_text), l.quantity - l.cancelled - l.fulfilled, l.allocated,
       l.quantity - l.cancelled - l.fulfilled - l.allocated,
       l.quantity = l.cancelled + l.fulfilled + l.allocated OR l.line_id IN (SELECT line_id FROM ready)
FROM lines l
LEFT JOIN variants v USING (variant_id)
ORDER BY l.placed_at, l.order_id, l.line_number;
