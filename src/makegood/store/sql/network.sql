-- warehouses_that_have --
-- Name the other warehouses that share their stock and have some of these variants, in the network's rank.
SELECT u.variant_id, w.warehouse_id, w.code
FROM usable_units(%(today)s) u JOIN warehouses w USING (warehouse_id)
WHERE u.variant_id = ANY (%(variants)s::bigint[]) AND u.free > 0 AND w.shares_stock
  AND w.warehouse_id <> %(warehouse)s
GROUP BY w.network_rank, w.warehouse_id, w.code, u.variant_id
ORDER BY w.network_rank, w.warehouse_id, u.variant_id;

-- divide_lines_over --
-- Give so many units of some lines to lines of another order, in its warehouse; what is left is the caller's to lessen.
INSERT INTO order_lines
    (order_id, line_number, root_line_number, sku_text, variant_id, quantity, unit_price, currency, priority,
     warehouse_id, rank_priority, placed_at, root_order_id, ship_policy, keeps_back, waits_since_turn,
     part_of_line, instead_of, instead_units, instead_per)
SELECT o.order_id, l.line_number, l.root_line_number, l.sku_text, l.variant_id, n.units, l.unit_price, l.currency,
       COALESCE(b.priority, l.priority), o.warehouse_id, l.rank_priority, l.placed_at, l.root_order_id, l.ship_policy,
       l.keeps_back, %(turn)s, l.line_id, l.instead_of, l.instead_units, l.instead_per
FROM unnest(%(lines)s::bigint[], %(units)s::int[]) AS n (line_id, units)
JOIN order_lines l USING (line_id)
JOIN orders o ON o.order_id = %(order)s
LEFT JOIN backorders b ON b.line_id = l.line_id AND b.closed_at IS NULL
ORDER BY l.line_number
RETURNING part_of_line, line_id, priority;

-- send_from --
-- Let an order be served by another warehouse, with all its lines; it remembers where it belongs.
WITH moved AS (
    UPDATE orders
    SET home_warehouse_id = NULLIF(COALESCE(home_warehouse_id, warehouse_id), %(warehouse)s),
        warehouse_id = %(warehouse)s
    WHERE order_id = %(order)s
)
UPDATE order_lines SET warehouse_id = %(warehouse)s, waits_since_turn = %(turn)s WHERE order_id = %(order)s;

-- home_of_order --
-- Say to which warehouse an order goes back that is served by another one.
SELECT home_warehouse_id FROM orders WHERE order_id = %(order)s;

-- site_by_id --
-- Read a warehouse.
SELECT warehouse_id, code, allow_backorders FROM warehouses WHERE warehouse_id = %(warehouse)s;
