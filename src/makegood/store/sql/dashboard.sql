-- board_skus --
-- Sum what waits by SKU and find one page of it; each row repeats the totals of all, and there is always one row.
-- Only to sort by them the orders are told apart here: lines are many times as fast to sum up as lines of each order.
WITH scope AS MATERIALIZED (
    SELECT o.order_id, o.placed_at
    FROM orders o JOIN warehouses w USING (warehouse_id) JOIN merchants m USING (merchant_id)
    WHERE o.status = ANY (%(statuses)s::text[])
      AND (%(warehouse)s::text IS NULL OR w.code = %(warehouse)s::text)
      AND (%(merchant)s::text IS NULL OR m.code = %(merchant)s::text)
      AND (%(merchants)s::bigint[] IS NULL OR o.merchant_id = ANY (%(merchants)s::bigint[]))
), wanted AS (
    SELECT l.variant_id, l.warehouse_id, sum(l.quantity - l.cancelled - l.fulfilled) AS needed,
           sum(l.allocated) AS allocated
    FROM scope JOIN order_lines l USING (order_id)
    GROUP BY l.variant_id, l.warehouse_id, CASE WHEN %(sort)s = 'orders' THEN l.order_id END
), queues AS MATERIALIZED (
    SELECT variant_id, warehouse_id, count(*) FILTER (WHERE needed > allocated) AS orders,
           sum(needed)::bigint AS needed, sum(allocated)::bigint AS allocated
    FROM wanted GROUP BY variant_id, warehouse_id
), skus AS MATERIALIZED (
    SELECT variant_id, sum(orders)::bigint AS orders, sum(needed)::bigint AS needed,
           sum(allocated)::bigint AS allocated, array_agg(warehouse_id) AS warehouses,
           array_agg(needed - allocated) AS short
    FROM queues WHERE variant_id IS NOT NULL
    GROUP BY variant_id HAVING sum(needed) > sum(allocated)
), totals AS (
    SELECT (SELECT count(*) FROM scope) AS orders, (SELECT min(placed_at) FROM scope) AS oldest,
           (SELECT count(*) FROM skus) AS skus,
           (SELECT COALESCE(sum(needed - allocated), 0) FROM queues)::bigint AS short
), page AS (
    SELECT s.*, v.sku_key, k.key
    FROM skus s
    JOIN variants v USING (variant_id)
    CROSS JOIN LATERAL (SELECT CASE %(sort)s
        WHEN 'shortfall' THEN s.allocated - s.needed WHEN 'orders' THEN -s.orders WHEN 'needed' THEN -s.needed
        ELSE 0 END AS key) k
    WHERE (%(search)s::text IS NULL
           OR strpos(v.sku_key || ' ' || lower(v.name), lower(btrim(%(search)s::text))) > 0)
      AND (%(after_key)s::bigint IS NULL OR (k.key, v.sku_key, s.variant_id)
           > (%(after_key)s::bigint, %(after_sku)s::text, %(after_variant)s::bigint))
    ORDER BY k.key, v.sku_key, s.variant_id
    LIMIT %(most)s
)
SELECT t.orders, t.oldest, t.skus, t.short, p.key, p.sku_key, p.variant_id, p.needed, p.allocated, p.warehouses,
       p.short
FROM totals t LEFT JOIN page p ON true
ORDER BY p.key, p.sku_key, p.variant_id;

-- board_orders_of_skus --
-- Count the orders that are short of each of some variants.
SELECT variant_id, count(*) FROM (
    SELECT DISTINCT l.variant_id, l.order_id
    FROM order_lines l
    JOIN orders o USING (order_id)
    JOIN warehouses w ON w.warehouse_id = o.warehouse_id
    JOIN merchants m USING (merchant_id)
    WHERE l.variant_id = ANY (%(variants)s::bigint[]) AND l.quantity > l.allocated + l.cancelled + l.fulfilled
      AND (%(held)s::boolean OR l.waiting)
      AND o.status = ANY (%(statuses)s::text[])
      AND (%(warehouse)s::text IS NULL OR w.code = %(warehouse)s::text)
      AND (%(merchant)s::text IS NULL OR m.code = %(merchant)s::text)
      AND (%(merchants)s::bigint[] IS NULL OR o.merchant_id = ANY (%(merchants)s::bigint[]))
) d
GROUP BY variant_id;

-- board_queues --
-- Say of some queues what is free, what of the rest lies where it cannot be picked, and which supply is next.
SELECT g.variant_id, g.warehouse_id, f.free, a.unreserved - f.free, n.reference, n.outstanding, n.due
FROM unnest(%(variants)s::bigint[], %(warehouses)s::bigint[]) AS g (variant_id, warehouse_id)
CROSS JOIN LATERAL (
    SELECT COALESCE(sum(u.free), 0)::bigint AS free FROM usable_units(%(today)s) u
    WHERE u.variant_id = g.variant_id AND u.warehouse_id = g.warehouse_id
) f
CROSS JOIN LATERAL (
    SELECT COALESCE(sum(u.quantity - u.reserved), 0)::bigint AS unreserved FROM inventory_units u
    WHERE u.variant_id = g.variant_id AND u.warehouse_id = g.warehouse_id AND u.status = 'AVAILABLE'
) a
LEFT JOIN LATERAL (
    SELECT i.reference, i.outstanding, i.due FROM inbound_lines i
    WHERE i.variant_id = g.variant_id AND i.warehouse_id = g.warehouse_id AND i.closed_at IS NULL
    ORDER BY i.due NULLS LAST, i.inbound_line_id LIMIT 1
) n ON true;

-- board_variants --
-- Name some variants, and say when supply is to cover the last line that waits for each; none while one is uncovered.
SELECT v.variant_id, m.code, v.sku, v.name,
       CASE WHEN e.lines > 0 AND e.lines = (
           SELECT count(*) FROM order_lines l WHERE l.waiting AND l.variant_id = v.variant_id) THEN e.due END
FROM variants v
JOIN merchants m USING (merchant_id)
CROSS JOIN LATERAL (
    SELECT count(*) AS lines, max(e.due) AS due FROM expected_dates e
    WHERE e.variant_id = v.variant_id AND e.due > '0001-01-01'
) e
WHERE v.variant_id = ANY (%(variants)s::bigint[]);

-- board_unmatched --
-- Sum the lines of waiting orders that no variant matches by their text, those that most orders wait for first.
SELECT min(btrim(l.sku_text)), count(DISTINCT l.order_id), sum(l.quantity - l.cancelled - l.fulfilled)::bigint
FROM order_lines l
JOIN orders o USING (order_id)
JOIN warehouses w ON w.warehouse_id = o.warehouse_id
JOIN merchants m USING (merchant_id)
WHERE l.variant_id IS NULL AND l.quantity > l.cancelled + l.fulfilled AND o.status = ANY (%(statuses)s::text[])
  AND (%(warehouse)s::text IS NULL OR w.code = %(warehouse)s::text)
  AND (%(merchant)s::text IS NULL OR m.code = %(merchant)s::text)
  AND (%(merchants)s::bigint[] IS NULL OR o.merchant_id = ANY (%(merchants)s::bigint[]))
GROUP BY lower(btrim(l.sku_text))
ORDER BY count(DISTINCT l.order_id) DESC, lower(btrim(l.sku_text))
LIMIT %(most)s;

-- board_orders --
-- Find one page of the orders that wait, by filters; each row repeats how many there are, and there is always one.
WITH elsewhere AS MATERIALIZED (
    SELECT u.variant_id, u.warehouse_id, sum(u.free) AS free
    FROM usable_units(%(today)s) u JOIN warehouses w USING (warehouse_id)
    WHERE %(coverable)s::boolean AND w.shares_stock AND u.free > 0
    GROUP BY 1, 2
), filtered AS MATERIALIZED (
    SELECT o.order_id, o.warehouse_id, o.placed_at
    FROM orders o
    JOIN warehouses w USING (warehouse_id)
    JOIN merchants m USING (merchant_id)
    WHERE o.status = ANY (%(statuses)s::text[])
      AND (%(warehouse)s::text IS NULL OR w.code = %(warehouse)s::text)
      AND (%(merchant)s::text IS NULL OR m.code = %(merchant)s::text)
      AND (%(merchants)s::bigint[] IS NULL OR o.merchant_id = ANY (%(merchants)s::bigint[]))
      AND (%(priority)s::smallint IS NULL OR o.priority = %(priority)s::smallint)
      AND (%(search)s::text IS NULL OR strpos(lower(concat_ws(' ', o.number, o.customer_reference, o.customer_name,
           o.customer_email)), lower(btrim(%(search)s::text))) > 0)
      AND (%(sku)s::text IS NULL OR EXISTS (
          SELECT FROM order_lines l
          WHERE l.order_id = o.order_id AND l.quantity > l.cancelled + l.fulfilled
            AND (l.variant_id = ANY (%(variants)s::bigint[])
                 OR lower(btrim(l.sku_text)) = lower(btrim(%(sku)s::text)))))
      AND (NOT %(at_risk)s::boolean OR EXISTS (
          SELECT FROM backorder_records r
          WHERE r.order_id = o.order_id AND r.closed_at IS NULL AND r.uncovered > 0
            AND (r.expected_date > r.promised_date OR r.promised_date < %(today)s)))
      AND (NOT %(coverable)s::boolean OR (EXISTS (
          SELECT FROM order_lines l WHERE l.order_id = o.order_id AND l.waiting) AND NOT EXISTS (
          SELECT FROM order_lines l
          WHERE l.order_id = o.order_id AND l.quantity > l.allocated + l.cancelled + l.fulfilled
          GROUP BY l.variant_id
          HAVING l.variant_id IS NULL OR sum(l.quantity - l.allocated - l.cancelled - l.fulfilled) > COALESCE((
              SELECT sum(e.free) FROM elsewhere e
              WHERE e.variant_id = l.variant_id AND e.warehouse_id <> o.warehouse_id), 0))))
), sums AS (
    SELECT l.order_id, min(l.rank_priority) AS best,
           sum(l.quantity - l.allocated - l.cancelled - l.fulfilled) AS short
    FROM filtered JOIN order_lines l USING (order_id)
    WHERE %(sort)s IN ('rank', 'shortfall')
    GROUP BY l.order_id
), matching AS MATERIALIZED (
    SELECT f.order_id, (CASE %(sort)s
        WHEN 'oldest' THEN extract(epoch FROM f.placed_at) * 1000000
        WHEN 'newest' THEN -extract(epoch FROM f.placed_at) * 1000000
        WHEN 'shortfall' THEN -COALESCE(s.short, 0)
        ELSE COALESCE(s.best, 99) * 1e17 + extract(epoch FROM f.placed_at) * 1000000 END)::bigint AS key
    FROM filtered f LEFT JOIN sums s USING (order_id)
), page AS (
    SELECT order_id, key FROM matching
    WHERE %(after_key)s::bigint IS NULL OR (key, order_id) > (%(after_key)s::bigint, %(after_id)s::bigint)
    ORDER BY key, order_id
    LIMIT %(most)s
)
SELECT t.orders, p.key, p.order_id
FROM (SELECT count(*) AS orders FROM matching) t LEFT JOIN page p ON true
ORDER BY p.key, p.order_id;

-- board_cover --
-- Name, best first, the other warehouses whose free units of what some orders lack would cover all of it.
WITH short AS (
    SELECT l.order_id, o.warehouse_id, l.variant_id,
           sum(l.quantity - l.allocated - l.cancelled - l.fulfilled) AS units
    FROM order_lines l JOIN orders o USING (order_id)
    WHERE l.order_id = ANY (%(orders)s::bigint[]) AND l.quantity > l.allocated + l.cancelled + l.fulfilled
    GROUP BY l.order_id, o.warehouse_id, l.variant_id
), cover AS (
    SELECT s.order_id, s.variant_id, s.units, w.code, w.network_rank, w.warehouse_id, sum(u.free) AS free
    FROM short s
    JOIN usable_units(%(today)s) u ON u.variant_id = s.variant_id AND u.warehouse_id <> s.warehouse_id AND u.free > 0
    JOIN warehouses w ON w.warehouse_id = u.warehouse_id AND w.shares_stock
    GROUP BY s.order_id, s.variant_id, s.units, w.warehouse_id
), whole AS (
    SELECT s.order_id FROM short s
    LEFT JOIN (SELECT order_id, variant_id, sum(free) AS free FROM cover GROUP BY 1, 2) c USING (order_id, variant_id)
    GROUP BY s.order_id HAVING bool_and(COALESCE(c.free, 0) >= s.units)
)
SELECT c.order_id, array_agg(c.code ORDER BY c.network_rank, c.warehouse_id)
FROM (SELECT DISTINCT order_id, code, network_rank, warehouse_id FROM cover) c JOIN whole USING (order_id)
GROUP BY c.order_id;

-- names_of_orders --
-- Name some orders as `merchant/number`.
SELECT o.order_id, m.code || '/' || o.number FROM orders o JOIN merchants m USING (merchant_id)
WHERE o.order_id = ANY (%(orders)s::bigint[]);

-- board_tries --
-- Read the latest try of each of some orders since a moment.
SELECT DISTINCT ON (order_id) order_id, actor, as_of, granted, short
FROM attempts
WHERE order_id = ANY (%(orders)s::bigint[]) AND as_of >= %(since)s
ORDER BY order_id, attempt_id DESC;

-- who_waits --
-- Read one page of the lines that wait for some variants, in the order in which they are served.
SELECT o.order_id, m.code, o.number, o.customer_name, o.customer_reference, o.status, w.code, l.line_number,
       l.rank_priority, o.ship_policy, l.keeps_back, l.placed_at, l.quantity - l.cancelled - l.fulfilled, l.allocated,
       l.quantity - l.cancelled - l.fulfilled - l.allocated, r.expected_date,
       l.root_order_id, l.root_line_number
FROM order_lines l
JOIN orders o USING (order_id)
JOIN merchants m USING (merchant_id)
JOIN warehouses w ON w.warehouse_id = l.warehouse_id
LEFT JOIN backorder_records r ON r.line_id = l.line_id AND r.closed_at IS NULL
WHERE l.waiting AND l.variant_id = ANY (%(variants)s::bigint[])
  AND (%(warehouse)s::text IS NULL OR w.code = %(warehouse)s::text)
  AND (%(merchants)s::bigint[] IS NULL OR o.merchant_id = ANY (%(merchants)s::bigint[]))
  AND (%(after_priority)s::smallint IS NULL
       OR (l.rank_priority, l.placed_at, l.root_order_id, l.root_line_number, l.order_id, l.line_number)
        > (%(after_priority)s::smallint, %(after_placed)s::timestamptz, %(after_root)s::bigint,
           %(after_root_line)s::int, %(after_order)s::bigint, %(after_line)s::int))
ORDER BY l.rank_priority, l.placed_at, l.root_order_id, l.root_line_number, l.order_id, l.line_number
LIMIT %(most)s;

-- alerts --
-- Count what needs a person: orders that wait, orders on hold, promises that will not be kept, trouble in the queue.
SELECT (SELECT count(*) FROM orders o WHERE o.status IN ('BACKORDERED', 'PARTIALLY_ALLOCATED')
        AND (%(merchants)s::bigint[] IS NULL OR o.merchant_id = ANY (%(merchants)s::bigint[]))),
       (SELECT count(*) FROM orders o WHERE o.status = 'ON_HOLD'
        AND (%(merchants)s::bigint[] IS NULL OR o.merchant_id = ANY (%(merchants)s::bigint[]))),
       (SELECT count(DISTINCT r.order_id)
        FROM backorder_records r JOIN orders o USING (order_id)
        WHERE r.closed_at IS NULL AND r.promised_date IS NOT NULL AND r.uncovered > 0
          AND (r.expected_date > r.promised_date OR r.promised_date < %(today)s)
          AND o.status IN ('BACKORDERED', 'PARTIALLY_ALLOCATED')
          AND (%(merchants)s::bigint[] IS NULL OR o.merchant_id = ANY (%(merchants)s::bigint[]))),
       (SELECT COALESCE(extract(epoch FROM clock_timestamp() - min(marked_at)), 0)::float8 FROM marks),
       (SELECT count(*) FROM orders_set_aside),
       CASE WHEN %(merchants)s::bigint[] IS NULL THEN (SELECT count(*) FROM alerts WHERE ended_at IS NULL) ELSE 0 END;

-- family_of_order --
-- Read the orders that came of the same one by splits, the first one first.
SELECT r.order_id, m.code, r.number, p.number, r.status, r.placed_at,
       (SELECT COALESCE(sum(l.quantity - l.cancelled - l.fulfilled - l.allocated), 0)::bigint
        FROM order_lines l WHERE l.order_id = r.order_id)
FROM orders o
JOIN orders r ON r.order_id = o.root_order_id OR (r.root_order_id = o.root_order_id AND r.parent_id IS NOT NULL)
JOIN merchants m ON m.merchant_id = r.merchant_id
LEFT JOIN orders p ON p.order_id = r.parent_id
WHERE o.order_id = %(order)s
ORDER BY r.order_id;
