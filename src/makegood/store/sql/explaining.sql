-- read_orders --
-- Read orders without a lock.
SELECT o.order_id, o.number, o.merchant_id, o.root_order_id, o.warehouse_id, o.priority, o.ship_policy, o.keeps_back,
       o.placed_at, o.status, o.hold_kind, o.hold_reason, o.backordered_since, o.review_after,
       w.allow_backorders
FROM orders o JOIN warehouses w USING (warehouse_id)
WHERE o.order_id = ANY (%(orders)s::bigint[])
ORDER BY o.order_id;

-- queue_places --
-- Say of waiting lines how many orders and units are ahead of them, and which order is next to be served.
SELECT l.line_id, 1 + count(a.line_id), count(DISTINCT a.order_id),
       COALESCE(sum(a.quantity - a.cancelled - a.fulfilled - a.allocated), 0),
       (SELECT o.number FROM order_lines q JOIN orders o USING (order_id)
        WHERE q.waiting AND q.variant_id = l.variant_id AND q.warehouse_id = l.warehouse_id
        ORDER BY q.rank_priority, q.placed_at, q.root_order_id, q.root_line_number, q.order_id, q.line_number
        LIMIT 1)
FROM order_lines l
LEFT JOIN order_lines a
    ON a.waiting AND a.variant_id = l.variant_id AND a.warehouse_id = l.warehouse_id AND a.order_id <> l.order_id
   AND (a.rank_priority, a.placed_at, a.root_order_id, a.root_line_number, a.order_id, a.line_number)
       < (l.rank_priority, l.placed_at, l.root_order_id, l.root_line_number, l.order_id, l.line_number)
WHERE l.line_id = ANY (%(lines)s::bigint[]) AND l.waiting
GROUP BY l.line_id;

-- kept_back --
-- Sum what waiting orders ahead of this one keep back of some variants, and name them, the first three of them.
SELECT k.variant_id, sum(k.quantity - k.cancelled - k.fulfilled - k.allocated),
       (array_agg(DISTINCT o.number))[:3]
FROM order_lines k JOIN orders o USING (order_id)
WHERE k.waiting AND k.keeps_back AND k.warehouse_id = %(warehouse)s
  AND k.variant_id = ANY (%(variants)s::bigint[]) AND k.order_id <> %(order)s
  AND EXISTS (
      SELECT FROM order_lines l
      WHERE l.order_id = %(order)s AND l.variant_id = k.variant_id
        AND (k.rank_priority, k.placed_at, k.root_order_id, k.root_line_number, k.order_id, k.line_number)
            < (l.rank_priority, l.placed_at, l.root_order_id, l.root_line_number, l.order_id, l.line_number))
GROUP BY k.variant_id;

-- went_to --
-- Name the orders behind that hold units of what lines of a COMPLETE order that keeps nothing back wait for, granted
-- since they wait; the last three for each line.
SELECT l.line_id, g.number, g.units
FROM order_lines l
CROSS JOIN LATERAL (
    SELECT o.number, sum(a.quantity)::bigint AS units, max(a.turn) AS turn
    FROM inventory_units u
    JOIN allocations a ON a.unit_id = u.unit_id AND a.state IN ('RESERVED', 'CONFIRMED')
    JOIN order_lines b ON b.line_id = a.line_id
    JOIN orders o ON o.order_id = b.order_id
    WHERE u.variant_id = l.variant_id AND u.warehouse_id = l.warehouse_id
      AND b.order_id <> l.order_id AND a.turn > l.waits_since_turn
      AND (b.rank_priority, b.placed_at, b.root_order_id) > (l.rank_priority, l.placed_at, l.root_order_id)
    GROUP BY o.order_id, o.number
    ORDER BY max(a.turn) DESC, o.order_id
    LIMIT 3
) g
WHERE l.line_id = ANY (%(lines)s::bigint[]) AND l.waiting AND l.ship_policy = 'COMPLETE' AND NOT l.keeps_back
ORDER BY l.line_id, g.turn DESC, g.number;

-- next_inbound --
-- Find the next supply that is due for each variant and of which not all is sourced.
SELECT DISTINCT ON (variant_id) variant_id, reference || '/' || line_number, outstanding - sourced, due
FROM inbound_lines
WHERE warehouse_id = %(warehouse)s AND variant_id = ANY (%(variants)s::bigint[])
  AND closed_at IS NULL AND outstanding > sourced
ORDER BY variant_id, due NULLS LAST, inbound_line_id;

-- open_backorders_of_lines --
-- Give the numbers of the open records of some lines.
SELECT line_id, number FROM backorders WHERE line_id = ANY (%(lines)s::bigint[]) AND closed_at IS NULL;
