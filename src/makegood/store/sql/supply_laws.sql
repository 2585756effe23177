-- lines_sourced_otherwise --
-- Find lines that say that more or less is sourced for them than their open sourcings do, or that they lack.
SELECT jsonb_build_object('order_id', o.order_id, 'line_id', l.line_id, 'order', o.number, 'line', l.line_number,
                          'sku', l.sku_text, 'sourced', l.sourced, 'sourcings', COALESCE(s.units, 0),
                          'short', l.quantity - l.cancelled - l.fulfilled - l.allocated)
FROM order_lines l
JOIN orders o USING (order_id)
LEFT JOIN (SELECT line_id, sum(quantity) AS units FROM sourcings WHERE state = 'OPEN' GROUP BY line_id) s USING (line_id)
WHERE l.sourced <> COALESCE(s.units, 0)
   OR l.sourced NOT BETWEEN 0 AND GREATEST(l.quantity - l.cancelled - l.fulfilled - l.allocated, 0)
ORDER BY l.line_id;

-- inbound_sourced_otherwise --
-- Find inbound lines that say that more or less of them is sourced than open sourcings do, or than is to come.
SELECT jsonb_build_object('inbound_line_id', r.inbound_line_id, 'inbound', r.reference || '/' || r.line_number,
                          'sku', r.sku, 'outstanding', r.outstanding, 'sourced', r.sourced,
                          'sourcings', COALESCE(s.units, 0))
FROM inbound_records r
LEFT JOIN (SELECT inbound_line_id, sum(quantity) AS units FROM sourcings
           WHERE state = 'OPEN' GROUP BY inbound_line_id) s USING (inbound_line_id)
WHERE r.sourced <> COALESCE(s.units, 0) OR r.sourced NOT BETWEEN 0 AND r.outstanding
ORDER BY r.inbound_line_id;

-- inbound_received_otherwise --
-- Find inbound lines that say that more or less came than their approved deliveries brought.
SELECT jsonb_build_object('inbound_line_id', r.inbound_line_id, 'inbound', r.reference || '/' || r.line_number,
                          'sku', r.sku, 'received', r.received, 'came', COALESCE(d.units, 0))
FROM inbound_records r
LEFT JOIN (SELECT l.inbound_line_id, sum(l.quantity) AS units
           FROM stock_session_lines l JOIN stock_sessions s USING (session_id)
           WHERE l.inbound_line_id IS NOT NULL AND NOT l.superseded AND s.status = 'APPROVED'
           GROUP BY l.inbound_line_id) d USING (inbound_line_id)
WHERE r.received <> COALESCE(d.units, 0)
ORDER BY r.inbound_line_id;

-- inbound_given_otherwise --
-- Find inbound lines of which more went to lines by name than came, or less than their sourcings say.
SELECT jsonb_build_object('inbound_line_id', r.inbound_line_id, 'inbound', r.reference || '/' || r.line_number,
                          'sku', r.sku, 'received', r.received, 'given', r.given, 'sourcings', COALESCE(s.units, 0))
FROM inbound_records r
LEFT JOIN (SELECT inbound_line_id, sum(quantity) AS units FROM sourcings
           WHERE state = 'RECEIVED' GROUP BY inbound_line_id) s USING (inbound_line_id)
WHERE r.given NOT BETWEEN COALESCE(s.units, 0) AND r.received
ORDER BY r.inbound_line_id;

-- transfers_otherwise --
-- Find transfers of which more or less is under way than is still to come.
SELECT jsonb_build_object('inbound_line_id', r.inbound_line_id, 'inbound', r.reference || '/' || r.line_number,
                          'sku', r.sku, 'outstanding', r.outstanding, 'loaded', COALESCE(t.units, 0))
FROM inbound_records r
LEFT JOIN (SELECT inbound_line_id, sum(quantity) AS units FROM transfer_loads GROUP BY inbound_line_id) t
    USING (inbound_line_id)
WHERE COALESCE(t.units, 0) <> CASE WHEN r.kind = 'TRANSFER' THEN r.outstanding ELSE 0 END
ORDER BY r.inbound_line_id;

-- units_under_way_otherwise --
-- Find units in transit that are not what transfers have under way.
SELECT jsonb_build_object('unit_id', u.unit_id, 'sku', v.sku, 'warehouse', w.code, 'bin', b.code, 'status', u.status,
                          'quantity', u.quantity, 'loaded', COALESCE(t.units, 0))
FROM inventory_units u
LEFT JOIN (SELECT unit_id, sum(quantity) AS units FROM transfer_loads GROUP BY unit_id) t USING (unit_id)
JOIN variants v USING (variant_id)
JOIN locations b USING (location_id)
JOIN warehouses w ON w.warehouse_id = u.warehouse_id
WHERE COALESCE(t.units, 0) <> CASE WHEN u.status = 'IN_TRANSIT' THEN u.quantity ELSE 0 END
ORDER BY u.unit_id;

-- sourcings_misplaced --
-- Find open sourcings on supply of another variant or warehouse, or for an order that waits for nothing more.
SELECT jsonb_build_object('sourcing_id', f.sourcing_id, 'order_id', f.order_id, 'order', f.number,
                          'line', f.line_number, 'sku', f.sku_text, 'units', f.quantity, 'inbound', f.inbound,
                          'why', f.why)
FROM (
    SELECT s.sourcing_id, o.order_id, o.number, l.line_number, l.sku_text, s.quantity,
           i.reference || '/' || i.line_number AS inbound, CASE
        WHEN i.variant_id IS DISTINCT FROM l.variant_id THEN 'brings ' || v.sku
        WHEN i.warehouse_id <> o.warehouse_id THEN 'comes to ' || w.code
        WHEN i.merchant_id <> o.merchant_id THEN 'is another merchant''s'
        WHEN o.status NOT IN ('PENDING', 'CONFIRMED', 'ALLOCATED', 'PARTIALLY_ALLOCATED', 'BACKORDERED', 'ON_HOLD')
            THEN 'is reserved though the order is ' || o.status END AS why
    FROM sourcings s
    JOIN order_lines l USING (line_id)
    JOIN orders o USING (order_id)
    JOIN inbound_lines i USING (inbound_line_id)
    JOIN variants v ON v.variant_id = i.variant_id
    JOIN warehouses w ON w.warehouse_id = i.warehouse_id
    WHERE s.state = 'OPEN'
) f
WHERE f.why IS NOT NULL
ORDER BY f.sourcing_id;

-- recount_inbound --
-- Set inbound lines to what their sourcings and deliveries say, where these agree with each other; they are locked.
UPDATE inbound_lines i
SET sourced = s.held, received = s.came, given = GREATEST(i.given, s.gone),
    closed_at = CASE WHEN i.quantity > i.cancelled + s.came THEN NULL ELSE COALESCE(i.closed_at, %(as_of)s) END
FROM (
    SELECT n.inbound_line_id,
           COALESCE((SELECT sum(x.quantity) FROM sourcings x
                     WHERE x.inbound_line_id = n.inbound_line_id AND x.state = 'OPEN'), 0) AS held,
           COALESCE((SELECT sum(x.quantity) FROM sourcings x
                     WHERE x.inbound_line_id = n.inbound_line_id AND x.state = 'RECEIVED'), 0) AS gone,
           COALESCE((SELECT sum(l.quantity) FROM stock_session_lines l JOIN stock_sessions d USING (session_id)
                     WHERE l.inbound_line_id = n.inbound_line_id AND NOT l.superseded
                       AND d.status = 'APPROVED'), 0) AS came
    FROM unnest(%(ids)s::bigint[]) AS n (inbound_line_id)
) s
WHERE i.inbound_line_id = s.inbound_line_id AND GREATEST(i.given, s.gone) <= s.came
  AND s.held <= GREATEST(i.quantity - i.cancelled - s.came, 0)
RETURNING i.inbound_line_id, i.received, i.sourced, i.given;
