-- add_stock --
-- Add units where they lie, joining what is there, and write the ledger; in place order, so that nobody deadlocks.
WITH posted AS (
    INSERT INTO inventory_units AS u
        (variant_id, warehouse_id, location_id, status, lot, expires_on, received_at, quantity)
    SELECT n.variant_id, n.warehouse_id, n.location_id, n.status, n.lot, n.expires_on, %(as_of)s, n.quantity
    FROM unnest(%(variants)s::bigint[], %(warehouses)s::bigint[], %(locations)s::bigint[], %(statuses)s::text[],
                %(lots)s::text[], %(expiries)s::date[], %(quantities)s::int[])
        AS n (variant_id, warehouse_id, location_id, status, lot, expires_on, quantity)
    ORDER BY n.location_id, n.variant_id, n.status, n.lot, n.expires_on
    ON CONFLICT ON CONSTRAINT one_unit_per_place DO UPDATE
    SET quantity = u.quantity + EXCLUDED.quantity,
        received_at = CASE WHEN u.quantity = 0 THEN EXCLUDED.received_at ELSE u.received_at END
    RETURNING u.unit_id, u.variant_id, u.warehouse_id, u.location_id, u.status, u.lot, u.expires_on
), written AS (
    INSERT INTO stock_movements (unit_id, delta, reason, trigger_source, actor, moved_at)
    SELECT p.unit_id, n.quantity, %(reason)s, %(source)s, %(actor)s, %(as_of)s
    FROM posted p
    JOIN unnest(%(variants)s::bigint[], %(locations)s::bigint[], %(statuses)s::text[], %(lots)s::text[],
                %(expiries)s::date[], %(quantities)s::int[])
        AS n (variant_id, location_id, status, lot, expires_on, quantity)
        ON n.variant_id = p.variant_id AND n.location_id = p.location_id AND n.status = p.status
       AND n.lot = p.lot AND n.expires_on IS NOT DISTINCT FROM p.expires_on
)
SELECT p.unit_id, p.variant_id, p.warehouse_id,
       p.status = 'AVAILABLE' AND l.is_pickable AND l.active
       AND (p.expires_on IS NULL OR p.expires_on - v.min_shelf_life_days >= %(today)s)
FROM posted p
JOIN locations l ON l.location_id = p.location_id
JOIN variants v ON v.variant_id = p.variant_id;

-- take_stock --
-- Take units off and write the ledger; what is reserved stays covered, by law 1.
WITH taken AS (
    UPDATE inventory_units u SET quantity = u.quantity - n.units
    FROM unnest(%(ids)s::bigint[], %(units)s::int[]) AS n (unit_id, units)
    WHERE u.unit_id = n.unit_id AND u.quantity - u.reserved >= n.units
    RETURNING u.unit_id, n.units
)
INSERT INTO stock_movements (unit_id, delta, reason, trigger_source, actor, moved_at)
SELECT unit_id, -units, %(reason)s, %(source)s, %(actor)s, %(as_of)s FROM taken;

-- lock_units --
-- Lock inventory units in id order and read them.
SELECT unit_id, variant_id, warehouse_id, location_id, status, lot, expires_on, quantity, reserved
FROM inventory_units WHERE unit_id = ANY (%(ids)s::bigint[])
ORDER BY unit_id
FOR NO KEY UPDATE;

-- units_gates --
-- Say in which queues some units would be given out.
SELECT unit_id, variant_id, warehouse_id FROM inventory_units WHERE unit_id = ANY (%(ids)s::bigint[]);
