-- named_inbound --
-- Find inbound lines by the ways in which each name can be read: a reference, or reference and line; of a merchant.
SELECT n.place, i.inbound_line_id, m.code, i.kind, i.reference, i.line_number, i.variant_id, v.sku, i.warehouse_id,
       w.code, i.from_warehouse_id, i.status, i.quantity, i.received, i.cancelled, i.sourced, i.given, i.due,
       i.supplier_id, i.notes, i.merchant_id
FROM unnest(%(places)s::int[], %(owners)s::text[], %(references)s::text[], %(lines)s::int[])
    AS n (place, merchant, reference, line_number)
JOIN inbound_lines i ON lower(i.reference) = lower(n.reference)
    AND (n.line_number IS NULL OR i.line_number = n.line_number)
JOIN merchants m ON m.merchant_id = i.merchant_id AND (n.merchant IS NULL OR m.code = n.merchant)
JOIN variants v USING (variant_id)
JOIN warehouses w ON w.warehouse_id = i.warehouse_id
WHERE %(merchants)s::bigint[] IS NULL OR i.merchant_id = ANY (%(merchants)s::bigint[])
ORDER BY n.place, i.inbound_line_id;

-- inbound_by_id --
-- Read inbound lines by id, without a lock; only those of merchants that may be seen.
SELECT i.inbound_line_id, m.code, i.kind, i.reference, i.line_number, i.variant_id, v.sku, i.warehouse_id, w.code,
       i.from_warehouse_id, i.status, i.quantity, i.received, i.cancelled, i.sourced, i.given, i.due, i.supplier_id,
       i.notes, i.merchant_id
FROM inbound_lines i
JOIN merchants m USING (merchant_id)
JOIN variants v USING (variant_id)
JOIN warehouses w ON w.warehouse_id = i.warehouse_id
WHERE i.inbound_line_id = ANY (%(ids)s::bigint[])
  AND (%(merchants)s::bigint[] IS NULL OR i.merchant_id = ANY (%(merchants)s::bigint[]))
ORDER BY i.inbound_line_id;

-- lock_inbound --
-- Lock inbound lines in id order, after gates, orders and units, and read them.
SELECT i.inbound_line_id, m.code, i.kind, i.reference, i.line_number, i.variant_id, v.sku, i.warehouse_id, w.code,
       i.from_warehouse_id, i.status, i.quantity, i.received, i.cancelled, i.sourced, i.given, i.due, i.supplier_id,
       i.notes, i.merchant_id
FROM inbound_lines i
JOIN merchants m USING (merchant_id)
JOIN variants v USING (variant_id)
JOIN warehouses w ON w.warehouse_id = i.warehouse_id
WHERE i.inbound_line_id = ANY (%(ids)s::bigint[])
ORDER BY i.inbound_line_id
FOR NO KEY UPDATE OF i;

-- inbound_taken --
-- Say which of these inbound lines exist already.
SELECT i.reference || '/' || i.line_number
FROM inbound_lines i
JOIN unnest(%(owners)s::bigint[], %(kinds)s::text[], %(references)s::text[], %(lines)s::int[])
    AS n (merchant_id, kind, reference, line_number) USING (merchant_id, kind, reference, line_number)
ORDER BY 1;

-- add_inbound --
-- Append inbound lines, in their order, and give their ids.
INSERT INTO inbound_lines
    (inbound_line_id, merchant_id, kind, reference, line_number, variant_id, warehouse_id, quantity, due, supplier_id,
     from_warehouse_id, notes, created_by, created_at)
OVERRIDING SYSTEM VALUE
SELECT n.inbound_line_id, n.merchant_id, n.kind, n.reference, n.line_number, n.variant_id, n.warehouse_id, n.quantity,
       n.due, n.supplier_id, n.from_warehouse_id, n.notes, %(actor)s, %(as_of)s
FROM unnest(%(ids)s::bigint[], %(owners)s::bigint[], %(kinds)s::text[], %(references)s::text[], %(lines)s::int[],
            %(variants)s::bigint[], %(warehouses)s::bigint[], %(quantities)s::int[], %(dues)s::date[],
            %(suppliers)s::bigint[], %(from_warehouses)s::bigint[], %(notes)s::text[])
    AS n (inbound_line_id, merchant_id, kind, reference, line_number, variant_id, warehouse_id, quantity, due,
          supplier_id, from_warehouse_id, notes)
ORDER BY n.inbound_line_id;

-- write_inbound --
-- Write inbound lines as they shall be; they are locked. What is sourced of them was given back before.
UPDATE inbound_lines i
SET quantity = n.quantity, received = n.received, cancelled = n.cancelled, given = n.given, due = n.due,
    supplier_id = n.supplier_id, notes = n.notes,
    closed_at = CASE WHEN n.quantity > n.cancelled + n.received THEN NULL ELSE COALESCE(i.closed_at, %(as_of)s) END
FROM unnest(%(ids)s::bigint[], %(quantities)s::int[], %(received)s::int[], %(cancelled)s::int[], %(given)s::int[],
            %(dues)s::date[], %(suppliers)s::bigint[], %(notes)s::text[])
    AS n (inbound_line_id, quantity, received, cancelled, given, due, supplier_id, notes)
WHERE i.inbound_line_id = n.inbound_line_id AND i.inbound_line_id = ANY (%(ids)s::bigint[]);

-- add_inbound_history --
-- Append what happened to inbound lines.
INSERT INTO inbound_history (inbound_line_id, type, payload, trigger_source, actor, occurred_at)
SELECT n.inbound_line_id, n.type, n.payload, %(source)s, %(actor)s, %(as_of)s
FROM unnest(%(ids)s::bigint[], %(types)s::text[], %(payloads)s::jsonb[]) AS n (inbound_line_id, type, payload);

-- inbound_by_name --
-- Read inbound lines with their names and dates, as they are told.
SELECT r.inbound_line_id, r.kind, r.reference, r.line_number, r.status, r.merchant, r.sku, r.name, r.warehouse,
       r.from_warehouse, r.supplier, r.due, r.due + COALESCE(r.margin_days, %(margin)s),
       r.quantity, r.received, r.cancelled, r.outstanding, r.sourced, r.given,
       r.outstanding > 0 AND COALESCE(r.due < %(today)s, false), r.notes, r.created_by, r.created_at, r.closed_at
FROM inbound_records r
WHERE r.inbound_line_id = ANY (%(ids)s::bigint[]);

-- page_of_inbound --
-- Count the inbound lines that pass the filters, and find one page of them in the asked sort.
WITH passing AS MATERIALIZED (
SELECT r.inbound_line_id, k.key
FROM inbound_records r
CROSS JOIN LATERAL (SELECT CASE %(sort)s
    WHEN 'newest' THEN -r.inbound_line_id
    WHEN 'oldest' THEN r.inbound_line_id
    -- What nobody knows the day of comes last.
    ELSE COALESCE(r.due - date '2000-01-01', 2147483647) END::bigint AS key) k
WHERE r.status = ANY (%(statuses)s::text[])
  AND (%(merchants)s::bigint[] IS NULL OR r.merchant IN (
      SELECT code FROM merchants WHERE merchant_id = ANY (%(merchants)s::bigint[])))
  AND (%(kind)s::text IS NULL OR r.kind = %(kind)s::text)
  AND (%(reference)s::text IS NULL OR lower(r.reference) = lower(btrim(%(reference)s::text)))
  AND (%(sku)s::text IS NULL OR lower(r.sku) = lower(btrim(%(sku)s::text)))
  AND (%(warehouse)s::text IS NULL OR r.warehouse = %(warehouse)s::text)
  AND (%(from_warehouse)s::text IS NULL OR r.from_warehouse = %(from_warehouse)s::text)
  AND (%(supplier)s::text IS NULL OR lower(r.supplier) = lower(btrim(%(supplier)s::text)))
  AND (%(merchant)s::text IS NULL OR r.merchant = %(merchant)s::text)
  AND (%(late)s::boolean IS NULL
       OR %(late)s::boolean = (r.outstanding > 0 AND COALESCE(r.due < %(today)s, false)))
  AND (%(dated)s::boolean IS NULL OR %(dated)s::boolean = (r.due IS NOT NULL))
  AND (%(due_from)s::date IS NULL OR r.due >= %(due_from)s::date)
  AND (%(due_to)s::date IS NULL OR r.due <= %(due_to)s::date)
  AND (%(unsourced)s::boolean IS NULL OR %(unsourced)s::boolean = (r.unsourced > 0))
)
SELECT t.total, p.inbound_line_id, p.key
FROM (SELECT count(*) AS total FROM passing) t
LEFT JOIN (
    SELECT * FROM passing
    WHERE %(after_key)s::bigint IS NULL OR (key, inbound_line_id) > (%(after_key)s::bigint, %(after_id)s::bigint)
    ORDER BY key, inbound_line_id
    LIMIT %(most)s
) p ON true
ORDER BY p.key, p.inbound_line_id;

-- sourcings_of_inbound --
-- Read who has, or had, units of an inbound line by name, oldest first.
SELECT s.sourcing_id, b.number, m.code, o.number, l.line_number, s.quantity, s.state, s.sourced_by, s.sourced_at,
       s.closed_at, COALESCE(s.because, '')
FROM sourcings s
JOIN order_lines l USING (line_id)
JOIN orders o USING (order_id)
JOIN merchants m USING (merchant_id)
LEFT JOIN LATERAL (
    SELECT b.number FROM backorders b WHERE b.line_id = l.line_id ORDER BY b.backorder_id DESC LIMIT 1
) b ON true
WHERE s.inbound_line_id = %(inbound)s
ORDER BY s.sourcing_id;

-- receipts_of_inbound --
-- Read in which approved deliveries units of an inbound line came, oldest first.
SELECT s.reference, p.code, l.lot, l.expires_on, l.quantity, l.damaged, s.closed_by, s.closed_at
FROM stock_session_lines l
JOIN stock_sessions s USING (session_id)
JOIN locations p USING (location_id)
WHERE l.inbound_line_id = %(inbound)s AND NOT l.superseded AND s.status = 'APPROVED'
ORDER BY s.closed_at, l.session_line_id;

-- loads_of_inbound --
-- Read where units of transfers lay that are under way, each with the unit of the books that holds them.
SELECT t.inbound_line_id, t.unit_id, t.quantity, u.variant_id, u.warehouse_id, u.location_id, u.status, u.lot,
       u.expires_on, u.received_at
FROM transfer_loads t JOIN inventory_units u USING (unit_id)
WHERE t.inbound_line_id = ANY (%(inbound)s::bigint[]) AND t.quantity > 0
ORDER BY t.inbound_line_id, t.unit_id;

-- history_of_inbound --
-- Read what happened to an inbound line, oldest first.
SELECT entry_id, type, payload, trigger_source, actor, occurred_at FROM inbound_history
WHERE inbound_line_id = %(inbound)s
ORDER BY entry_id;

-- set_supplier --
-- Add a supplier or bring it up to date; what is not said stays.
INSERT INTO suppliers AS s (merchant_id, code, name, margin_days)
VALUES (%(merchant)s, btrim(%(code)s), COALESCE(%(called)s, ''), %(margin_days)s::int)
ON CONFLICT (merchant_id, code_key) DO UPDATE
SET name = COALESCE(%(called)s, s.name),
    margin_days = CASE WHEN %(clear_margin)s THEN NULL ELSE COALESCE(%(margin_days)s::int, s.margin_days) END;

-- add_suppliers --
-- Add suppliers that are not known yet.
INSERT INTO suppliers (merchant_id, code)
SELECT n.merchant_id, n.code FROM unnest(%(owners)s::bigint[], %(codes)s::text[]) AS n (merchant_id, code)
ORDER BY n.merchant_id, lower(n.code)
ON CONFLICT DO NOTHING;

-- supplier_ids --
-- Find suppliers by merchant and code.
SELECT s.merchant_id, s.code_key, s.supplier_id
FROM suppliers s
JOIN unnest(%(owners)s::bigint[], %(codes)s::text[]) AS n (merchant_id, code)
    ON n.merchant_id = s.merchant_id AND lower(btrim(n.code)) = s.code_key;

-- suppliers_to_show --
-- Read the suppliers with their margin and what is still to come from each, by merchant and code.
SELECT m.code, s.code, s.name, s.margin_days, COALESCE(s.margin_days, %(margin)s),
       count(i.inbound_line_id), COALESCE(sum(i.outstanding), 0)::bigint,
       count(*) FILTER (WHERE i.due < %(today)s), min(i.due)
FROM suppliers s
JOIN merchants m USING (merchant_id)
LEFT JOIN inbound_lines i ON i.supplier_id = s.supplier_id AND i.closed_at IS NULL
WHERE (%(merchant)s::text IS NULL OR m.code = %(merchant)s::text)
  AND (%(merchants)s::bigint[] IS NULL OR s.merchant_id = ANY (%(merchants)s::bigint[]))
GROUP BY m.code, s.supplier_id
ORDER BY m.code, s.code_key;

-- units_beside --
-- Name the units that stand in the same places as some others, of the same lot, with another status.
SELECT t.unit_id
FROM inventory_units u
JOIN inventory_units t ON t.location_id = u.location_id AND t.variant_id = u.variant_id AND t.lot = u.lot
    AND t.expires_on IS NOT DISTINCT FROM u.expires_on AND t.status = %(status)s
WHERE u.unit_id = ANY (%(ids)s::bigint[]);

-- add_loads --
-- Put on record which units of the books hold what of a transfer.
INSERT INTO transfer_loads AS t (inbound_line_id, unit_id, quantity)
SELECT n.inbound_line_id, n.unit_id, n.units
FROM unnest(%(inbound)s::bigint[], %(unit_ids)s::bigint[], %(units)s::int[]) AS n (inbound_line_id, unit_id, units)
ORDER BY n.inbound_line_id, n.unit_id
ON CONFLICT (inbound_line_id, unit_id) DO UPDATE SET quantity = t.quantity + EXCLUDED.quantity;

-- lower_loads --
-- Take units off what is under way; the inbound lines are locked.
UPDATE transfer_loads t SET quantity = t.quantity - n.units
FROM unnest(%(inbound)s::bigint[], %(unit_ids)s::bigint[], %(units)s::int[]) AS n (inbound_line_id, unit_id, units)
WHERE t.inbound_line_id = n.inbound_line_id AND t.inbound_line_id = ANY (%(inbound)s::bigint[])
  AND t.unit_id = n.unit_id AND t.quantity >= n.units;

-- units_of_delivery --
-- Say how many units of an inbound line came in the delivery of this reference, if it has come.
SELECT sum(l.quantity)::int
FROM stock_session_lines l JOIN stock_sessions s USING (session_id)
WHERE s.kind = 'RECEIVING' AND s.reference = %(reference)s AND l.inbound_line_id = %(inbound)s AND NOT l.superseded;
