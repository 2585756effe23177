-- named_backorder --
-- Find a backorder record by its number, without a lock.
SELECT number, line_id, order_id, warehouse_id, variant_id, merchant || '/' || order_number, sku, status
FROM backorder_records
WHERE number = upper(btrim(%(number)s))
  AND (%(merchants)s::bigint[] IS NULL OR merchant IN (
      SELECT code FROM merchants WHERE merchant_id = ANY (%(merchants)s::bigint[])));

-- backorders_by_number --
-- Read some backorder records as they stand.
SELECT r.number, r.status, r.merchant, r.sku, r.name, r.order_number, r.line_number, r.customer_reference,
       r.customer_name, r.customer_email, r.warehouse, r.priority, r.ordered, r.allocated, r.fulfilled, r.cancelled,
       r.remaining, r.uncovered, r.expected_date, r.expected_by_hand, r.promised_date, r.source, r.notes,
       r.opened_at, r.closed_at,
       r.closed_at IS NULL AND COALESCE(r.promised_date, r.expected_date) < %(today)s,
       promise_at_risk(r.lacking, r.expected_date, r.promised_date, %(today)s), r.sourced
FROM backorder_records r
WHERE r.number = ANY (%(numbers)s::text[]);

-- page_of_backorders --
-- Count the backorder records that pass the filters, and find one page of them in the asked sort.
WITH passing AS MATERIALIZED (
SELECT r.number, k.key, r.backorder_id
FROM backorder_records r
CROSS JOIN LATERAL (SELECT CASE %(sort)s
    WHEN 'newest' THEN -r.backorder_id
    WHEN 'oldest' THEN r.backorder_id
    ELSE r.priority END::bigint AS key) k
WHERE r.status = ANY (%(statuses)s::text[])
  AND (%(merchants)s::bigint[] IS NULL OR r.merchant IN (
      SELECT code FROM merchants WHERE merchant_id = ANY (%(merchants)s::bigint[])))
  AND (%(sku)s::text IS NULL OR lower(r.sku) = lower(btrim(%(sku)s::text)))
  AND (%(customer)s::text IS NULL
       OR strpos(lower(concat_ws(' ', r.customer_reference, r.customer_name, r.customer_email)),
                 lower(btrim(%(customer)s::text))) > 0)
  AND (%(priority)s::smallint IS NULL OR r.priority = %(priority)s::smallint)
  AND (%(overdue)s::boolean IS NULL OR %(overdue)s::boolean
       = (r.closed_at IS NULL AND COALESCE(COALESCE(r.promised_date, r.expected_date) < %(today)s, false)))
  AND (%(at_risk)s::boolean IS NULL OR %(at_risk)s::boolean
       = promise_at_risk(r.lacking, r.expected_date, r.promised_date, %(today)s))
  AND (%(source)s::text IS NULL OR r.source = %(source)s::text)
  AND (%(order)s::text IS NULL OR %(order)s::text IN (r.order_number, r.merchant || '/' || r.order_number))
  AND (%(warehouse)s::text IS NULL OR r.warehouse = %(warehouse)s::text)
  AND (%(merchant)s::text IS NULL OR r.merchant = %(merchant)s::text)
  AND (%(opened_from)s::date IS NULL OR (r.opened_at AT TIME ZONE 'UTC')::date >= %(opened_from)s::date)
  AND (%(opened_to)s::date IS NULL OR (r.opened_at AT TIME ZONE 'UTC')::date <= %(opened_to)s::date)
  AND (%(due_to)s::date IS NULL OR COALESCE(r.promised_date, r.expected_date) <= %(due_to)s::date)
)
SELECT t.total, p.number, p.key, p.backorder_id
FROM (SELECT count(*) AS total FROM passing) t
LEFT JOIN (
    SELECT * FROM passing
    WHERE %(after_key)s::bigint IS NULL
       OR (key, backorder_id) > (%(after_key)s::bigint, %(after_id)s::bigint)
    ORDER BY key, backorder_id
    LIMIT %(most)s
) p ON true
ORDER BY p.key, p.backorder_id;

-- summarize_backorders --
-- Sum up the open backorder records.
SELECT count(*), COALESCE(sum(ordered), 0)::bigint, COALESCE(sum(remaining), 0)::bigint,
       count(*) FILTER (WHERE status = 'PENDING'), count(*) FILTER (WHERE status = 'PARTIALLY_FULFILLED'),
       count(*) FILTER (WHERE status = 'ALLOCATED'), count(*) FILTER (WHERE status = 'READY_TO_SHIP'),
       count(*) FILTER (WHERE priority = 10),
       count(*) FILTER (WHERE COALESCE(promised_date, expected_date) < %(today)s),
       COALESCE(sum(allocated), 0)::bigint, COALESCE(sum(sourced), 0)::bigint, COALESCE(sum(uncovered), 0)::bigint,
       count(*) FILTER (WHERE promise_at_risk(lacking, expected_date, promised_date, %(today)s)),
       count(*) FILTER (WHERE lacking > 0 AND expected_date IS NULL)
FROM backorder_records
WHERE closed_at IS NULL
  AND (%(merchants)s::bigint[] IS NULL OR merchant IN (
      SELECT code FROM merchants WHERE merchant_id = ANY (%(merchants)s::bigint[])))
  AND (%(warehouse)s::text IS NULL OR warehouse = %(warehouse)s::text)
  AND (%(merchant)s::text IS NULL OR merchant = %(merchant)s::text);

-- summarize_backorders_by_sku --
-- Sum up the open backorder records of each variant over all orders, or of some variants.
SELECT s.* FROM (
    SELECT r.merchant, r.sku, r.name, count(*), count(DISTINCT r.order_id), sum(r.ordered)::bigint,
           sum(r.remaining)::bigint AS remaining, count(*) FILTER (WHERE r.status = 'PENDING'),
           count(*) FILTER (WHERE r.status = 'ALLOCATED'), count(*) FILTER (WHERE r.priority = 10),
           count(*) FILTER (WHERE COALESCE(r.promised_date, r.expected_date) < %(today)s),
           sum(r.allocated)::bigint, sum(r.sourced)::bigint, sum(r.uncovered)::bigint AS uncovered, min(r.opened_at),
           min(r.expected_date), r.variant_id,
           count(*) FILTER (WHERE promise_at_risk(r.lacking, r.expected_date, r.promised_date, %(today)s)),
           count(*) FILTER (WHERE r.lacking > 0 AND r.expected_date IS NULL)
    FROM backorder_records r
    WHERE r.closed_at IS NULL
  AND (%(merchants)s::bigint[] IS NULL OR r.merchant IN (
      SELECT code FROM merchants WHERE merchant_id = ANY (%(merchants)s::bigint[])))
      AND (%(variants)s::bigint[] IS NULL OR r.variant_id = ANY (%(variants)s::bigint[]))
      AND (%(warehouse)s::text IS NULL OR r.warehouse = %(warehouse)s::text)
    GROUP BY r.variant_id, r.merchant, r.sku, r.name
) s
WHERE %(after_uncovered)s::bigint IS NULL
   OR (-s.uncovered, s.variant_id) > (-%(after_uncovered)s::bigint, %(after_variant)s::bigint)
ORDER BY -s.uncovered, s.variant_id
LIMIT %(most)s;

-- backorder_allocations --
-- Read the allocations of one line, open and closed, with where they lie and whether that can be given out.
SELECT a.allocation_id, a.quantity, a.state, a.forced, COALESCE(a.reason, ''), w.code, p.code, u.lot, u.expires_on,
       a.reserved_at, a.expires_at, a.closed_at, a.unit_id,
       u.status = 'AVAILABLE' AND (p.is_pickable AND p.active OR a.sourcing_id IS NOT NULL)
       AND (u.expires_on IS NULL OR u.expires_on - v.min_shelf_life_days >= %(today)s),
       i.inbound_line_id, i.reference || '/' || i.line_number
FROM allocations a
JOIN inventory_units u USING (unit_id)
JOIN variants v USING (variant_id)
JOIN locations p USING (location_id)
JOIN warehouses w ON w.warehouse_id = u.warehouse_id
LEFT JOIN sourcings s USING (sourcing_id)
LEFT JOIN inbound_lines i USING (inbound_line_id)
WHERE a.line_id = %(line)s
ORDER BY a.allocation_id;

-- backorder_history --
-- Read what happened to a backorder and to the units of its line, oldest first.
SELECT e.event_id, e.type, e.payload, e.trigger_sources, e.actor, e.occurred_at
FROM fulfillment_events e
JOIN order_lines l ON l.line_id = %(line)s
WHERE e.order_id = l.order_id
  AND (e.payload ->> 'backorder' = %(number)s
       OR e.payload -> 'allocations' @> jsonb_build_array(jsonb_build_object('line', l.line_number))
       OR (e.payload ->> 'allocationId')::bigint IN (SELECT allocation_id FROM allocations WHERE line_id = l.line_id))
ORDER BY e.event_id;

-- open_backorder_by_hand --
-- Open a record for a line that lacks nothing yet, unless it has one; the number comes from the sequence.
INSERT INTO backorders (number, line_id, opened_at)
SELECT 'BO-' || to_char(%(as_of)s::timestamptz AT TIME ZONE 'UTC', 'YYYY-')
       || lpad(n.number::text, GREATEST(4, length(n.number::text)), '0'),
       %(line)s, %(as_of)s
FROM (SELECT nextval('backorder_numbers') AS number) n
WHERE NOT EXISTS (SELECT FROM backorders b WHERE b.line_id = %(line)s AND b.closed_at IS NULL)
RETURNING number;

-- open_backorder_of_line --
-- Give the number of the open record of a line.
SELECT number FROM backorders WHERE line_id = %(line)s AND closed_at IS NULL;

-- terms_of_backorder --
-- Read, under its order's lock, what a person can set of an open record; an expected date that is kept is not set.
SELECT priority, CASE WHEN expected_by_hand THEN expected_date END, promised_date, notes FROM backorders
WHERE number = %(number)s AND closed_at IS NULL;

-- set_backorder_terms --
-- Write what a person has set of an open record.
UPDATE backorders
SET priority = %(priority)s::smallint, expected_date = %(expected_date)s::date,
    expected_by_hand = %(expected_date)s::date IS NOT NULL, promised_date = %(promised_date)s::date, notes = %(notes)s
WHERE number = %(number)s AND closed_at IS NULL;

-- better_ranked --
-- Say who waits ahead of a line for the same units: how many orders and units, and which is next.
SELECT count(DISTINCT q.order_id), COALESCE(sum(q.quantity - q.cancelled - q.fulfilled - q.allocated), 0)::bigint,
       (array_agg(o.number ORDER BY q.rank_priority, q.placed_at, q.root_order_id, q.root_line_number, q.order_id,
                  q.line_number))[1]
FROM order_lines l
JOIN order_lines q ON q.waiting AND q.variant_id = l.variant_id AND q.warehouse_id = l.warehouse_id
    AND q.order_id <> l.order_id
    AND (q.rank_priority, q.placed_at, q.root_order_id, q.root_line_number, q.order_id, q.line_number)
      < (l.rank_priority, l.placed_at, l.root_order_id, l.root_line_number, l.order_id, l.line_number)
JOIN orders o ON o.order_id = q.order_id
WHERE l.line_id = %(line)s;

-- free_of_variant --
-- Count what is free of a variant in a warehouse, by the one definition.
SELECT COALESCE(sum(free), 0)::bigint FROM usable_units(%(today)s)
WHERE variant_id = %(variant)s AND warehouse_id = %(warehouse)s;

-- let_grants_lapse --
-- Give what the order's latest attempt reserved for a line a time at which it lapses.
UPDATE allocations SET expires_at = %(expires_at)s
WHERE line_id = %(line)s AND state IN ('RESERVED', 'CONFIRMED')
  AND attempt_id = (SELECT max(attempt_id) FROM attempts WHERE order_id = %(order)s);

-- force_allocations --
-- Put reservations on record that a person forced, with the reason.
INSERT INTO allocations (line_id, unit_id, quantity, forced, reason, expires_at, turn, reserved_at)
SELECT %(line)s, n.unit_id, n.units, true, %(reason)s, %(expires_at)s, %(turn)s, %(as_of)s
FROM unnest(%(unit_ids)s::bigint[], %(units)s::int[]) AS n (unit_id, units)
ORDER BY n.unit_id;

-- named_allocation --
-- Say of which order and line an allocation is, and how it stands.
SELECT a.allocation_id, l.order_id, l.warehouse_id, a.line_id, a.state, a.expires_at
FROM allocations a JOIN order_lines l USING (line_id)
JOIN orders o USING (order_id)
WHERE a.allocation_id = %(allocation)s
  AND (%(merchants)s::bigint[] IS NULL OR o.merchant_id = ANY (%(merchants)s::bigint[]));

-- confirm_allocation --
-- Confirm an open allocation.
UPDATE allocations SET state = 'CONFIRMED'
WHERE allocation_id = %(allocation)s AND state IN ('RESERVED', 'CONFIRMED');

-- extend_allocation --
-- Set when an open allocation lapses; without a time it does not.
UPDATE allocations SET expires_at = %(until)s
WHERE allocation_id = %(allocation)s AND state IN ('RESERVED', 'CONFIRMED');

-- fulfil_allocations --
-- Let units of open allocations leave the books, with the ledger; what is left of an allocation stays open.
WITH asked AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(units)s::int[]) AS n (allocation_id, units)
), gone AS (
    UPDATE allocations a
    SET quantity = CASE WHEN a.quantity > n.units THEN a.quantity - n.units ELSE a.quantity END,
        state = CASE WHEN a.quantity > n.units THEN a.state ELSE 'FULFILLED' END,
        closed_at = CASE WHEN a.quantity > n.units THEN NULL ELSE %(as_of)s::timestamptz END
    FROM asked n
    WHERE a.allocation_id = n.allocation_id AND a.allocation_id = ANY (%(ids)s::bigint[])
      AND a.state IN ('RESERVED', 'CONFIRMED') AND a.quantity >= n.units
    RETURNING a.*, n.units
), told AS (
    INSERT INTO allocations
        (line_id, unit_id, quantity, state, forced, reason, expires_at, turn, attempt_id, reserved_at, closed_at,
         sourcing_id)
    SELECT line_id, unit_id, units, 'FULFILLED', forced, reason, expires_at, turn, attempt_id, reserved_at, %(as_of)s,
           sourcing_id
    FROM gone WHERE state <> 'FULFILLED'
), per_unit AS (
    SELECT unit_id, sum(units)::int AS units FROM gone GROUP BY unit_id
), taken AS (
    UPDATE inventory_units u SET quantity = u.quantity - p.units, reserved = u.reserved - p.units
    FROM per_unit p WHERE u.unit_id = p.unit_id
    RETURNING u.unit_id, p.units
)
INSERT INTO stock_movements (unit_id, delta, reason, trigger_source, actor, moved_at)
SELECT unit_id, -units, 'fulfilment', %(source)s, %(actor)s, %(as_of)s FROM taken;

-- fulfilled_from --
-- Note where the units of a line came from that went out last.
UPDATE backorders SET source = %(source)s WHERE line_id = %(line)s AND closed_at IS NULL;
