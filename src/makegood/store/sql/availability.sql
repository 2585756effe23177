-- named_unit --
-- Find an inventory unit by its id, without a lock.
SELECT u.variant_id, u.warehouse_id, u.location_id, u.status, u.lot, u.expires_on, w.code, v.sku
FROM inventory_units u
JOIN variants v USING (variant_id)
JOIN warehouses w ON w.warehouse_id = u.warehouse_id
WHERE u.unit_id = %(unit)s
  AND (%(merchants)s::bigint[] IS NULL OR v.merchant_id = ANY (%(merchants)s::bigint[]));

-- variant_named --
-- Find the variants that a SKU, alias or barcode stands for, of one merchant where it is named.
SELECT v.variant_id, m.code, v.sku, v.name
FROM variants v JOIN merchants m USING (merchant_id)
WHERE (v.sku_key = lower(btrim(%(text)s))
       OR v.variant_id IN (SELECT variant_id FROM variant_codes WHERE code_key = lower(btrim(%(text)s))))
  AND (%(merchant)s::text IS NULL OR m.code = %(merchant)s::text)
  AND (%(merchants)s::bigint[] IS NULL OR v.merchant_id = ANY (%(merchants)s::bigint[]))
ORDER BY v.sku_key <> lower(btrim(%(text)s)), m.code;

-- availability --
-- Say warehouse by warehouse what there is of a variant, and what is due next.
SELECT w.code, COALESCE(f.free, 0)::bigint, COALESCE(h.allocated, 0)::bigint,
       (COALESCE(h.unreserved, 0) - COALESCE(f.free, 0))::bigint, COALESCE(q.waiting, 0)::bigint,
       i.reference, i.coming, i.due
FROM warehouses w
LEFT JOIN (
    SELECT u.warehouse_id, sum(u.reserved) FILTER (WHERE u.status = 'AVAILABLE') AS allocated,
           sum(u.quantity - u.reserved) FILTER (WHERE u.status = 'AVAILABLE') AS unreserved
    FROM inventory_units u WHERE u.variant_id = %(variant)s AND u.quantity > 0 GROUP BY 1
) h USING (warehouse_id)
LEFT JOIN (
    SELECT warehouse_id, sum(free) AS free FROM usable_units(%(today)s)
    WHERE variant_id = %(variant)s GROUP BY 1
) f USING (warehouse_id)
LEFT JOIN (
    SELECT warehouse_id, sum(quantity - cancelled - fulfilled - allocated) AS waiting
    FROM order_lines WHERE waiting AND variant_id = %(variant)s GROUP BY 1
) q USING (warehouse_id)
LEFT JOIN LATERAL (
    SELECT n.reference, n.outstanding - n.sourced AS coming, n.due
    FROM inbound_lines n
    WHERE n.variant_id = %(variant)s AND n.warehouse_id = w.warehouse_id AND n.closed_at IS NULL
      AND n.outstanding > n.sourced
    ORDER BY n.due NULLS LAST, n.inbound_line_id LIMIT 1
) i ON true
WHERE h.warehouse_id IS NOT NULL OR q.warehouse_id IS NOT NULL OR i.reference IS NOT NULL
ORDER BY w.network_rank, w.warehouse_id;

-- variants_by_id --
-- Read some variants as they are sold.
SELECT v.variant_id, v.sku_key, m.code, v.sku, v.name, v.lot_tracked, v.expiry_tracked, v.min_shelf_life_days,
       v.length_mm, v.width_mm, v.height_mm, v.weight_g,
       ARRAY(SELECT c.code FROM variant_codes c WHERE c.variant_id = v.variant_id AND c.kind = 'ALIAS' ORDER BY 1),
       ARRAY(SELECT c.code FROM variant_codes c WHERE c.variant_id = v.variant_id AND c.kind = 'BARCODE' ORDER BY 1)
FROM variants v JOIN merchants m USING (merchant_id)
WHERE v.variant_id = ANY (%(variants)s::bigint[]);
