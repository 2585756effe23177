-- lock_orders --
-- Lock orders in id order and read them.
SELECT o.order_id, o.number, o.merchant_id, o.root_order_id, o.warehouse_id, o.priority, o.ship_policy, o.keeps_back,
       o.placed_at, o.status, o.hold_kind, o.hold_reason, o.backordered_since, o.review_after,
       w.allow_backorders
FROM orders o JOIN warehouses w USING (warehouse_id)
WHERE o.order_id = ANY (%(orders)s::bigint[])
ORDER BY o.order_id
FOR NO KEY UPDATE OF o;

-- lines_of_orders --
-- Read all lines of some orders; the orders are locked.
SELECT line_id, order_id, line_number, root_line_number, sku_text, variant_id, quantity, allocated, fulfilled,
       cancelled, priority, rank_priority, placed_at, root_order_id, waiting, sourced
FROM order_lines
WHERE order_id = ANY (%(orders)s::bigint[])
ORDER BY order_id, line_number;

-- draw_ids --
-- Draw numbers for rows that are about to be written.
SELECT nextval(%(sequence)s::regclass) FROM generate_series(1, %(count)s);

-- reserve_units --
-- Raise what is reserved, locking in id order as receipts do; only units that still have it are touched.
WITH held AS MATERIALIZED (
    SELECT unit_id FROM inventory_units WHERE unit_id = ANY (%(ids)s::bigint[]) ORDER BY unit_id FOR NO KEY UPDATE
)
UPDATE inventory_units u SET reserved = u.reserved + n.units
FROM unnest(%(ids)s::bigint[], %(units)s::int[]) AS n (unit_id, units)
WHERE u.unit_id = n.unit_id AND u.unit_id = ANY (%(ids)s::bigint[]) AND u.quantity - u.reserved >= n.units
  AND (SELECT count(*) FROM held) = cardinality(%(ids)s::bigint[]);

-- cover_lines --
-- Add what was granted (or take off what was freed) and note whether each line still waits.
UPDATE order_lines l
SET allocated = l.allocated + n.units, waiting = n.waiting,
    waits_since_turn = CASE WHEN n.waiting AND NOT l.waiting THEN %(turn)s ELSE l.waits_since_turn END
FROM unnest(%(ids)s::bigint[], %(units)s::int[], %(waiting)s::boolean[]) AS n (line_id, units, waiting)
WHERE l.line_id = n.line_id AND l.line_id = ANY (%(ids)s::bigint[]);

-- move_orders --
-- Give orders the status that their attempt came to; only those still in the status that was read are touched.
UPDATE orders o
SET status = n.status, hold_kind = n.hold_kind, hold_reason = n.hold_reason,
    held_at = CASE WHEN n.status = 'ON_HOLD' THEN COALESCE(o.held_at, %(as_of)s) END,
    backordered_since = CASE WHEN n.status IN ('BACKORDERED', 'PARTIALLY_ALLOCATED')
                             THEN COALESCE(o.backordered_since, %(as_of)s)
                             WHEN n.status = 'ON_HOLD' THEN o.backordered_since END,
    changed_at = %(as_of)s, packed = o.packed AND n.status <> 'ALLOCATED'
FROM unnest(%(ids)s::bigint[], %(before)s::text[], %(after)s::text[], %(kinds)s::text[], %(reasons)s::text[])
    AS n (order_id, before, status, hold_kind, hold_reason)
WHERE o.order_id = n.order_id AND o.order_id = ANY (%(ids)s::bigint[]) AND o.status = n.before;

-- match_skus --
-- Find each merchant's variant by SKU, else by alias, else by barcode; case and blanks do not count.
SELECT n.place, COALESCE(v.variant_id, a.variant_id, b.variant_id)
FROM unnest(%(places)s::int[], %(merchants)s::bigint[], %(skus)s::text[]) AS n (place, merchant_id, sku)
LEFT JOIN variants v ON v.merchant_id = n.merchant_id AND v.sku_key = lower(btrim(n.sku))
LEFT JOIN variant_codes a ON v.variant_id IS NULL AND a.merchant_id = n.merchant_id
    AND a.kind = 'ALIAS' AND a.code_key = lower(btrim(n.sku))
LEFT JOIN variant_codes b ON v.variant_id IS NULL AND a.variant_id IS NULL AND b.merchant_id = n.merchant_id
    AND b.kind = 'BARCODE' AND b.code_key = lower(btrim(n.sku));

-- numbers_taken --
-- Say which of these order numbers exist already.
SELECT o.merchant_id, o.number, o.order_id
FROM orders o
JOIN unnest(%(merchants)s::bigint[], %(numbers)s::text[]) AS n (merchant_id, number) USING (merchant_id, number);

-- named_orders --
-- Find orders that may be seen by number, by merchant/number, or else by id.
SELECT n.name, o.order_id, o.warehouse_id, o.merchant_id, m.code
FROM unnest(%(names)s::text[]) AS n (name)
JOIN orders o ON o.number = n.name
JOIN merchants m USING (merchant_id)
WHERE (%(merchants)s::bigint[] IS NULL OR o.merchant_id = ANY (%(merchants)s::bigint[]))
UNION
SELECT n.name, o.order_id, o.warehouse_id, o.merchant_id, m.code
FROM unnest(%(names)s::text[]) AS n (name)
JOIN merchants m ON m.code = split_part(n.name, '/', 1)
JOIN orders o ON o.merchant_id = m.merchant_id AND o.number = substr(n.name, strpos(n.name, '/') + 1)
WHERE strpos(n.name, '/') > 0 AND (%(merchants)s::bigint[] IS NULL OR o.merchant_id = ANY (%(merchants)s::bigint[]))
UNION
SELECT n.name, o.order_id, o.warehouse_id, o.merchant_id, m.code
FROM unnest(%(names)s::text[], %(ids)s::bigint[]) AS n (name, id)
JOIN orders o ON o.order_id = n.id
JOIN merchants m USING (merchant_id)
WHERE (%(merchants)s::bigint[] IS NULL OR o.merchant_id = ANY (%(merchants)s::bigint[]))
  AND NOT EXISTS (SELECT FROM orders x WHERE x.number = n.name AND (%(merchants)s::bigint[] IS NULL OR x.merchant_id = ANY (%(merchants)s::bigint[])));

-- backorder_priorities --
-- Read the priorities that open backorder records have of their own.
SELECT line_id, priority FROM backorders
WHERE line_id = ANY (%(lines)s::bigint[]) AND closed_at IS NULL AND priority IS NOT NULL;

-- write_lines --
-- Write lines as they shall be; who comes into the queue, or to another rank or rule, waits since this turn.
-- Lines that do not wait note the turn of their rank too: what they were granted before says nothing about it.
UPDATE order_lines l
SET variant_id = n.variant_id, quantity = n.quantity, allocated = n.allocated, fulfilled = n.fulfilled,
    cancelled = n.cancelled, priority = n.priority, rank_priority = n.rank_priority,
    ship_policy = n.ship_policy, keeps_back = n.keeps_back, waiting = n.waiting, sourced = n.sourced,
    waits_since_turn = CASE WHEN (n.waiting AND NOT l.waiting) OR l.rank_priority <> n.rank_priority
                                 OR l.ship_policy <> n.ship_policy OR l.variant_id IS DISTINCT FROM n.variant_id
                            THEN %(turn)s ELSE l.waits_since_turn END
FROM unnest(%(ids)s::bigint[], %(variants)s::bigint[], %(quantities)s::int[], %(allocated)s::int[],
            %(fulfilled)s::int[], %(cancelled)s::int[], %(priorities)s::smallint[], %(ranks)s::smallint[],
            %(policies)s::text[], %(keeping)s::boolean[], %(waiting)s::boolean[], %(sourced)s::int[])
    AS n (line_id, variant_id, quantity, allocated, fulfilled, cancelled, priority, rank_priority,
          ship_policy, keeps_back, waiting, sourced)
WHERE l.line_id = n.line_id AND l.line_id = ANY (%(ids)s::bigint[]);

-- wait_anew --
-- Let the lines of an order that comes back into the queue wait since this turn.
UPDATE order_lines SET waits_since_turn = %(turn)s WHERE order_id = %(order)s AND waiting;

-- write_orders --
-- Write what can be edited of orders.
UPDATE orders o
SET priority = n.priority, ship_policy = n.ship_policy, keeps_back = n.keeps_back,
    review_after = n.review_after, changed_at = %(as_of)s, packed = o.packed AND o.status <> 'ALLOCATED'
FROM unnest(%(ids)s::bigint[], %(priorities)s::smallint[], %(policies)s::text[], %(keeping)s::boolean[],
            %(reviews)s::timestamptz[])
    AS n (order_id, priority, ship_policy, keeps_back, review_after)
WHERE o.order_id = n.order_id AND o.order_id = ANY (%(ids)s::bigint[]);

-- open_allocations --
-- Read the open allocations of some orders or on some units; by lines first, so that both sides use an index.
SELECT a.allocation_id, l.order_id, o.number, a.line_id, a.unit_id, u.variant_id, u.warehouse_id, a.quantity, a.state,
       a.forced, a.expires_at, a.sourcing_id IS NOT NULL
FROM allocations a
JOIN order_lines l USING (line_id)
JOIN orders o USING (order_id)
JOIN inventory_units u USING (unit_id)
WHERE a.state IN ('RESERVED', 'CONFIRMED')
  AND (a.unit_id = ANY (%(units)s::bigint[])
       OR a.line_id = ANY (ARRAY(SELECT x.line_id FROM order_lines x WHERE x.order_id = ANY (%(orders)s::bigint[]))))
ORDER BY a.allocation_id;

-- free_allocations --
-- Take units off open allocations; one that is left with none is closed.
UPDATE allocations a
SET quantity = CASE WHEN a.quantity > n.units THEN a.quantity - n.units ELSE a.quantity END,
    state = CASE WHEN a.quantity > n.units THEN a.state ELSE %(state)s END,
    closed_at = CASE WHEN a.quantity > n.units THEN NULL ELSE %(as_of)s END
FROM unnest(%(ids)s::bigint[], %(units)s::int[]) AS n (allocation_id, units)
WHERE a.allocation_id = n.allocation_id AND a.allocation_id = ANY (%(ids)s::bigint[])
  AND a.state IN ('RESERVED', 'CONFIRMED') AND a.quantity >= n.units;

-- free_units --
-- Lower what is reserved, locking in id order as receipts do: at once with all that the orders have, which may go next.
WITH held AS MATERIALIZED (
    SELECT unit_id FROM inventory_units
    WHERE unit_id = ANY (%(ids)s::bigint[] || ARRAY(
        SELECT a.unit_id FROM allocations a
        WHERE a.line_id = ANY (ARRAY(SELECT l.line_id FROM order_lines l WHERE l.order_id = ANY (%(orders)s::bigint[])))
          AND a.state IN ('RESERVED', 'CONFIRMED')))
    ORDER BY unit_id FOR NO KEY UPDATE
)
UPDATE inventory_units u SET reserved = u.reserved - n.units
FROM unnest(%(ids)s::bigint[], %(units)s::int[]) AS n (unit_id, units)
WHERE u.unit_id = n.unit_id AND u.unit_id = ANY (%(ids)s::bigint[]) AND u.reserved >= n.units
  AND (SELECT count(*) FROM held) >= cardinality(%(ids)s::bigint[]);
