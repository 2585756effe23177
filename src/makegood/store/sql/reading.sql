-- page_of_orders --
-- Count the orders that pass the filters, and find one page of them in the asked sort.
WITH passing AS MATERIALIZED (
SELECT o.order_id, k.key
FROM orders o
JOIN warehouses w USING (warehouse_id)
CROSS JOIN LATERAL (SELECT (CASE %(sort)s
    WHEN 'newest' THEN -extract(epoch FROM o.placed_at) * 1000000
    WHEN 'oldest' THEN extract(epoch FROM o.placed_at) * 1000000
    WHEN 'waiting' THEN COALESCE(extract(epoch FROM o.backordered_since) * 1000000, 9e18)
    WHEN 'held' THEN COALESCE(extract(epoch FROM o.held_at) * 1000000, 9e18)
    ELSE o.priority * 1e17 + extract(epoch FROM o.placed_at) * 1000000 END)::bigint AS key) k
WHERE (%(statuses)s::text[] IS NULL OR o.status = ANY (%(statuses)s::text[]))
  AND (%(hold_kind)s::text IS NULL OR o.hold_kind = %(hold_kind)s::text)
  AND (%(merchants)s::bigint[] IS NULL OR o.merchant_id = ANY (%(merchants)s::bigint[]))
  AND (%(priority)s::smallint IS NULL OR o.priority = %(priority)s::smallint)
  AND (%(warehouse)s::text IS NULL OR w.code = %(warehouse)s::text)
  AND (%(customer)s::text IS NULL
       OR strpos(lower(concat_ws(' ', o.customer_reference, o.customer_name, o.customer_email)),
                 lower(btrim(%(customer)s::text))) > 0)
  AND (%(search)s::text IS NULL
       OR strpos(lower(concat_ws(' ', o.number, o.customer_reference, o.customer_name, o.customer_email)),
                 lower(btrim(%(search)s::text))) > 0)
  AND (%(sku)s::text IS NULL OR EXISTS (
      SELECT FROM order_lines l LEFT JOIN variants v USING (variant_id)
      WHERE l.order_id = o.order_id AND lower(btrim(%(sku)s::text)) IN (v.sku_key, lower(btrim(l.sku_text)))))
)
SELECT t.total, p.order_id, p.key
FROM (SELECT count(*) AS total FROM passing) t
LEFT JOIN (
    SELECT * FROM passing
    WHERE %(after_key)s::bigint IS NULL OR (key, order_id) > (%(after_key)s::bigint, %(after_id)s::bigint)
    ORDER BY key, order_id
    LIMIT %(most)s
) p ON true
ORDER BY p.key, p.order_id;

-- order_summaries --
-- Read some orders with their units summed over the lines.
SELECT o.order_id, o.number, m.code, o.channel, o.customer_reference, o.customer_name, o.customer_email,
       o.customer_class, w.code, %(words)s::jsonb ->> o.priority::text, o.ship_policy,
       CASE WHEN o.keeps_back THEN 'reserve' ELSE 'skip' END, o.placed_at, o.requested_date, o.status, o.hold_kind,
       o.hold_reason, o.held_at, o.backordered_since, o.review_after, p.number, l.lines, l.units, l.allocated,
       l.fulfilled, l.cancelled, l.unmatched, l.units - l.allocated - l.fulfilled - l.cancelled
FROM orders o
JOIN merchants m USING (merchant_id)
JOIN warehouses w ON w.warehouse_id = o.warehouse_id
LEFT JOIN orders p ON p.order_id = o.parent_id
CROSS JOIN LATERAL (
    SELECT count(*) AS lines, COALESCE(sum(quantity), 0)::bigint AS units,
           COALESCE(sum(allocated), 0)::bigint AS allocated, COALESCE(sum(fulfilled), 0)::bigint AS fulfilled,
           COALESCE(sum(cancelled), 0)::bigint AS cancelled, count(*) FILTER (WHERE variant_id IS NULL) AS unmatched
    FROM order_lines WHERE order_id = o.order_id
) l
WHERE o.order_id = ANY (%(orders)s::bigint[]);

-- order_counts --
-- Count the orders of each status.
SELECT status, count(*) FROM orders o
WHERE (%(merchants)s::bigint[] IS NULL OR o.merchant_id = ANY (%(merchants)s::bigint[]))
GROUP BY status;

-- lines_to_show --
-- Read the lines of some orders as a person wants to see them, with the open backorder of each.
SELECT l.order_id, l.line_number, l.sku_text, v.sku, COALESCE(v.name, ''), l.quantity, l.allocated, l.fulfilled,
       l.cancelled, l.quantity - l.allocated - l.fulfilled - l.cancelled, l.waiting,
       %(words)s::jsonb ->> l.priority::text, l.unit_price, l.currency, b.number,
       CASE WHEN b.expected_by_hand THEN b.expected_date
            WHEN l.quantity > l.fulfilled + l.cancelled + l.allocated THEN NULLIF(e.due, '0001-01-01') END,
       b.promised_date, i.sku
FROM order_lines l
LEFT JOIN variants v USING (variant_id)
LEFT JOIN variants i ON i.variant_id = l.instead_of
LEFT JOIN backorders b ON b.line_id = l.line_id AND b.closed_at IS NULL
LEFT JOIN expected_dates e
    ON e.variant_id = l.variant_id AND e.warehouse_id = l.warehouse_id AND e.line_id = l.line_id
WHERE l.order_id = ANY (%(orders)s::bigint[])
ORDER BY l.order_id, l.line_number;

-- allocations_to_show --
-- Read where the units of an order are reserved, or went out from.
SELECT a.allocation_id, l.line_number, COALESCE(v.sku, l.sku_text), w.code, p.code, u.lot, u.expires_on, a.quantity,
       a.state, a.forced, COALESCE(a.reason, ''), a.reserved_at, a.expires_at, a.closed_at
FROM allocations a
JOIN order_lines l USING (line_id)
JOIN inventory_units u USING (unit_id)
JOIN locations p ON p.location_id = u.location_id
JOIN warehouses w ON w.warehouse_id = u.warehouse_id
LEFT JOIN variants v ON v.variant_id = l.variant_id
WHERE l.order_id = %(order)s
ORDER BY l.line_number, a.allocation_id;

-- attempts_to_show --
-- Read every try to allocate an order, oldest first.
SELECT attempt_id, as_of, trigger_sources, actor, before_status, after_status, granted, short, reasons
FROM attempts WHERE order_id = %(order)s
ORDER BY attempt_id;

-- page_of_attempts --
-- Read the next tries to allocate an order, oldest first.
SELECT attempt_id, as_of, trigger_sources, actor, before_status, after_status, granted, short, reasons
FROM attempts WHERE order_id = %(order)s AND attempt_id > %(after)s
ORDER BY attempt_id
LIMIT %(most)s;

-- events_to_show --
-- Read what happened to an order, oldest first.
SELECT event_id, type, payload, trigger_sources, actor, occurred_at, attempt_id
FROM fulfillment_events WHERE order_id = %(order)s
ORDER BY event_id;

-- last_attempt --
-- Give the number of the latest attempt.
SELECT COALESCE(max(attempt_id), 0) FROM attempts;

-- served_since --
-- Say which orders were granted units after an attempt, how many, and where they stand; the best ranked first.
SELECT o.number, sum(a.granted)::bigint, o.status
FROM attempts a JOIN orders o USING (order_id)
WHERE a.attempt_id > %(attempt)s AND a.granted > 0
  AND (%(merchants)s::bigint[] IS NULL OR o.merchant_id = ANY (%(merchants)s::bigint[]))
GROUP BY o.order_id
ORDER BY (SELECT min(l.rank_priority) FROM order_lines l WHERE l.order_id = o.order_id), o.placed_at, o.order_id;

-- stock_by_variant --
-- Say how much of each variant a warehouse has, what of it is free by the one definition, and who waits for it.
WITH held AS (
    SELECT u.variant_id, u.warehouse_id, sum(u.quantity) AS on_hand, sum(u.reserved) AS reserved,
           sum(u.quantity - u.reserved) FILTER (WHERE u.status = 'AVAILABLE') AS unreserved,
           sum(u.quantity) FILTER (WHERE u.status NOT IN ('AVAILABLE', 'PICKED')) AS set_aside
    FROM inventory_units u WHERE u.quantity > 0 GROUP BY 1, 2
), usable AS (
    SELECT variant_id, warehouse_id, sum(free) AS free FROM usable_units(%(today)s) GROUP BY 1, 2
), queue AS (
    SELECT variant_id, warehouse_id, sum(quantity - cancelled - fulfilled - allocated) AS waiting
    FROM order_lines WHERE waiting GROUP BY 1, 2
)
SELECT v.variant_id, g.warehouse_id, v.sku_key, m.code, v.sku, v.name, w.code,
       COALESCE(h.on_hand, 0)::bigint, COALESCE(h.reserved, 0)::bigint, COALESCE(u.free, 0)::bigint,
       (COALESCE(h.unreserved, 0) - COALESCE(u.free, 0))::bigint, COALESCE(h.set_aside, 0)::bigint,
       COALESCE(q.waiting, 0)::bigint
FROM (SELECT variant_id, warehouse_id FROM held UNION SELECT variant_id, warehouse_id FROM queue) g
LEFT JOIN held h USING (variant_id, warehouse_id)
LEFT JOIN usable u USING (variant_id, warehouse_id)
LEFT JOIN queue q USING (variant_id, warehouse_id)
JOIN variants v USING (variant_id)
JOIN merchants m USING (merchant_id)
JOIN warehouses w ON w.warehouse_id = g.warehouse_id
WHERE (%(merchants)s::bigint[] IS NULL OR v.merchant_id = ANY (%(merchants)s::bigint[]))
  AND (%(warehouse)s::text IS NULL OR w.code = %(warehouse)s::text)
  AND (NOT %(short)s OR q.waiting > 0)
  AND (%(after_sku)s::text IS NULL OR (v.sku_key, v.variant_id, g.warehouse_id)
       > (%(after_sku)s::text, %(after_variant)s::bigint, %(after_warehouse)s::bigint))
ORDER BY v.sku_key, v.variant_id, g.warehouse_id
LIMIT %(most)s;

-- stock_by_place --
-- Say what lies where, and whether it can be given out.
SELECT u.unit_id, m.code, v.sku, v.name, w.code, l.code, l.type, u.status, u.lot, u.expires_on, u.received_at,
       u.quantity, u.reserved, COALESCE(f.free, 0),
       CASE WHEN u.status <> 'AVAILABLE' THEN lower(u.status)
            WHEN NOT l.active THEN 'location inactive'
            WHEN NOT l.is_pickable THEN 'location not pickable'
            WHEN u.expires_on < %(today)s THEN 'expired'
            WHEN u.expires_on - v.min_shelf_life_days < %(today)s THEN 'too close to expiry'
            ELSE '' END
FROM inventory_units u
JOIN variants v USING (variant_id)
JOIN merchants m USING (merchant_id)
JOIN locations l USING (location_id)
JOIN warehouses w ON w.warehouse_id = u.warehouse_id
LEFT JOIN usable_units(%(today)s) f USING (unit_id)
WHERE u.quantity > 0
  AND (%(merchants)s::bigint[] IS NULL OR v.merchant_id = ANY (%(merchants)s::bigint[]))
  AND (%(variants)s::bigint[] IS NULL OR u.variant_id = ANY (%(variants)s::bigint[]))
  AND (%(warehouse)s::text IS NULL OR w.code = %(warehouse)s::text)
  AND (%(location)s::text IS NULL OR l.code = %(location)s::text)
  AND u.unit_id > %(after)s
ORDER BY u.unit_id
LIMIT %(most)s;

-- variants_called --
-- Find the variants of any merchant that may be seen by SKU, alias or barcode.
SELECT variant_id FROM variants v
WHERE sku_key = lower(btrim(%(text)s)) AND (%(merchants)s::bigint[] IS NULL OR v.merchant_id = ANY (%(merchants)s::bigint[]))
UNION
SELECT variant_id FROM variant_codes c
WHERE code_key = lower(btrim(%(text)s)) AND (%(merchants)s::bigint[] IS NULL OR c.merchant_id = ANY (%(merchants)s::bigint[]));

-- warehouses_to_show --
-- Read the warehouses in the order in which they are preferred.
SELECT w.code, w.name, w.network_rank, w.allow_backorders, w.shares_stock,
       (SELECT count(*) FROM locations l WHERE l.warehouse_id = w.warehouse_id)
FROM warehouses w
ORDER BY w.network_rank, w.warehouse_id;

-- locations_to_show --
-- Read the places of one or all warehouses, with what lies in them, in the order in which pickers walk.
SELECT w.code, l.code, l.type, l.is_pickable, l.active, l.pick_sequence, COALESCE(u.variants, 0), COALESCE(u.units, 0)
FROM locations l
JOIN warehouses w USING (warehouse_id)
LEFT JOIN (
    SELECT location_id, count(DISTINCT variant_id) AS variants, sum(quantity)::bigint AS units
    FROM inventory_units JOIN variants v USING (variant_id)
    WHERE quantity > 0 AND (%(merchants)s::bigint[] IS NULL OR v.merchant_id = ANY (%(merchants)s::bigint[]))
    GROUP BY 1
) u USING (location_id)
WHERE (%(warehouse)s::text IS NULL OR w.code = %(warehouse)s::text)
  AND (%(search)s::text IS NULL OR strpos(lower(l.code), lower(btrim(%(search)s::text))) > 0)
ORDER BY w.network_rank, w.warehouse_id, l.pick_sequence, l.code;

-- variants_to_show --
-- Read one page of what is sold, by SKU.
SELECT v.variant_id, v.sku_key, m.code, v.sku, v.name, v.lot_tracked, v.expiry_tracked, v.min_shelf_life_days,
       v.length_mm, v.width_mm, v.height_mm, v.weight_g,
       ARRAY(SELECT c.code FROM variant_codes c WHERE c.variant_id = v.variant_id AND c.kind = 'ALIAS' ORDER BY 1),
       ARRAY(SELECT c.code FROM variant_codes c WHERE c.variant_id = v.variant_id AND c.kind = 'BARCODE' ORDER BY 1)
FROM variants v JOIN merchants m USING (merchant_id)
WHERE (%(merchants)s::bigint[] IS NULL OR v.merchant_id = ANY (%(merchants)s::bigint[]))
  AND (%(search)s::text IS NULL OR strpos(v.sku_key || ' ' || lower(v.name), lower(btrim(%(search)s::text))) > 0)
  AND (%(after_sku)s::text IS NULL OR (v.sku_key, v.variant_id) > (%(after_sku)s::text, %(after_variant)s::bigint))
ORDER BY v.sku_key, v.variant_id
LIMIT %(most)s;

-- books_status --
-- Count what is in the books, and say which server keeps them.
SELECT current_setting('server_version'), pg_database_size(current_database()),
       (SELECT count(*) FROM warehouses), (SELECT count(*) FROM variants), (SELECT count(*) FROM marks),
       COALESCE((SELECT extract(epoch FROM now() - min(marked_at))::bigint FROM marks), 0);
