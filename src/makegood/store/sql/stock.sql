-- add_stock --
-- Add units where they lie, joining what is there (the older age wins), and write the ledger; in place order.
WITH asked AS (
    SELECT * FROM unnest(%(variants)s::bigint[], %(warehouses)s::bigint[], %(locations)s::bigint[],
                         %(statuses)s::text[], %(lots)s::text[], %(expiries)s::date[], %(quantities)s::int[],
                         %(ages)s::timestamptz[])
        AS n (variant_id, warehouse_id, location_id, status, lot, expires_on, quantity, received_at)
), posted AS (
    INSERT INTO inventory_units AS u
        (variant_id, warehouse_id, location_id, status, lot, expires_on, received_at, quantity)
    SELECT n.variant_id, n.warehouse_id, n.location_id, n.status, n.lot, n.expires_on, n.received_at, n.quantity
    FROM asked n
    ORDER BY n.location_id, n.variant_id, n.status, n.lot, n.expires_on
    ON CONFLICT ON CONSTRAINT one_unit_per_place DO UPDATE
    SET quantity = u.quantity + EXCLUDED.quantity,
        received_at = CASE WHEN u.quantity = 0 THEN EXCLUDED.received_at
                           ELSE LEAST(u.received_at, EXCLUDED.received_at) END
    RETURNING u.unit_id, u.variant_id, u.warehouse_id, u.location_id, u.status, u.lot, u.expires_on
), written AS (
    INSERT INTO stock_movements (unit_id, delta, reason, trigger_source, actor, moved_at)
    SELECT p.unit_id, n.quantity, %(reason)s, %(source)s, %(actor)s, %(as_of)s
    FROM posted p
    JOIN asked n ON n.variant_id = p.variant_id AND n.location_id = p.location_id AND n.status = p.status
                AND n.lot = p.lot AND n.expires_on IS NOT DISTINCT FROM p.expires_on
)
SELECT p.unit_id, p.variant_id, p.warehouse_id, p.location_id, p.status, p.lot, p.expires_on,
       p.status = 'AVAILABLE' AND l.is_pickable AND l.active
       AND (p.expires_on IS NULL OR p.expires_on - v.min_shelf_life_days >= %(today)s)
FROM posted p
JOIN locations l ON l.location_id = p.location_id
JOIN variants v ON v.variant_id = p.variant_id
ORDER BY p.unit_id;

-- take_stock --
-- Take units off and write the ledger; what is reserved stays covered, by law 1.
WITH taken AS (
    UPDATE inventory_units u SET quantity = u.quantity - n.units
    FROM unnest(%(ids)s::bigint[], %(units)s::int[]) AS n (unit_id, units)
    WHERE u.unit_id = n.unit_id AND u.unit_id = ANY (%(ids)s::bigint[]) AND u.quantity - u.reserved >= n.units
    RETURNING u.unit_id, n.units
)
INSERT INTO stock_movements (unit_id, delta, reason, trigger_source, actor, moved_at)
SELECT unit_id, -units, %(reason)s, %(source)s, %(actor)s, %(as_of)s FROM taken;

-- share_locations --
-- Keep locations from becoming usable or unusable until the commit; in id order.
SELECT location_id FROM locations WHERE location_id = ANY (%(ids)s::bigint[])
ORDER BY location_id
FOR SHARE;

-- share_variants --
-- Keep the minimum shelf life of variants as it is until the commit; in id order.
SELECT variant_id FROM variants WHERE variant_id = ANY (%(ids)s::bigint[])
ORDER BY variant_id
FOR SHARE;

-- look_at_places --
-- Say of each place which unit is there, and whether what lies there can be given out.
SELECT u.unit_id,
       n.status = 'AVAILABLE' AND l.is_pickable AND l.active
       AND (n.expires_on IS NULL OR n.expires_on - v.min_shelf_life_days >= %(today)s)
FROM unnest(%(variants)s::bigint[], %(locations)s::bigint[], %(statuses)s::text[], %(lots)s::text[],
            %(expiries)s::date[])
    WITH ORDINALITY AS n (variant_id, location_id, status, lot, expires_on, place)
JOIN locations l ON l.location_id = n.location_id
JOIN variants v ON v.variant_id = n.variant_id
LEFT JOIN inventory_units u
    ON u.location_id = n.location_id AND u.variant_id = n.variant_id AND u.status = n.status AND u.lot = n.lot
   AND u.expires_on IS NOT DISTINCT FROM n.expires_on
ORDER BY n.place;

-- open_places --
-- Put an empty unit into places that have none, in place order; whoever opens one of them is waited for.
INSERT INTO inventory_units (variant_id, warehouse_id, location_id, status, lot, expires_on, received_at, quantity)
SELECT n.variant_id, n.warehouse_id, n.location_id, n.status, n.lot, n.expires_on, %(as_of)s, 0
FROM unnest(%(variants)s::bigint[], %(warehouses)s::bigint[], %(locations)s::bigint[], %(statuses)s::text[],
            %(lots)s::text[], %(expiries)s::date[])
    AS n (variant_id, warehouse_id, location_id, status, lot, expires_on)
ORDER BY n.location_id, n.variant_id, n.status, n.lot, n.expires_on
ON CONFLICT ON CONSTRAINT one_unit_per_place DO NOTHING;

-- lock_units --
-- Lock inventory units in id order and read them.
SELECT u.unit_id, u.variant_id, u.warehouse_id, u.location_id, u.status, u.lot, u.expires_on, u.quantity, u.reserved,
       u.received_at, v.sku, u.status = 'AVAILABLE' AND l.is_pickable AND l.active,
       u.expires_on - v.min_shelf_life_days
FROM inventory_units u
JOIN locations l ON l.location_id = u.location_id
JOIN variants v ON v.variant_id = u.variant_id
WHERE u.unit_id = ANY (%(ids)s::bigint[])
ORDER BY u.unit_id
FOR NO KEY UPDATE OF u;

-- units_in_locations --
-- Read what lies in some locations.
SELECT u.unit_id, u.variant_id, u.warehouse_id, u.location_id, u.status, u.lot, u.expires_on, u.quantity, u.reserved,
       u.received_at, v.sku, u.status = 'AVAILABLE' AND l.is_pickable AND l.active,
       u.expires_on - v.min_shelf_life_days
FROM inventory_units u
JOIN locations l ON l.location_id = u.location_id
JOIN variants v ON v.variant_id = u.variant_id
WHERE u.location_id = ANY (%(locations)s::bigint[]) AND u.status = 'AVAILABLE' AND u.quantity > 0
ORDER BY u.unit_id;

-- dated_units --
-- Read what there is of some variants that has an expiry date.
SELECT u.unit_id, u.variant_id, u.warehouse_id, u.location_id, u.status, u.lot, u.expires_on, u.quantity, u.reserved,
       u.received_at, v.sku, u.status = 'AVAILABLE' AND l.is_pickable AND l.active,
       u.expires_on - v.min_shelf_life_days
FROM inventory_units u
JOIN locations l ON l.location_id = u.location_id
JOIN variants v ON v.variant_id = u.variant_id
WHERE u.variant_id = ANY (%(variants)s::bigint[]) AND u.status = 'AVAILABLE' AND u.quantity > 0
  AND u.expires_on IS NOT NULL
ORDER BY u.unit_id;

-- expired_reservations --
-- Name the warehouse and some units with reservations on lots that have expired or become short-dated.
SELECT u.warehouse_id, u.unit_id
FROM inventory_units u
JOIN variants v ON v.variant_id = u.variant_id
WHERE u.reserved > 0 AND u.status = 'AVAILABLE'
  AND u.expires_on < %(today)s::date + (SELECT max(min_shelf_life_days) FROM variants)
  AND u.expires_on - v.min_shelf_life_days < %(today)s::date
ORDER BY u.warehouse_id, u.unit_id
LIMIT %(most)s;

-- places_of_units --
-- Say where some units stand: that never changes.
SELECT unit_id, variant_id, warehouse_id, location_id, status, lot, expires_on
FROM inventory_units WHERE unit_id = ANY (%(ids)s::bigint[]);

-- units_gates --
-- Say in which queues some units would be given out, and how many of each are free.
SELECT unit_id, variant_id, warehouse_id, quantity - reserved FROM inventory_units WHERE unit_id = ANY (%(ids)s::bigint[]);

-- set_location --
-- Say whether a location is pickable and active; what is not said stays.
UPDATE locations
SET is_pickable = COALESCE(%(is_pickable)s::boolean, is_pickable), active = COALESCE(%(active)s::boolean, active)
WHERE location_id = %(id)s;

-- set_min_shelf_life --
-- Say how many days a lot must still have to be given out.
UPDATE variants SET min_shelf_life_days = %(days)s WHERE variant_id = %(id)s;

-- repoint_allocations --
-- Let open allocations stand on other units, or keep a part of what they had.
UPDATE allocations a SET unit_id = n.unit_id, quantity = n.units
FROM unnest(%(ids)s::bigint[], %(unit_ids)s::bigint[], %(units)s::int[]) AS n (allocation_id, unit_id, units)
WHERE a.allocation_id = n.allocation_id AND a.allocation_id = ANY (%(ids)s::bigint[])
  AND a.state IN ('RESERVED', 'CONFIRMED');

-- split_allocations --
-- Give a part of an open allocation an entry of its own on another unit; all else stays as it was.
INSERT INTO allocations
    (line_id, unit_id, quantity, state, forced, reason, expires_at, turn, attempt_id, reserved_at, sourcing_id)
SELECT a.line_id, n.unit_id, n.units, a.state, a.forced, a.reason, a.expires_at, a.turn, a.attempt_id, a.reserved_at,
       a.sourcing_id
FROM unnest(%(ids)s::bigint[], %(unit_ids)s::bigint[], %(units)s::int[]) WITH ORDINALITY
    AS n (allocation_id, unit_id, units, place)
JOIN allocations a USING (allocation_id)
ORDER BY n.place;

-- stock_in_places --
-- Read the lots that lie in some locations with some status.
SELECT DISTINCT u.variant_id, u.warehouse_id, u.location_id, u.status, u.lot, u.expires_on
FROM unnest(%(variants)s::bigint[], %(locations)s::bigint[], %(statuses)s::text[])
    AS n (variant_id, location_id, status)
JOIN inventory_units u USING (location_id, variant_id, status)
WHERE u.quantity > 0
ORDER BY u.variant_id, u.location_id, u.lot, u.expires_on;

-- lot_rules --
-- Say of each lot what its variant insists on, and the one expiry date under which the lot is known.
SELECT v.lot_tracked, v.expiry_tracked, (
    SELECT CASE WHEN count(DISTINCT u.expires_on) = 1 THEN min(u.expires_on) END
    FROM inventory_units u WHERE u.variant_id = n.variant_id AND u.lot = n.lot AND n.lot <> ''
)
FROM unnest(%(variants)s::bigint[], %(lots)s::text[]) WITH ORDINALITY AS n (variant_id, lot, place)
JOIN variants v ON v.variant_id = n.variant_id
ORDER BY n.place;
