-- lock_gates --
-- Lock gates in gate order, by warehouse and then by variant, so that two holders queue up and never deadlock.
-- One that is missing is made at its turn: made before, it would be held by whoever still waits for an earlier one.
INSERT INTO gates (variant_id, warehouse_id)
SELECT g.variant_id, g.warehouse_id
FROM unnest(%(variants)s::bigint[], %(warehouses)s::bigint[]) AS g (variant_id, warehouse_id)
ORDER BY g.warehouse_id, g.variant_id
-- A row that is there already is locked although nothing is written to it.
ON CONFLICT (variant_id, warehouse_id) DO UPDATE SET warehouse_id = EXCLUDED.warehouse_id WHERE false;

-- draw_turn --
-- Number this plan; to be drawn after its gates were locked.
SELECT nextval('turns');

-- add_marks --
-- Say that these queues must be looked at; never merged with another mark.
INSERT INTO marks (variant_id, warehouse_id, trigger_source, actor)
SELECT m.variant_id, m.warehouse_id, m.trigger_source, %(actor)s
FROM unnest(%(variants)s::bigint[], %(warehouses)s::bigint[], %(sources)s::text[])
    AS m (variant_id, warehouse_id, trigger_source);

-- claim_check --
-- Take the check of a warehouse, unless somebody else is at it.
SELECT after_priority, after_placed_at, after_root_order_id
FROM checks WHERE warehouse_id = %(warehouse)s
FOR NO KEY UPDATE SKIP LOCKED;

-- keep_reach --
-- Note how far down the rank the check has come.
UPDATE checks
SET after_priority = %(priority)s, after_placed_at = %(placed_at)s, after_root_order_id = %(root_order_id)s
WHERE warehouse_id = %(warehouse)s;

-- join_marks --
-- Take the marks that came since the last piece into the check.
UPDATE marks SET joined = true WHERE warehouse_id = %(warehouse)s AND NOT joined;

-- marked_variants --
-- List the variants whose queues the check must look at.
SELECT DISTINCT variant_id FROM marks WHERE warehouse_id = %(warehouse)s AND joined
ORDER BY variant_id LIMIT %(most)s;

-- marks_on --
-- Read the marks on some gates: who left them, which they are, and whether one came after the check joined its marks.
SELECT variant_id, array_agg(DISTINCT trigger_source), array_agg(mark_id), bool_or(NOT joined)
FROM marks
WHERE warehouse_id = %(warehouse)s AND variant_id = ANY (%(variants)s::bigint[])
GROUP BY variant_id;

-- marked_since --
-- Say whether some gates have got a mark besides those that were seen.
SELECT EXISTS (
    SELECT FROM marks
    WHERE warehouse_id = %(warehouse)s AND variant_id = ANY (%(variants)s::bigint[])
      AND NOT mark_id = ANY (%(seen)s::bigint[])
);

-- awaited_queues --
-- List those of some queues in which a new order waits that only a check can decide.
SELECT DISTINCT l.variant_id
FROM orders o JOIN order_lines l USING (order_id)
WHERE o.status = 'PENDING' AND o.warehouse_id = %(warehouse)s
  AND l.waiting AND l.variant_id = ANY (%(variants)s::bigint[]);

-- undecided_orders --
-- List new orders of a warehouse that nothing but the marks that were seen lets wait for a check.
SELECT o.order_id
FROM orders o
WHERE o.status = 'PENDING' AND o.warehouse_id = %(warehouse)s
  AND NOT EXISTS (SELECT FROM order_lines l JOIN marks m USING (variant_id, warehouse_id)
                  WHERE l.order_id = o.order_id AND l.waiting AND NOT m.mark_id = ANY (%(seen)s::bigint[]))
  AND NOT (o.order_id = ANY (ARRAY(SELECT a.order_id FROM orders_set_aside a)))
ORDER BY o.order_id LIMIT %(most)s;

-- drop_marks --
-- Strike marks that were seen before what they stand for was read; those that a check has just joined are left to it.
DELETE FROM marks WHERE mark_id = ANY (ARRAY(
    -- A check joins marks before it waits for gates: whoever holds a gate must not wait for its marks.
    SELECT mark_id FROM marks WHERE mark_id = ANY (%(marks)s::bigint[]) FOR UPDATE SKIP LOCKED
));

-- peek_queues --
-- Read the top of each of a few queues, leaving out lines that are bigger than all that is free.
-- In a warehouse that takes no backorders every order ships complete.
SELECT l.line_id, l.order_id, l.variant_id,
       CASE WHEN (SELECT allow_backorders FROM warehouses WHERE warehouse_id = %(warehouse)s) THEN l.ship_policy
            ELSE 'COMPLETE' END,
       l.rank_priority, l.placed_at, l.root_order_id, g.most
FROM (
    SELECT v.variant_id, COALESCE(sum(u.free), 0) AS free,
           LEAST(%(most)s, 2 * COALESCE(sum(u.free), 0) + 16) AS most
    FROM unnest(%(variants)s::bigint[]) AS v (variant_id)
    LEFT JOIN usable_units(%(today)s) u
        ON u.variant_id = v.variant_id AND u.warehouse_id = %(warehouse)s AND u.free > 0
    GROUP BY v.variant_id
) g
CROSS JOIN LATERAL (
    SELECT * FROM order_lines q
    WHERE q.waiting AND q.variant_id = g.variant_id AND q.warehouse_id = %(warehouse)s
      AND (q.rank_priority, q.placed_at, q.root_order_id)
          > (%(priority)s::smallint, %(placed_at)s::timestamptz, %(root_order_id)s::bigint)
      AND (q.ship_policy = 'PARTIAL' OR q.keeps_back
           OR q.quantity - q.cancelled - q.fulfilled - q.allocated <= g.free)
      AND NOT (q.order_id = ANY (ARRAY(SELECT a.order_id FROM orders_set_aside a)))
    ORDER BY q.rank_priority, q.placed_at, q.root_order_id
    FETCH FIRST (g.most) ROWS WITH TIES
) l
WHERE g.free > 0;

-- peek_rank --
-- Read on in the rank of a whole warehouse, where so many queues are marked that it pays.
SELECT l.line_id, l.order_id, l.variant_id,
       CASE WHEN (SELECT allow_backorders FROM warehouses WHERE warehouse_id = %(warehouse)s) THEN l.ship_policy
            ELSE 'COMPLETE' END,
       l.rank_priority, l.placed_at, l.root_order_id, %(most)s::bigint
FROM order_lines l
WHERE l.waiting AND l.warehouse_id = %(warehouse)s
  AND (l.rank_priority, l.placed_at, l.root_order_id)
      > (%(priority)s::smallint, %(placed_at)s::timestamptz, %(root_order_id)s::bigint)
  AND EXISTS (SELECT FROM marks m WHERE m.warehouse_id = l.warehouse_id AND m.variant_id = l.variant_id)
  AND NOT (l.order_id = ANY (ARRAY(SELECT a.order_id FROM orders_set_aside a)))
ORDER BY l.rank_priority, l.placed_at, l.root_order_id
FETCH FIRST (%(most)s) ROWS WITH TIES;

-- variants_of_orders --
-- List the variants that all waiting lines of some orders need.
SELECT DISTINCT l.variant_id FROM order_lines l
WHERE l.order_id = ANY (%(orders)s::bigint[]) AND l.waiting;

-- waiting_lines --
-- Read chosen waiting lines, and all waiting lines of orders that ship whole, with their place in the rank.
SELECT l.line_id, l.variant_id, l.quantity - l.cancelled - l.fulfilled - l.allocated,
       CASE WHEN w.allow_backorders THEN l.ship_policy ELSE 'COMPLETE' END, l.keeps_back,
       l.rank_priority, l.placed_at, l.root_order_id, l.root_line_number, l.order_id, l.line_number
FROM order_lines l JOIN warehouses w USING (warehouse_id)
WHERE l.waiting AND l.line_id = ANY (%(lines)s::bigint[])
UNION ALL
SELECT l.line_id, l.variant_id, l.quantity - l.cancelled - l.fulfilled - l.allocated, 'COMPLETE', l.keeps_back,
       l.rank_priority, l.placed_at, l.root_order_id, l.root_line_number, l.order_id, l.line_number
FROM order_lines l
WHERE l.waiting AND l.order_id = ANY (%(orders)s::bigint[]);

-- usable_units --
-- Read what is free of some variants in one warehouse.
SELECT u.unit_id, u.variant_id, u.free, u.received_at, u.expires_on, u.usable_until, u.pick_sequence
FROM usable_units(%(today)s) u
WHERE u.warehouse_id = %(warehouse)s AND u.variant_id = ANY (%(variants)s::bigint[]) AND u.free > 0;

-- keepers --
-- Read the waiting orders that keep units of some variants back, from the top of the rank down to a reach.
SELECT l.order_id, l.variant_id, l.quantity - l.cancelled - l.fulfilled - l.allocated,
       l.rank_priority, l.placed_at, l.root_order_id, l.root_line_number, l.line_number
FROM order_lines l
WHERE l.waiting AND l.keeps_back AND l.warehouse_id = %(warehouse)s
  AND l.variant_id = ANY (%(variants)s::bigint[])
  AND (l.rank_priority, l.placed_at, l.root_order_id)
      <= (%(priority)s::smallint, %(placed_at)s::timestamptz, %(root_order_id)s::bigint)
  AND NOT l.order_id = ANY (%(orders)s::bigint[])
  AND NOT (l.order_id = ANY (ARRAY(SELECT a.order_id FROM orders_set_aside a)));

-- stock_facts --
-- Say where the units of some variants are that a line of this warehouse cannot have.
SELECT u.variant_id, l.warehouse_id = %(warehouse)s AS here, w.code, l.code,
       CASE WHEN u.status = 'QUARANTINE' THEN 'quarantined'
            WHEN u.expires_on - v.min_shelf_life_days < %(today)s THEN 'expired'
            WHEN NOT (l.is_pickable AND l.active) THEN 'not_pickable'
            ELSE 'free' END,
       sum(u.quantity - u.reserved)
FROM inventory_units u
JOIN variants v USING (variant_id)
JOIN locations l ON l.location_id = u.location_id
JOIN warehouses w ON w.warehouse_id = l.warehouse_id
WHERE u.variant_id = ANY (%(variants)s::bigint[]) AND u.status IN ('AVAILABLE', 'QUARANTINE')
  AND u.quantity > u.reserved AND (l.warehouse_id = %(warehouse)s OR w.shares_stock)
GROUP BY 1, 2, 3, 4, 5;
