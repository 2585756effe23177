-- lying_gates --
-- Name the queues that somebody could be served from although no mark is pending: units are free, lines wait.
SELECT u.variant_id, u.warehouse_id, sum(u.free)
FROM usable_units(%(today)s) u
WHERE u.free > 0
  AND EXISTS (SELECT FROM order_lines l
              WHERE l.waiting AND l.variant_id = u.variant_id AND l.warehouse_id = u.warehouse_id)
  AND NOT EXISTS (SELECT FROM marks m WHERE m.variant_id = u.variant_id AND m.warehouse_id = u.warehouse_id)
GROUP BY u.variant_id, u.warehouse_id;

-- waiting_lines_of_gates --
-- Read who waits in some queues, leaving out lines that are bigger than all that is free and keep nothing back.
SELECT l.line_id, l.order_id
FROM unnest(%(variants)s::bigint[], %(warehouses)s::bigint[], %(free)s::bigint[])
    AS g (variant_id, warehouse_id, free)
JOIN order_lines l ON l.waiting AND l.variant_id = g.variant_id AND l.warehouse_id = g.warehouse_id
WHERE (l.ship_policy = 'PARTIAL' OR l.keeps_back
       OR l.quantity - l.cancelled - l.fulfilled - l.allocated <= g.free)
  AND NOT EXISTS (SELECT FROM orders_set_aside a WHERE a.order_id = l.order_id);

-- orders_at_rest --
-- Read orders as they stand, without a lock.
SELECT o.order_id, o.number, o.merchant_id, o.root_order_id, o.warehouse_id, o.priority, o.ship_policy,
       o.keeps_back, o.placed_at, o.status, o.hold_kind, o.hold_reason, o.backordered_since, o.review_after,
       w.allow_backorders
FROM orders o JOIN warehouses w USING (warehouse_id)
WHERE o.order_id = ANY (%(orders)s::bigint[])
ORDER BY o.order_id;

-- orders_under_check --
-- Say which of some orders need a variant whose queue is marked.
SELECT DISTINCT l.order_id
FROM order_lines l
JOIN marks m ON m.variant_id = l.variant_id AND m.warehouse_id = l.warehouse_id
WHERE l.order_id = ANY (%(orders)s::bigint[]) AND l.waiting;

-- units_of_gates --
-- Read what is free in some queues of any warehouse.
SELECT u.warehouse_id, u.unit_id, u.variant_id, u.free, u.received_at, u.expires_on, u.usable_until,
       u.pick_sequence
FROM unnest(%(variants)s::bigint[], %(warehouses)s::bigint[]) AS g (variant_id, warehouse_id)
JOIN usable_units(%(today)s) u ON u.variant_id = g.variant_id AND u.warehouse_id = g.warehouse_id
WHERE u.free > 0;

-- count_waiting_lines --
-- Count the lines that wait.
SELECT count(*) FROM order_lines WHERE waiting;

-- add_sweep --
-- Put a sweep on record.
INSERT INTO sweeps (lines_looked_at, defects) VALUES (%(lines)s, %(defects)s) RETURNING sweep_id;

-- add_sweep_defects --
-- Put on record the lines that a sweep found left lying.
INSERT INTO sweep_defects (sweep_id, line_id, units)
SELECT %(sweep)s, d.line_id, d.units FROM unnest(%(lines)s::bigint[], %(units)s::int[]) AS d (line_id, units)
ORDER BY d.line_id;

-- count_the_books --
-- Count the rows that the doctor looks at.
SELECT jsonb_build_object(
    'orders', (SELECT count(*) FROM orders),
    'lines', (SELECT count(*) FROM order_lines),
    'waiting lines', (SELECT count(*) FROM order_lines WHERE waiting),
    'units', (SELECT count(*) FROM inventory_units),
    'movements', (SELECT count(*) FROM stock_movements),
    'allocations', (SELECT count(*) FROM allocations),
    'open allocations', (SELECT count(*) FROM allocations WHERE state IN ('RESERVED', 'CONFIRMED')),
    'backorders', (SELECT count(*) FROM backorders),
    'sessions', (SELECT count(*) FROM stock_sessions),
    'inbound lines', (SELECT count(*) FROM inbound_lines),
    'sourcings', (SELECT count(*) FROM sourcings),
    'marks', (SELECT count(*) FROM marks));

-- units_reserved_otherwise --
-- Find units of which more or less is reserved than their open allocations say.
SELECT jsonb_build_object('unit_id', u.unit_id, 'sku', v.sku, 'warehouse', w.code, 'bin', b.code,
                          'reserved', u.reserved, 'allocations', COALESCE(a.units, 0))
FROM inventory_units u
LEFT JOIN (SELECT unit_id, sum(quantity) AS units FROM allocations
           WHERE state IN ('RESERVED', 'CONFIRMED') GROUP BY unit_id) a USING (unit_id)
JOIN variants v USING (variant_id)
JOIN locations b USING (location_id)
JOIN warehouses w ON w.warehouse_id = b.warehouse_id
WHERE u.reserved <> COALESCE(a.units, 0)
ORDER BY u.unit_id;

-- units_reserved_beyond --
-- Find units of which more is reserved than lies there, or less than nothing.
SELECT jsonb_build_object('unit_id', u.unit_id, 'sku', v.sku, 'warehouse', w.code, 'bin', b.code,
                          'reserved', u.reserved, 'quantity', u.quantity)
FROM inventory_units u
JOIN variants v USING (variant_id)
JOIN locations b USING (location_id)
JOIN warehouses w ON w.warehouse_id = b.warehouse_id
WHERE u.reserved < 0 OR u.reserved > u.quantity
ORDER BY u.unit_id;

-- lines_overfilled --
-- Find lines that have more than they ask for, or less than nothing.
SELECT jsonb_build_object('order_id', o.order_id, 'line_id', l.line_id, 'order', o.number, 'line', l.line_number,
                          'sku', l.sku_text, 'quantity', l.quantity, 'allocated', l.allocated,
                          'fulfilled', l.fulfilled, 'cancelled', l.cancelled)
FROM order_lines l JOIN orders o USING (order_id)
WHERE l.allocated + l.fulfilled + l.cancelled > l.quantity OR LEAST(l.allocated, l.fulfilled, l.cancelled) < 0
ORDER BY l.line_id;

-- lines_allocated_otherwise --
-- Find lines that say that more or less is reserved for them than their open allocations do.
SELECT jsonb_build_object('order_id', o.order_id, 'line_id', l.line_id, 'order', o.number, 'line', l.line_number,
                          'sku', l.sku_text, 'allocated', l.allocated, 'allocations', COALESCE(a.units, 0))
FROM order_lines l
JOIN orders o USING (order_id)
LEFT JOIN (SELECT line_id, sum(quantity) AS units FROM allocations
           WHERE state IN ('RESERVED', 'CONFIRMED') GROUP BY line_id) a USING (line_id)
WHERE l.allocated <> COALESCE(a.units, 0)
ORDER BY l.line_id;

-- lines_fulfilled_otherwise --
-- Find lines that say that more or less has gone out for them than their fulfilled allocations do.
SELECT jsonb_build_object('order_id', o.order_id, 'line_id', l.line_id, 'order', o.number, 'line', l.line_number,
                          'sku', l.sku_text, 'fulfilled', l.fulfilled, 'allocations', COALESCE(a.units, 0))
FROM order_lines l
JOIN orders o USING (order_id)
LEFT JOIN (SELECT line_id, sum(quantity) AS units FROM allocations WHERE state = 'FULFILLED' GROUP BY line_id) a
    USING (line_id)
WHERE l.fulfilled <> COALESCE(a.units, 0)
ORDER BY l.line_id;

-- orders_in_another_state --
-- Find orders whose status is not the one that their lines come to; from picking on nothing may be short.
SELECT jsonb_build_object('order_id', o.order_id, 'order', o.number, 'status', o.status, 'expected', s.expected,
                          'allocated', s.allocated, 'short', s.short, 'fulfilled', s.fulfilled)
FROM orders o
JOIN (
    SELECT order_id, sum(allocated) AS allocated, sum(fulfilled) AS fulfilled,
           sum(quantity - cancelled - fulfilled - allocated) AS short,
           sum(quantity - cancelled - fulfilled) AS remaining,
           bool_or(variant_id IS NULL AND quantity > cancelled + fulfilled) AS unmatched
    FROM order_lines GROUP BY order_id
) l USING (order_id)
CROSS JOIN LATERAL (
    SELECT l.allocated, l.short, l.fulfilled, CASE
        WHEN l.remaining = 0 AND l.fulfilled > 0 THEN 'SHIPPED'
        WHEN l.remaining = 0 THEN 'CANCELLED'
        WHEN o.status = 'ON_HOLD' THEN 'ON_HOLD'
        WHEN o.status IN ('READY_TO_PICK', 'PICKING', 'PICKED', 'PACKING', 'PACKED') AND l.short = 0 THEN o.status
        WHEN o.status IN ('PENDING', 'CONFIRMED') AND (l.short > 0 OR l.allocated = 0) THEN o.status
        WHEN l.allocated = 0 AND l.unmatched THEN 'ON_HOLD'
        WHEN l.allocated = 0 THEN 'BACKORDERED'
        WHEN l.short > 0 THEN 'PARTIALLY_ALLOCATED'
        ELSE 'ALLOCATED' END AS expected
) s
WHERE o.status <> s.expected
ORDER BY o.order_id;

-- orders_held_otherwise --
-- Find holds without a kind, kinds without a hold, and UNMATCHED holds whose lines are all matched.
SELECT jsonb_build_object('order_id', o.order_id, 'order', o.number, 'status', o.status, 'kind', o.hold_kind)
FROM orders o
WHERE (o.status = 'ON_HOLD') <> (o.hold_kind IS NOT NULL)
   OR (o.status = 'ON_HOLD' AND o.hold_kind = 'UNMATCHED' AND NOT EXISTS (
           SELECT FROM order_lines l
           WHERE l.order_id = o.order_id AND l.variant_id IS NULL AND l.quantity > l.fulfilled + l.cancelled))
ORDER BY o.order_id;

-- orders_without_clock --
-- Find orders in the backorder states that do not know since when.
SELECT jsonb_build_object('order_id', order_id, 'order', number, 'status', status)
FROM orders WHERE status IN ('BACKORDERED', 'PARTIALLY_ALLOCATED') AND backordered_since IS NULL
ORDER BY order_id;

-- ledgers_otherwise --
-- Find units of which another quantity is booked than their movements add up to.
SELECT jsonb_build_object('unit_id', u.unit_id, 'sku', v.sku, 'warehouse', w.code, 'bin', b.code,
                          'quantity', u.quantity, 'ledger', COALESCE(m.units, 0))
FROM inventory_units u
LEFT JOIN (SELECT unit_id, sum(delta) AS units FROM stock_movements GROUP BY unit_id) m USING (unit_id)
JOIN variants v USING (variant_id)
JOIN locations b USING (location_id)
JOIN warehouses w ON w.warehouse_id = b.warehouse_id
WHERE u.quantity <> COALESCE(m.units, 0)
ORDER BY u.unit_id;

-- grants_that_overtook --
-- Find grants later than the turn since which a better ranked PARTIAL line of the same queue waits, still short.
-- A line's grants count from the turn since which it has stood at its rank: earlier ones were made at another.
WITH granted AS (
    SELECT a.line_id, max(a.turn) AS turn
    FROM allocations a JOIN order_lines l USING (line_id)
    WHERE NOT a.forced AND a.sourcing_id IS NULL AND a.turn >= l.waits_since_turn
    GROUP BY a.line_id
), ranked AS (
    SELECT l.*, g.turn,
           min(CASE WHEN l.waiting AND l.ship_policy = 'PARTIAL' AND w.allow_backorders AND a.order_id IS NULL
                    THEN l.waits_since_turn END)
           OVER (PARTITION BY l.variant_id, l.warehouse_id
                 ORDER BY l.rank_priority, l.placed_at, l.root_order_id, l.root_line_number, l.order_id, l.line_number
                 ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS ahead_since
    FROM order_lines l
    JOIN warehouses w USING (warehouse_id)
    LEFT JOIN granted g USING (line_id)
    LEFT JOIN orders_set_aside a ON a.order_id = l.order_id
    WHERE l.variant_id IS NOT NULL AND (l.waiting OR g.turn IS NOT NULL)
)
SELECT jsonb_build_object('order_id', r.order_id, 'line_id', r.line_id, 'order', o.number, 'line', r.line_number,
                          'sku', r.sku_text, 'turn', r.turn, 'ahead', p.number, 'ahead_line', p.line_number,
                          'ahead_since', p.waits_since_turn, 'ahead_short', p.short)
FROM ranked r
JOIN orders o USING (order_id)
CROSS JOIN LATERAL (
    SELECT q.number, l.line_number, l.waits_since_turn,
           l.quantity - l.cancelled - l.fulfilled - l.allocated AS short
    FROM order_lines l JOIN orders q USING (order_id)
    WHERE l.waiting AND l.ship_policy = 'PARTIAL' AND l.variant_id = r.variant_id
      AND NOT EXISTS (SELECT FROM orders_set_aside a WHERE a.order_id = l.order_id)
      AND l.warehouse_id = r.warehouse_id AND l.waits_since_turn < r.turn
      AND (l.rank_priority, l.placed_at, l.root_order_id, l.root_line_number, l.order_id, l.line_number)
        < (r.rank_priority, r.placed_at, r.root_order_id, r.root_line_number, r.order_id, r.line_number)
    ORDER BY l.rank_priority, l.placed_at, l.root_order_id, l.root_line_number, l.order_id, l.line_number
    LIMIT 1
) p
WHERE r.turn > r.ahead_since
ORDER BY r.line_id;

-- orders_left_out --
-- Name the orders that were set aside: nobody serves them.
SELECT jsonb_build_object('order_id', a.order_id, 'order', o.number, 'job', a.job, 'error', a.error,
                          'message', a.message)
FROM orders_set_aside a JOIN orders o USING (order_id)
ORDER BY a.order_id;

-- lines_waiting_otherwise --
-- Find lines that stand in the queue and should not, or should and do not.
SELECT jsonb_build_object('order_id', o.order_id, 'line_id', l.line_id, 'order', o.number, 'line', l.line_number,
                          'sku', l.sku_text, 'status', o.status, 'waiting', l.waiting,
                          'short', l.quantity - l.cancelled - l.fulfilled - l.allocated)
FROM order_lines l JOIN orders o USING (order_id)
WHERE l.waiting <> (l.variant_id IS NOT NULL AND l.quantity > l.allocated + l.fulfilled + l.cancelled
                    AND o.status IN ('PENDING', 'CONFIRMED', 'BACKORDERED', 'PARTIALLY_ALLOCATED'))
ORDER BY l.line_id;

-- lines_in_another_place --
-- Find lines whose place in the queue is not what their order says; a COMPLETE order queues as its best line.
WITH own AS (
    SELECT l.line_id, o.order_id, COALESCE(b.priority, l.priority, o.priority) AS priority
    FROM order_lines l
    JOIN orders o USING (order_id)
    LEFT JOIN backorders b ON b.line_id = l.line_id AND b.closed_at IS NULL AND b.priority IS NOT NULL
), best AS (
    SELECT w.order_id, min(w.priority) AS priority
    FROM own w JOIN orders o USING (order_id)
    WHERE o.ship_policy = 'COMPLETE' GROUP BY w.order_id
)
SELECT jsonb_build_object('order_id', o.order_id, 'line_id', l.line_id, 'order', o.number, 'line', l.line_number,
                          'sku', l.sku_text, 'wrong', concat_ws(', ',
    CASE WHEN l.warehouse_id <> o.warehouse_id
         THEN format('warehouse_id is %%s instead of %%s', l.warehouse_id, o.warehouse_id) END,
    CASE WHEN l.placed_at <> o.placed_at THEN format('placed_at is %%s instead of %%s', l.placed_at, o.placed_at) END,
    CASE WHEN l.root_order_id <> o.root_order_id
         THEN format('root_order_id is %%s instead of %%s', l.root_order_id, o.root_order_id) END,
    CASE WHEN l.ship_policy <> o.ship_policy
         THEN format('ship_policy is %%s instead of %%s', l.ship_policy, o.ship_policy) END,
    CASE WHEN l.keeps_back <> (o.keeps_back AND o.ship_policy = 'COMPLETE')
         THEN format('keeps_back is %%s although the order says otherwise', l.keeps_back) END,
    CASE WHEN l.rank_priority <> COALESCE(b.priority, w.priority)
         THEN format('rank_priority is %%s instead of %%s', l.rank_priority, COALESCE(b.priority, w.priority)) END))
FROM order_lines l
JOIN orders o USING (order_id)
JOIN own w USING (line_id)
LEFT JOIN best b ON b.order_id = o.order_id
WHERE l.warehouse_id <> o.warehouse_id OR l.placed_at <> o.placed_at OR l.root_order_id <> o.root_order_id
   OR l.ship_policy <> o.ship_policy OR l.keeps_back <> (o.keeps_back AND o.ship_policy = 'COMPLETE')
   OR l.rank_priority <> COALESCE(b.priority, w.priority)
ORDER BY l.line_id;

-- lines_without_backorder --
-- Find matched lines that are short and have no open backorder record.
SELECT jsonb_build_object('order_id', o.order_id, 'line_id', l.line_id, 'order', o.number, 'line', l.line_number,
                          'sku', l.sku_text, 'short', l.quantity - l.cancelled - l.fulfilled - l.allocated)
FROM order_lines l JOIN orders o USING (order_id)
WHERE l.variant_id IS NOT NULL AND l.quantity > l.allocated + l.fulfilled + l.cancelled
  AND NOT EXISTS (SELECT FROM backorders b WHERE b.line_id = l.line_id AND b.closed_at IS NULL)
ORDER BY l.line_id;

-- backorders_left_open --
-- Find open backorder records of lines that have nothing remaining, and second open records of one line.
SELECT jsonb_build_object('order_id', o.order_id, 'line_id', l.line_id, 'order', o.number, 'line', l.line_number,
                          'sku', l.sku_text, 'backorders', b.numbers, 'count', b.count,
                          'remaining', l.quantity - l.cancelled - l.fulfilled)
FROM (SELECT line_id, string_agg(number, ', ' ORDER BY backorder_id) AS numbers, count(*) AS count
      FROM backorders WHERE closed_at IS NULL GROUP BY line_id) b
JOIN order_lines l USING (line_id)
JOIN orders o USING (order_id)
WHERE b.count > 1 OR l.quantity <= l.cancelled + l.fulfilled
ORDER BY l.line_id;

-- lines_of_another_merchant --
-- Find lines that are matched with another merchant's variant.
SELECT jsonb_build_object('order_id', o.order_id, 'line_id', l.line_id, 'order', o.number, 'line', l.line_number,
                          'sku', l.sku_text, 'merchant', m.code, 'owner', x.code)
FROM order_lines l
JOIN orders o USING (order_id)
JOIN merchants m ON m.merchant_id = o.merchant_id
JOIN variants v ON v.variant_id = l.variant_id
JOIN merchants x ON x.merchant_id = v.merchant_id
WHERE v.merchant_id <> o.merchant_id
ORDER BY l.line_id;

-- allocations_misplaced --
-- Find open allocations that point to the wrong place: variant, warehouse, status or bin, or a closed order.
SELECT jsonb_build_object('order_id', f.order_id, 'allocation_id', f.allocation_id, 'order', f.number,
                          'line', f.line_number, 'sku', f.sku_text, 'units', f.quantity, 'bin', f.bin, 'why', f.why)
FROM (
    SELECT a.allocation_id, o.order_id, o.number, l.line_number, l.sku_text, a.quantity, b.code AS bin, CASE
        WHEN u.variant_id IS DISTINCT FROM l.variant_id THEN 'holds ' || v.sku
        WHEN u.warehouse_id <> o.warehouse_id THEN 'is in ' || w.code
        WHEN o.status IN ('SHIPPED', 'CANCELLED') THEN 'is still reserved though the order is ' || o.status
        WHEN (u.status = 'PICKED') <> (o.status IN ('PICKED', 'PACKING', 'PACKED'))
            THEN 'has status ' || u.status || ' while the order is ' || o.status
        WHEN u.status NOT IN ('AVAILABLE', 'PICKED') THEN 'has status ' || u.status
        WHEN u.status = 'AVAILABLE' AND NOT (b.is_pickable AND b.active) AND a.sourcing_id IS NULL
             AND o.status NOT IN ('READY_TO_PICK', 'PICKING') THEN 'cannot be picked from' END AS why
    FROM allocations a
    JOIN order_lines l USING (line_id)
    JOIN orders o USING (order_id)
    JOIN inventory_units u USING (unit_id)
    JOIN variants v ON v.variant_id = u.variant_id
    JOIN warehouses w ON w.warehouse_id = u.warehouse_id
    JOIN locations b ON b.location_id = u.location_id
    WHERE a.state IN ('RESERVED', 'CONFIRMED')
) f
WHERE f.why IS NOT NULL
ORDER BY f.allocation_id;

-- complete_orders_in_part --
-- Find orders that ship complete, are short, and hold units that were neither forced on them nor sourced for them.
SELECT jsonb_build_object('order_id', o.order_id, 'order', o.number, 'held', h.held, 'short', h.short)
FROM orders o
JOIN (SELECT l.order_id, sum(a.units) AS held, sum(l.quantity - l.cancelled - l.fulfilled - l.allocated) AS short
      FROM order_lines l
      LEFT JOIN (SELECT line_id, sum(quantity) AS units FROM allocations
                 WHERE state IN ('RESERVED', 'CONFIRMED') AND NOT forced AND sourcing_id IS NULL
                 GROUP BY line_id) a USING (line_id)
      GROUP BY l.order_id) h USING (order_id)
WHERE o.ship_policy = 'COMPLETE' AND h.held > 0 AND h.short > 0
ORDER BY o.order_id;

-- picked_for_nobody --
-- Find picked units that are not reserved for anybody.
SELECT jsonb_build_object('unit_id', u.unit_id, 'sku', v.sku, 'warehouse', w.code, 'bin', b.code,
                          'quantity', u.quantity, 'reserved', u.reserved)
FROM inventory_units u
JOIN variants v USING (variant_id)
JOIN locations b USING (location_id)
JOIN warehouses w ON w.warehouse_id = b.warehouse_id
WHERE u.status = 'PICKED' AND u.reserved < u.quantity
ORDER BY u.unit_id;

-- name_lines --
-- Give order number, line number, SKU text and warehouse of some lines.
SELECT l.line_id, o.number, l.line_number, l.sku_text, w.code
FROM order_lines l JOIN orders o USING (order_id) JOIN warehouses w ON w.warehouse_id = l.warehouse_id
WHERE l.line_id = ANY (%(lines)s::bigint[]);

-- oldest_mark --
-- Tell how long the oldest mark has been pending, in seconds of the database's clock; nothing when none is.
SELECT EXTRACT(epoch FROM clock_timestamp() - min(marked_at))::int FROM marks;

-- front_of_the_queue --
-- Give the orders of the best ranked waiting lines of the warehouse that comes first.
SELECT DISTINCT order_id FROM (
    SELECT order_id FROM order_lines
    WHERE waiting AND warehouse_id = (SELECT min(warehouse_id) FROM order_lines WHERE waiting)
    ORDER BY rank_priority, placed_at, root_order_id, line_id LIMIT %(most)s
) f ORDER BY order_id;

-- sessions_applied_otherwise --
-- Find sessions whose movements are not exactly their figures, place by place; of one not approved, nothing moves.
WITH kinds (kind, source, reason) AS (
    VALUES ('RECEIVING', 'receiving:', 'receipt'), ('COUNT', 'cycle-count:', 'cycle count'),
           ('RETURN', 'return:', 'customer return')
), figures AS (
    SELECT s.session_id, l.variant_id, l.location_id, f.goods, l.lot, COALESCE(l.expires_on, 'infinity') AS expires_on,
           sum(CASE WHEN s.status = 'APPROVED' THEN f.units ELSE 0 END) AS units
    FROM stock_sessions s
    JOIN stock_session_lines l USING (session_id)
    CROSS JOIN LATERAL (VALUES (l.status, l.quantity - l.damaged - COALESCE(l.booked, 0)), ('DAMAGED', l.damaged))
        AS f (goods, units)
    WHERE NOT l.superseded
    GROUP BY 1, 2, 3, 4, 5, 6
), moved AS (
    SELECT s.session_id, u.variant_id, u.location_id, u.status AS goods, u.lot,
           COALESCE(u.expires_on, 'infinity') AS expires_on, sum(m.delta) AS units
    FROM stock_sessions s
    JOIN kinds k USING (kind)
    JOIN stock_movements m ON m.trigger_source = k.source || s.reference AND m.reason = k.reason
    JOIN inventory_units u USING (unit_id)
    GROUP BY 1, 2, 3, 4, 5, 6
)
SELECT jsonb_build_object('session_id', s.session_id, 'kind', s.kind, 'reference', s.reference, 'status', s.status,
                          'sku', v.sku, 'bin', b.code, 'goods', goods, 'figures', COALESCE(f.units, 0),
                          'moved', COALESCE(m.units, 0))
FROM figures f
FULL JOIN moved m USING (session_id, variant_id, location_id, goods, lot, expires_on)
JOIN stock_sessions s USING (session_id)
JOIN variants v USING (variant_id)
JOIN locations b USING (location_id)
WHERE COALESCE(f.units, 0) <> COALESCE(m.units, 0)
ORDER BY s.session_id, v.sku, b.code, goods, lot, expires_on;

-- sessions_told_otherwise --
-- Find approved sessions that do not know what their approval did, and others that say that one did something.
SELECT jsonb_build_object('session_id', s.session_id, 'kind', s.kind, 'reference', s.reference, 'status', s.status,
                          'told', CASE
                              WHEN s.result IS NULL THEN 'no result: who approves it again is refused'
                              ELSE 'a result: who approves it is told that, and nothing is posted' END)
FROM stock_sessions s
WHERE (s.status = 'APPROVED') <> (s.result IS NOT NULL)
ORDER BY s.session_id;
