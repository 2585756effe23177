-- pick_units --
-- Move what is reserved for some orders out of its bins into PICKED units of the same place, with the ledger.
-- Bins are locked in id order, as receipts do, which hold no gate.
WITH asked AS (
    SELECT a.allocation_id, a.unit_id, a.quantity
    FROM allocations a
    WHERE a.line_id = ANY (ARRAY(SELECT l.line_id FROM order_lines l WHERE l.order_id = ANY (%(orders)s::bigint[])))
      AND a.state IN ('RESERVED', 'CONFIRMED')
), per_unit AS (
    SELECT unit_id, sum(quantity)::int AS units FROM asked GROUP BY unit_id
), held AS MATERIALIZED (
    SELECT unit_id FROM inventory_units
    WHERE unit_id = ANY (ARRAY(SELECT unit_id FROM per_unit)) ORDER BY unit_id FOR NO KEY UPDATE
), left_bin AS (
    UPDATE inventory_units u SET quantity = u.quantity - p.units, reserved = u.reserved - p.units
    FROM per_unit p WHERE u.unit_id = p.unit_id AND (SELECT count(*) FROM held) > 0
    RETURNING u.unit_id, u.variant_id, u.warehouse_id, u.location_id, u.lot, u.expires_on, u.received_at, p.units
), picked AS (
    INSERT INTO inventory_units AS t
        (variant_id, warehouse_id, location_id, status, lot, expires_on, received_at, quantity, reserved)
    SELECT variant_id, warehouse_id, location_id, 'PICKED', lot, expires_on, min(received_at), sum(units), sum(units)
    FROM left_bin GROUP BY variant_id, warehouse_id, location_id, lot, expires_on
    ORDER BY location_id, variant_id, lot, expires_on
    ON CONFLICT ON CONSTRAINT one_unit_per_place DO UPDATE
    SET quantity = t.quantity + EXCLUDED.quantity, reserved = t.reserved + EXCLUDED.reserved
    RETURNING t.unit_id, t.variant_id, t.location_id, t.lot, t.expires_on
), moved AS (
    SELECT b.unit_id AS from_unit, p.unit_id AS to_unit, b.units
    FROM left_bin b
    JOIN picked p ON p.variant_id = b.variant_id AND p.location_id = b.location_id AND p.lot = b.lot
                 AND p.expires_on IS NOT DISTINCT FROM b.expires_on
), repointed AS (
    UPDATE allocations a SET unit_id = m.to_unit, state = 'CONFIRMED'
    FROM asked s JOIN moved m ON m.from_unit = s.unit_id
    WHERE a.allocation_id = s.allocation_id
)
INSERT INTO stock_movements (unit_id, delta, reason, trigger_source, actor, moved_at)
SELECT from_unit, -units, %(reason)s, %(source)s, %(actor)s, %(as_of)s FROM moved
UNION ALL
SELECT to_unit, sum(units), %(reason)s, %(source)s, %(actor)s, %(as_of)s FROM moved GROUP BY to_unit;

-- ship_units --
-- Let the picked units of some orders leave the books, with the ledger; their allocations are fulfilled.
WITH gone AS (
    UPDATE allocations a SET state = 'FULFILLED', closed_at = %(as_of)s
    WHERE a.line_id = ANY (ARRAY(SELECT l.line_id FROM order_lines l WHERE l.order_id = ANY (%(orders)s::bigint[])))
      AND a.state IN ('RESERVED', 'CONFIRMED')
    RETURNING a.unit_id, a.quantity
), per_unit AS (
    SELECT unit_id, sum(quantity)::int AS units FROM gone GROUP BY unit_id
), taken AS (
    UPDATE inventory_units u SET quantity = u.quantity - p.units, reserved = u.reserved - p.units
    FROM per_unit p WHERE u.unit_id = p.unit_id
    RETURNING u.unit_id, p.units
)
INSERT INTO stock_movements (unit_id, delta, reason, trigger_source, actor, moved_at)
SELECT unit_id, -units, %(reason)s, %(source)s, %(actor)s, %(as_of)s FROM taken;
