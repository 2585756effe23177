-- add_alternatives --
-- Add alternatives, or bring them up to date.
INSERT INTO alternatives (merchant_id, variant_id, substitute_id, kind, position, units, per, two_way, needs_consent)
SELECT v.merchant_id, n.variant_id, n.substitute_id, n.kind, n.position, n.units, n.per, n.two_way, n.needs_consent
FROM unnest(%(variants)s::bigint[], %(substitutes)s::bigint[], %(kinds)s::text[], %(positions)s::int[],
            %(units)s::int[], %(per)s::int[], %(two_way)s::boolean[], %(consents)s::boolean[])
    AS n (variant_id, substitute_id, kind, position, units, per, two_way, needs_consent)
JOIN variants v USING (variant_id)
ORDER BY n.variant_id, n.substitute_id
ON CONFLICT (variant_id, substitute_id) DO UPDATE
SET kind = EXCLUDED.kind, position = EXCLUDED.position, units = EXCLUDED.units, per = EXCLUDED.per,
    two_way = EXCLUDED.two_way, needs_consent = EXCLUDED.needs_consent;

-- remove_alternative --
-- Drop an alternative; lines to which it was applied stay as they are.
DELETE FROM alternatives WHERE variant_id = %(variant)s AND substitute_id = %(substitute)s;

-- alternatives_to_show --
-- Read a page of the alternatives in each direction in which they hold, by SKU and preference.
SELECT a.variant_id, a.alternative_id, m.code, v.sku, s.sku, s.name, a.kind, a.position, a.units, a.per, a.two_way,
       a.needs_consent
FROM alternatives_each_way a
JOIN merchants m USING (merchant_id)
JOIN variants v ON v.variant_id = a.variant_id
JOIN variants s ON s.variant_id = a.substitute_id
WHERE (%(variants)s::bigint[] IS NULL OR a.variant_id = ANY (%(variants)s::bigint[]))
  AND (%(merchants)s::bigint[] IS NULL OR a.merchant_id = ANY (%(merchants)s::bigint[]))
  AND (%(after_sku)s::text IS NULL OR (v.sku_key, a.variant_id, a.position, a.alternative_id)
       > (%(after_sku)s::text, %(after_variant)s::bigint, %(after_position)s::int, %(after_id)s::bigint))
ORDER BY v.sku_key, a.variant_id, a.position, a.alternative_id
LIMIT %(most)s;

-- alternatives_of_lines --
-- Read what may be sent instead of lines to which that was not done yet.
SELECT l.line_id, a.alternative_id, a.substitute_id, a.kind, a.position, a.units, a.per, a.needs_consent
FROM order_lines l JOIN alternatives_each_way a USING (variant_id)
WHERE l.line_id = ANY (%(lines)s::bigint[]) AND l.instead_of IS NULL;

-- sourced_of_lines --
-- Read what is reserved for lines on supply that is due.
SELECT line_id, sourced FROM order_lines WHERE line_id = ANY (%(lines)s::bigint[]) AND sourced > 0;

-- spare_at_turn --
-- Sum what is free in some queues once those ahead of a rank have kept back what they keep; a marked queue has none.
SELECT n.variant_id, n.warehouse_id, GREATEST(COALESCE(f.free, 0) - COALESCE(k.units, 0), 0)
FROM unnest(%(variants)s::bigint[], %(warehouses)s::bigint[]) AS n (variant_id, warehouse_id)
LEFT JOIN LATERAL (
    SELECT sum(u.free) AS free FROM usable_units(%(today)s) u
    WHERE u.variant_id = n.variant_id AND u.warehouse_id = n.warehouse_id AND u.free > 0
) f ON true
LEFT JOIN LATERAL (
    SELECT sum(l.quantity - l.cancelled - l.fulfilled - l.allocated) AS units FROM order_lines l
    WHERE l.waiting AND l.keeps_back AND l.variant_id = n.variant_id AND l.warehouse_id = n.warehouse_id
      AND (l.rank_priority, l.placed_at, l.root_order_id)
          <= (%(priority)s::smallint, %(placed_at)s::timestamptz, %(root_order_id)s::bigint)
      AND l.order_id <> %(order)s
      AND NOT (l.order_id = ANY (ARRAY(SELECT a.order_id FROM orders_set_aside a)))
) k ON true
WHERE NOT EXISTS (SELECT FROM marks m WHERE m.variant_id = n.variant_id AND m.warehouse_id = n.warehouse_id);

-- add_substitute_lines --
-- Add lines that want a substitute for a part of others, with all that belongs to these but units and reservations.
INSERT INTO order_lines
    (order_id, line_number, root_line_number, sku_text, variant_id, quantity, unit_price, currency, priority,
     warehouse_id, rank_priority, placed_at, root_order_id, ship_policy, keeps_back, instead_of, instead_units,
     instead_per)
SELECT l.order_id, n.line_number, l.root_line_number, l.sku_text, n.substitute_id, n.quantity,
       round(l.unit_price * n.per / n.units, 4), l.currency, COALESCE(b.priority, l.priority), l.warehouse_id,
       l.rank_priority, l.placed_at, l.root_order_id, l.ship_policy, l.keeps_back, l.variant_id, n.units, n.per
FROM unnest(%(lines)s::bigint[], %(numbers)s::int[], %(substitutes)s::bigint[], %(quantities)s::int[],
            %(units)s::int[], %(per)s::int[]) AS n (line_id, line_number, substitute_id, quantity, units, per)
JOIN order_lines l USING (line_id)
LEFT JOIN backorders b ON b.line_id = l.line_id AND b.closed_at IS NULL
ORDER BY n.line_number
RETURNING line_id, line_number, priority;

-- note_substitutes --
-- Note on lines what was ordered where another variant is sent, or, without one, that what was ordered is sent again.
UPDATE order_lines l
SET instead_of = n.instead_of, instead_units = n.units, instead_per = n.per,
    unit_price = round(l.unit_price * n.price_units / n.price_per, 4)
FROM unnest(%(lines)s::bigint[], %(instead_of)s::bigint[], %(units)s::int[], %(per)s::int[],
            %(price_units)s::int[], %(price_per)s::int[])
    AS n (line_id, instead_of, units, per, price_units, price_per)
WHERE l.line_id = n.line_id AND l.line_id = ANY (%(lines)s::bigint[]);

-- substitutes_of_order --
-- Read the lines of an order that are sent as something else than was ordered.
SELECT l.line_id, l.instead_of, l.instead_units, l.instead_per, v.sku
FROM order_lines l JOIN variants v ON v.variant_id = l.instead_of
WHERE l.order_id = %(order)s AND l.instead_of IS NOT NULL AND l.quantity > l.cancelled + l.fulfilled
ORDER BY l.line_number;

-- skus_of --
-- Name variants by SKU.
SELECT variant_id, sku FROM variants WHERE variant_id = ANY (%(variants)s::bigint[]);
