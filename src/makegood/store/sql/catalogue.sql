-- find_site --
-- Find a warehouse by code; without one, the first by network rank.
SELECT warehouse_id, code, allow_backorders FROM warehouses
WHERE %(code)s::text IS NULL OR code = %(code)s
ORDER BY network_rank, warehouse_id LIMIT 1;

-- merchant_ids --
-- Find merchants that may be seen by code.
SELECT code, merchant_id FROM merchants
WHERE code = ANY (%(codes)s::text[]) AND (%(merchants)s::bigint[] IS NULL OR merchant_id = ANY (%(merchants)s::bigint[]));

-- add_warehouses --
-- Add warehouses or bring them up to date, each with the rows of its check and of its dates.
WITH added AS (
    INSERT INTO warehouses (code, name, network_rank, allow_backorders, shares_stock)
    SELECT * FROM unnest(%(codes)s::text[], %(names)s::text[], %(ranks)s::int[], %(backorders)s::boolean[],
                         %(sharing)s::boolean[])
    ON CONFLICT (code) DO UPDATE
    SET name = EXCLUDED.name, network_rank = EXCLUDED.network_rank,
        allow_backorders = EXCLUDED.allow_backorders, shares_stock = EXCLUDED.shares_stock
    RETURNING warehouse_id
), dated AS (
    INSERT INTO datings (warehouse_id) SELECT warehouse_id FROM added ON CONFLICT DO NOTHING
)
INSERT INTO checks (warehouse_id) SELECT warehouse_id FROM added ON CONFLICT DO NOTHING;

-- hold_places --
-- Let nobody else add a warehouse, location or box in the meantime.
LOCK TABLE warehouses IN SHARE ROW EXCLUSIVE MODE;

-- add_locations --
-- Add locations; those that exist stay as they are.
INSERT INTO locations (warehouse_id, code, type, is_pickable, active, pick_sequence)
SELECT w.warehouse_id, n.code, n.type, n.is_pickable, n.active, n.pick_sequence
FROM unnest(%(codes)s::text[], %(warehouses)s::text[], %(types)s::text[], %(pickable)s::boolean[],
            %(active)s::boolean[], %(sequences)s::int[])
    AS n (code, warehouse, type, is_pickable, active, pick_sequence)
JOIN warehouses w ON w.code = n.warehouse
ORDER BY w.warehouse_id, n.code
ON CONFLICT (warehouse_id, code) DO NOTHING;

-- add_variants --
-- Add variants or bring their description up to date; the minimum shelf life of one that exists stays.
INSERT INTO variants (merchant_id, sku, name, length_mm, width_mm, height_mm, weight_g, lot_tracked,
                      expiry_tracked, min_shelf_life_days)
SELECT m.merchant_id, btrim(n.sku), n.name, n.length_mm, n.width_mm, n.height_mm, n.weight_g, n.lot_tracked,
       n.expiry_tracked, n.min_shelf_life_days
FROM unnest(%(merchants)s::text[], %(skus)s::text[], %(names)s::text[], %(lengths)s::int[], %(widths)s::int[],
            %(heights)s::int[], %(weights)s::int[], %(lots)s::boolean[], %(expiries)s::boolean[],
            %(shelf_lives)s::int[])
    AS n (merchant, sku, name, length_mm, width_mm, height_mm, weight_g, lot_tracked, expiry_tracked,
          min_shelf_life_days)
JOIN merchants m ON m.code = n.merchant
ORDER BY m.merchant_id, lower(btrim(n.sku))
ON CONFLICT (merchant_id, sku_key) DO UPDATE
SET name = CASE WHEN EXCLUDED.name = '' THEN variants.name ELSE EXCLUDED.name END,
    length_mm = COALESCE(EXCLUDED.length_mm, variants.length_mm),
    width_mm = COALESCE(EXCLUDED.width_mm, variants.width_mm),
    height_mm = COALESCE(EXCLUDED.height_mm, variants.height_mm),
    weight_g = COALESCE(EXCLUDED.weight_g, variants.weight_g),
    lot_tracked = EXCLUDED.lot_tracked, expiry_tracked = EXCLUDED.expiry_tracked;

-- add_codes --
-- Add aliases or barcodes of variants; a code that stands for another variant already is left as it is.
INSERT INTO variant_codes (merchant_id, kind, code, variant_id)
SELECT v.merchant_id, n.kind, btrim(n.code), v.variant_id
FROM unnest(%(merchants)s::text[], %(skus)s::text[], %(kinds)s::text[], %(codes)s::text[])
    AS n (merchant, sku, kind, code)
JOIN merchants m ON m.code = n.merchant
JOIN variants v ON v.merchant_id = m.merchant_id AND v.sku_key = lower(btrim(n.sku))
ORDER BY 1, 2, 3
ON CONFLICT DO NOTHING;

-- find_locations --
-- Find locations by warehouse and code.
SELECT w.code, l.code, l.location_id, l.warehouse_id
FROM unnest(%(warehouses)s::text[], %(codes)s::text[]) AS n (warehouse, code)
JOIN warehouses w ON w.code = n.warehouse
JOIN locations l ON l.warehouse_id = w.warehouse_id AND l.code = n.code;

-- warehouse_codes --
-- List the warehouses by code.
SELECT code FROM warehouses ORDER BY code;
