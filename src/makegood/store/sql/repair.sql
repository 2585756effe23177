-- orders_as_written --
-- Give orders as they are written, with their lines and open backorder records, for a before and an after.
SELECT o.order_id, to_jsonb(o) - 'changed_at' || jsonb_build_object(
    'lines', (SELECT jsonb_object_agg(l.line_number, to_jsonb(l) - 'waits_since_turn')
              FROM order_lines l WHERE l.order_id = o.order_id),
    'open_backorders', (SELECT jsonb_agg(b.number ORDER BY b.backorder_id)
                        FROM backorders b JOIN order_lines l USING (line_id)
                        WHERE l.order_id = o.order_id AND b.closed_at IS NULL))
FROM orders o WHERE o.order_id = ANY (%(orders)s::bigint[])
ORDER BY o.order_id;

-- recount_units --
-- Set units to what the ledger and the open allocations say, where that much lies there; they are locked.
UPDATE inventory_units u SET quantity = s.moved, reserved = s.held
FROM (
    SELECT n.unit_id, o.quantity, o.reserved,
           COALESCE((SELECT sum(m.delta) FROM stock_movements m WHERE m.unit_id = n.unit_id), 0) AS moved,
           COALESCE((SELECT sum(a.quantity) FROM allocations a
                     WHERE a.unit_id = n.unit_id AND a.state IN ('RESERVED', 'CONFIRMED')), 0) AS held
    FROM unnest(%(ids)s::bigint[]) AS n (unit_id) JOIN inventory_units o USING (unit_id)
) s
WHERE u.unit_id = s.unit_id AND s.held <= s.moved AND (s.quantity, s.reserved) <> (s.moved, s.held)
RETURNING u.unit_id, u.variant_id, u.warehouse_id, s.quantity, s.reserved, u.quantity, u.reserved;

-- orders_on_units --
-- Name the orders that hold open allocations on some units.
SELECT DISTINCT a.unit_id, l.order_id
FROM allocations a JOIN order_lines l USING (line_id)
WHERE a.unit_id = ANY (%(ids)s::bigint[]) AND a.state IN ('RESERVED', 'CONFIRMED')
ORDER BY a.unit_id, l.order_id;

-- recount_lines --
-- Set lines of some orders to what their allocations and sourcings say, where that is not more than they ask for.
UPDATE order_lines l
SET allocated = s.held, fulfilled = s.gone, sourced = s.due,
    waiting = l.waiting AND l.variant_id IS NOT NULL AND l.quantity > s.held + s.gone + l.cancelled
FROM (
    SELECT n.line_id,
           COALESCE(sum(a.quantity) FILTER (WHERE a.state IN ('RESERVED', 'CONFIRMED')), 0) AS held,
           COALESCE(sum(a.quantity) FILTER (WHERE a.state = 'FULFILLED'), 0) AS gone,
           COALESCE((SELECT sum(x.quantity) FROM sourcings x WHERE x.line_id = n.line_id AND x.state = 'OPEN'), 0) AS due
    FROM order_lines n LEFT JOIN allocations a USING (line_id)
    WHERE n.order_id = ANY (%(orders)s::bigint[])
    GROUP BY n.line_id
) s
WHERE l.line_id = s.line_id AND s.held + s.gone + l.cancelled + s.due <= l.quantity
  AND (l.variant_id IS NOT NULL OR s.held = 0);

-- replace_lines --
-- Put lines of some orders back into the place of the queue that their order says.
UPDATE order_lines l
SET warehouse_id = s.warehouse_id, placed_at = s.placed_at, root_order_id = s.root_order_id,
    ship_policy = s.ship_policy, keeps_back = s.keeps_back, rank_priority = s.rank_priority,
    waits_since_turn = %(turn)s
FROM (
    SELECT n.line_id, o.warehouse_id, o.placed_at, o.root_order_id, o.ship_policy,
           o.keeps_back AND o.ship_policy = 'COMPLETE' AS keeps_back,
           CASE WHEN o.ship_policy = 'COMPLETE' THEN min(p.priority) OVER (PARTITION BY o.order_id)
                ELSE p.priority END AS rank_priority
    FROM order_lines n
    JOIN orders o USING (order_id)
    CROSS JOIN LATERAL (
        SELECT COALESCE((SELECT b.priority FROM backorders b WHERE b.line_id = n.line_id AND b.closed_at IS NULL
                         ORDER BY b.backorder_id LIMIT 1), n.priority, o.priority) AS priority
    ) p
    WHERE o.order_id = ANY (%(orders)s::bigint[])
) s
WHERE l.line_id = s.line_id
  AND (l.warehouse_id, l.placed_at, l.root_order_id, l.ship_policy, l.keeps_back, l.rank_priority)
   <> (s.warehouse_id, s.placed_at, s.root_order_id, s.ship_policy, s.keeps_back, s.rank_priority);

-- restart_clocks --
-- Let short orders that have forgotten since when they are short count from their oldest open backorder record.
UPDATE orders o
SET backordered_since = COALESCE(
    (SELECT min(b.opened_at) FROM backorders b JOIN order_lines l USING (line_id)
     WHERE l.order_id = o.order_id AND b.closed_at IS NULL), o.placed_at)
WHERE o.order_id = ANY (%(orders)s::bigint[]) AND o.backordered_since IS NULL
  AND o.status IN ('BACKORDERED', 'PARTIALLY_ALLOCATED');

-- clear_hold_kinds --
-- Take the kind of hold off orders that are not held.
UPDATE orders SET hold_kind = NULL, held_at = NULL
WHERE order_id = ANY (%(orders)s::bigint[]) AND status <> 'ON_HOLD' AND hold_kind IS NOT NULL;

-- close_second_backorders --
-- Close all but the oldest open record of each line of some orders.
UPDATE backorders b SET closed_at = %(as_of)s
FROM order_lines l
WHERE l.line_id = b.line_id AND l.order_id = ANY (%(orders)s::bigint[]) AND b.closed_at IS NULL
  AND EXISTS (SELECT FROM backorders x
              WHERE x.line_id = b.line_id AND x.closed_at IS NULL AND x.backorder_id < b.backorder_id);

-- gates_of_orders --
-- Name the queues in which lines of some orders wait.
SELECT DISTINCT variant_id, warehouse_id FROM order_lines
WHERE order_id = ANY (%(orders)s::bigint[]) AND waiting;
