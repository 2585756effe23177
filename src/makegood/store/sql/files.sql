-- add_merchants --
-- Add merchants that do not exist yet.
INSERT INTO merchants (code) SELECT DISTINCT n.code FROM unnest(%(codes)s::text[]) AS n (code)
ORDER BY n.code
ON CONFLICT DO NOTHING;

-- orders_as_placed --
-- Read what stands in the books under these order numbers, line by line.
SELECT o.merchant_id, o.number, w.code, o.placed_at, o.channel, o.customer_reference, o.customer_name,
       o.customer_email, o.customer_class, o.priority, o.ship_policy,
       CASE WHEN o.keeps_back THEN 'RESERVE' ELSE 'SKIP' END, o.requested_date, lower(btrim(l.sku_text)), l.quantity, l.unit_price, COALESCE(l.currency, ''), l.priority
FROM orders o
JOIN unnest(%(merchants)s::bigint[], %(numbers)s::text[]) AS n (merchant_id, number) USING (merchant_id, number)
JOIN warehouses w USING (warehouse_id)
JOIN order_lines l USING (order_id)
ORDER BY o.order_id, l.line_number;

-- warehouse_ids --
-- Find warehouses by code.
SELECT code, warehouse_id FROM warehouses WHERE code = ANY (%(codes)s::text[]);

-- units_stated --
-- Say of each place that a file states how many units the books have there, and in which unit.
SELECT u.unit_id, COALESCE(u.quantity, 0)
FROM unnest(%(variants)s::bigint[], %(locations)s::bigint[], %(statuses)s::text[], %(lots)s::text[],
            %(expiries)s::date[])
    WITH ORDINALITY AS n (variant_id, location_id, status, lot, expires_on, place)
LEFT JOIN inventory_units u
    ON u.location_id = n.location_id AND u.variant_id = n.variant_id AND u.status = n.status AND u.lot = n.lot
   AND u.expires_on IS NOT DISTINCT FROM n.expires_on
ORDER BY n.place;

-- variants_described --
-- Read what the books say about variants that a file describes, by SKU alone; the first column tells the same SKU.
SELECT lower(btrim(n.sku)), v.variant_id, v.name, v.length_mm, v.width_mm, v.height_mm, v.weight_g, v.lot_tracked,
       v.expiry_tracked, v.min_shelf_life_days
FROM unnest(%(merchants)s::bigint[], %(skus)s::text[]) WITH ORDINALITY AS n (merchant_id, sku, place)
LEFT JOIN variants v ON v.merchant_id = n.merchant_id AND v.sku_key = lower(btrim(n.sku))
ORDER BY n.place;

-- codes_held --
-- Say which variant has each alias or barcode; the first column tells the same code.
SELECT lower(btrim(n.code)), v.sku_key, v.sku
FROM unnest(%(merchants)s::bigint[], %(kinds)s::text[], %(codes)s::text[]) WITH ORDINALITY
    AS n (merchant_id, kind, code, place)
LEFT JOIN variant_codes c
    ON c.merchant_id = n.merchant_id AND c.kind = n.kind AND c.code_key = lower(btrim(n.code))
LEFT JOIN variants v ON v.variant_id = c.variant_id
ORDER BY n.place;

-- set_shelf_lives --
-- Say of variants how many days a lot must still have to be given out.
UPDATE variants v SET min_shelf_life_days = n.days
FROM unnest(%(variants)s::bigint[], %(days)s::int[]) AS n (variant_id, days)
WHERE v.variant_id = n.variant_id AND v.variant_id = ANY (%(variants)s::bigint[]);

-- locations_described --
-- Read what the books say about locations that a file describes.
SELECT l.location_id, l.type, l.is_pickable, l.active, l.pick_sequence
FROM unnest(%(warehouses)s::bigint[], %(codes)s::text[]) WITH ORDINALITY AS n (warehouse_id, code, place)
LEFT JOIN locations l ON l.warehouse_id = n.warehouse_id AND l.code = n.code
ORDER BY n.place;

-- describe_locations --
-- Write what locations are, and whether what lies there can be given out.
UPDATE locations l
SET type = n.type, is_pickable = n.is_pickable, active = n.active, pick_sequence = n.pick_sequence
FROM unnest(%(locations)s::bigint[], %(types)s::text[], %(pickable)s::boolean[], %(active)s::boolean[],
            %(sequences)s::int[])
    AS n (location_id, type, is_pickable, active, pick_sequence)
WHERE l.location_id = n.location_id AND l.location_id = ANY (%(locations)s::bigint[]);

-- returns_in_books --
-- Read what stands in the books under these references of customer returns, figure by figure.
SELECT s.reference, s.status, w.code, COALESCE(o.number, ''), l.variant_id, l.location_id, l.status, l.lot,
       l.expires_on, l.quantity
FROM stock_sessions s
JOIN warehouses w USING (warehouse_id)
LEFT JOIN orders o ON o.order_id = s.order_id
LEFT JOIN stock_session_lines l ON l.session_id = s.session_id AND NOT l.superseded
WHERE s.kind = 'RETURN' AND s.reference = ANY (%(references)s::text[])
ORDER BY s.session_id, l.session_line_id;

-- numbers_known --
-- Say which of these order numbers exist, in whatever merchant's book.
SELECT DISTINCT number FROM orders WHERE number = ANY (%(numbers)s::text[]);

-- export_orders --
-- Read the next orders as they were placed, line by line, in the order in which they came.
SELECT o.order_id, o.number, l.sku_text, l.quantity, m.code, w.code, o.placed_at, o.channel, o.customer_reference,
       o.customer_name, o.customer_email, o.customer_class, o.priority, o.ship_policy,
       CASE WHEN o.keeps_back THEN 'reserve' ELSE 'skip' END, o.requested_date, l.unit_price, l.currency, l.priority
FROM (
    SELECT * FROM orders
    WHERE order_id > %(after)s AND (%(closed)s OR status NOT IN ('SHIPPED', 'CANCELLED'))
    ORDER BY order_id LIMIT %(most)s
) o
JOIN merchants m USING (merchant_id)
JOIN warehouses w USING (warehouse_id)
JOIN order_lines l USING (order_id)
ORDER BY o.order_id, l.line_number;

-- export_stock --
-- Read the next places in which something lies; what has been picked or is under way belongs to nobody's shelf.
SELECT u.unit_id, v.sku, w.code, l.code, u.quantity, m.code, u.status, u.lot, u.expires_on
FROM inventory_units u
JOIN variants v USING (variant_id)
JOIN merchants m USING (merchant_id)
JOIN locations l USING (location_id)
JOIN warehouses w ON w.warehouse_id = u.warehouse_id
WHERE u.unit_id > %(after)s AND u.quantity > 0 AND u.status IN ('AVAILABLE', 'DAMAGED', 'QUARANTINE')
ORDER BY u.unit_id LIMIT %(most)s;

-- export_variants --
-- Read the next variants with their aliases and barcodes.
SELECT v.variant_id, v.sku, m.code, v.name, v.length_mm, v.width_mm, v.height_mm, v.weight_g, v.lot_tracked,
       v.expiry_tracked, v.min_shelf_life_days,
       ARRAY(SELECT c.code FROM variant_codes c WHERE c.variant_id = v.variant_id AND c.kind = 'ALIAS' ORDER BY c.code),
       ARRAY(SELECT c.code FROM variant_codes c WHERE c.variant_id = v.variant_id AND c.kind = 'BARCODE'
             ORDER BY c.code)
FROM variants v JOIN merchants m USING (merchant_id)
WHERE v.variant_id > %(after)s
ORDER BY v.variant_id LIMIT %(most)s;

-- export_locations --
-- Read the next locations.
SELECT l.location_id, w.code, l.code, l.type, l.is_pickable, l.active, l.pick_sequence
FROM locations l JOIN warehouses w USING (warehouse_id)
WHERE l.location_id > %(after)s
ORDER BY l.location_id LIMIT %(most)s;

-- export_returns --
-- Read the next customer returns that were taken back, figure by figure.
SELECT s.session_id, s.reference, v.sku, f.quantity, w.code, l.code, m.code, f.status, f.lot, f.expires_on,
       COALESCE(o.number, '')
FROM (
    SELECT * FROM stock_sessions
    WHERE session_id > %(after)s AND kind = 'RETURN' AND status = 'APPROVED'
    ORDER BY session_id LIMIT %(most)s
) s
JOIN stock_session_lines f ON f.session_id = s.session_id AND NOT f.superseded
JOIN variants v USING (variant_id)
JOIN merchants m USING (merchant_id)
JOIN locations l USING (location_id)
JOIN warehouses w ON w.warehouse_id = s.warehouse_id
LEFT JOIN orders o ON o.order_id = s.order_id
ORDER BY s.session_id, f.session_line_id;

-- inbound_in_books --
-- Read what the books say about inbound lines that a file names.
SELECT i.inbound_line_id, i.variant_id, w.code, COALESCE(f.code, ''), i.quantity, i.due, COALESCE(s.code, ''), i.notes
FROM unnest(%(owners)s::bigint[], %(kinds)s::text[], %(references)s::text[], %(lines)s::int[]) WITH ORDINALITY
    AS n (merchant_id, kind, reference, line_number, place)
LEFT JOIN inbound_lines i ON i.merchant_id = n.merchant_id AND i.kind = n.kind AND i.reference = n.reference
    AND i.line_number = n.line_number
LEFT JOIN warehouses w ON w.warehouse_id = i.warehouse_id
LEFT JOIN warehouses f ON f.warehouse_id = i.from_warehouse_id
LEFT JOIN suppliers s ON s.supplier_id = i.supplier_id
ORDER BY n.place;

-- export_inbound --
-- Read the next inbound lines, those of which something is still to come, or all.
SELECT inbound_line_id, kind, reference, sku, quantity, line_number, due, warehouse, supplier, from_warehouse, merchant,
       notes
FROM inbound_records
WHERE inbound_line_id > %(after)s AND (%(closed)s OR closed_at IS NULL)
ORDER BY inbound_line_id LIMIT %(most)s;
