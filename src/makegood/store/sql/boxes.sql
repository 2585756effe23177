-- add_box --
-- Add a box to a warehouse, or bring it up to date.
INSERT INTO boxes (warehouse_id, code, length_mm, width_mm, height_mm, max_weight_g, weight_g, active)
VALUES (%(warehouse)s, %(code)s, %(length_mm)s, %(width_mm)s, %(height_mm)s, %(max_weight_g)s, %(weight_g)s, %(active)s)
ON CONFLICT (warehouse_id, code) DO UPDATE
SET length_mm = EXCLUDED.length_mm, width_mm = EXCLUDED.width_mm, height_mm = EXCLUDED.height_mm,
    max_weight_g = EXCLUDED.max_weight_g, weight_g = EXCLUDED.weight_g, active = EXCLUDED.active;

-- retire_box --
-- Use a box no more.
UPDATE boxes SET active = false WHERE warehouse_id = %(warehouse)s AND code = %(code)s;

-- pack_again_in --
-- Look again at allocated orders of a warehouse for which no box was found; locked by id.
WITH again AS MATERIALIZED (
    SELECT o.order_id FROM orders o JOIN packings p USING (order_id)
    WHERE o.warehouse_id = %(warehouse)s AND o.status = 'ALLOCATED' AND p.outcome <> 'PACKED' AND o.packed
    ORDER BY o.order_id FOR NO KEY UPDATE OF o
)
UPDATE orders o SET packed = false FROM again a WHERE o.order_id = a.order_id;

-- boxes_to_show --
-- List boxes, those of the preferred warehouse first, and of these the smallest.
SELECT w.code, b.code, b.length_mm, b.width_mm, b.height_mm, b.max_weight_g, b.weight_g, b.active
FROM boxes b JOIN warehouses w USING (warehouse_id)
WHERE %(warehouse)s::text IS NULL OR w.code = %(warehouse)s::text
ORDER BY w.network_rank, w.warehouse_id, b.length_mm::bigint * b.width_mm * b.height_mm, b.box_id;

-- boxes_in_use --
-- Say whether any warehouse has boxes.
SELECT EXISTS (SELECT FROM boxes WHERE active);

-- claim_packing --
-- Let one worker pack at a time: two would find the same boxes.
SELECT pg_try_advisory_xact_lock(7205, 0);

-- orders_to_pack --
-- List allocated orders whose boxes are to be found, in warehouses that have boxes, with the version of their row.
SELECT o.order_id, o.warehouse_id, o.version
FROM (SELECT DISTINCT warehouse_id FROM boxes WHERE active) b
CROSS JOIN LATERAL (
    SELECT x.order_id, x.warehouse_id, x.xmin::text AS version FROM orders x
    WHERE x.warehouse_id = b.warehouse_id AND x.status = 'ALLOCATED' AND NOT x.packed
    ORDER BY x.order_id LIMIT %(most)s
) o
ORDER BY o.order_id
LIMIT %(most)s;

-- order_to_pack --
-- Read one order to be packed, if it is allocated and its warehouse has boxes.
SELECT o.order_id, o.warehouse_id, o.xmin::text
FROM orders o
WHERE o.order_id = %(order)s AND o.status = 'ALLOCATED'
  AND EXISTS (SELECT FROM boxes b WHERE b.warehouse_id = o.warehouse_id AND b.active);

-- lines_to_pack --
-- Read what is to go out of some orders, with dimensions and weights.
SELECT l.order_id, l.line_id, v.sku, l.quantity - l.cancelled - l.fulfilled, v.length_mm, v.width_mm, v.height_mm,
       v.weight_g
FROM order_lines l JOIN variants v USING (variant_id)
WHERE l.order_id = ANY (%(orders)s::bigint[]) AND l.quantity > l.cancelled + l.fulfilled
ORDER BY l.order_id, l.line_number;

-- boxes_of --
-- Read the boxes that some warehouses use, the smallest first.
SELECT warehouse_id, box_id, length_mm, width_mm, height_mm, max_weight_g, weight_g FROM boxes
WHERE active AND warehouse_id = ANY (%(warehouses)s::bigint[])
ORDER BY warehouse_id, length_mm::bigint * width_mm * height_mm, box_id;

-- keep_packings --
-- Keep what came of packing those orders that are still as they were read, in place of what was known; locked by id.
WITH same AS MATERIALIZED (
    SELECT o.order_id, n.outcome, n.message
    FROM orders o
    JOIN unnest(%(orders)s::bigint[], %(versions)s::text[], %(outcomes)s::text[], %(messages)s::text[])
        AS n (order_id, version, outcome, message) ON n.order_id = o.order_id AND n.version = o.xmin::text
    ORDER BY o.order_id FOR NO KEY UPDATE OF o
), done AS (
    UPDATE orders o SET packed = true FROM same s WHERE o.order_id = s.order_id
), emptied AS (
    DELETE FROM packages k USING same s WHERE k.order_id = s.order_id
)
INSERT INTO packings (order_id, outcome, message, packed_at)
SELECT order_id, outcome, message, %(as_of)s FROM same
ON CONFLICT (order_id) DO UPDATE
SET outcome = EXCLUDED.outcome, message = EXCLUDED.message, packed_at = EXCLUDED.packed_at
RETURNING order_id;

-- packing_to_show --
-- Say what is known of the boxes of an order.
SELECT o.number,
       COALESCE(p.outcome, CASE WHEN o.status = 'ALLOCATED' AND EXISTS (
           SELECT FROM boxes b WHERE b.warehouse_id = o.warehouse_id AND b.active) THEN 'PENDING' ELSE 'NONE' END),
       COALESCE(p.message, ''), p.packed_at, o.packed OR o.status IN
           ('READY_TO_PICK', 'PICKING', 'PICKED', 'PACKING', 'PACKED', 'SHIPPED')
FROM orders o LEFT JOIN packings p USING (order_id)
WHERE o.order_id = %(order)s;

-- packages_to_show --
-- Read the boxes of an order with what lies where in them.
SELECT k.package_number, b.code, b.length_mm, b.width_mm, b.height_mm, k.weight_g, l.line_number,
       COALESCE(v.sku, l.sku_text), p.x_mm, p.y_mm, p.z_mm, p.length_mm, p.width_mm, p.height_mm
FROM packages k
JOIN boxes b USING (box_id)
JOIN placements p USING (order_id, package_number)
JOIN order_lines l USING (line_id)
LEFT JOIN variants v ON v.variant_id = l.variant_id
WHERE k.order_id = %(order)s
ORDER BY k.package_number, p.place;
