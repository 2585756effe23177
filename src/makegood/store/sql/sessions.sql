-- open_session --
-- Open a session, unless one of its kind has the reference.
INSERT INTO stock_sessions (kind, reference, warehouse_id, order_id, opened_by, opened_at, fingerprint)
VALUES (%(kind)s, %(reference)s, %(warehouse)s, %(order)s, %(actor)s, %(as_of)s, %(fingerprint)s)
ON CONFLICT (kind, reference) DO NOTHING;

-- lock_session --
-- Lock a session, for whoever enters, approves or rejects, and read it.
SELECT s.session_id, s.kind, s.reference, s.warehouse_id, w.code, s.status, s.order_id, s.opened_by, s.fingerprint,
       s.result
FROM stock_sessions s JOIN warehouses w USING (warehouse_id)
WHERE s.kind = %(about)s AND s.reference = %(reference)s
  AND (%(merchants)s::bigint[] IS NULL OR NOT EXISTS (
      SELECT FROM stock_session_lines l JOIN variants v USING (variant_id)
      WHERE l.session_id = s.session_id AND v.merchant_id <> ALL (%(merchants)s::bigint[])
      UNION SELECT FROM orders o
      WHERE o.order_id = s.order_id AND o.merchant_id <> ALL (%(merchants)s::bigint[])))
FOR NO KEY UPDATE OF s;

-- close_session --
-- Approve or reject an open session.
UPDATE stock_sessions
SET status = %(status)s, closed_by = %(actor)s, closed_at = %(as_of)s, result = %(result)s,
    self_approved = %(self_approved)s
WHERE session_id = %(session)s AND status = 'OPEN';

-- session_lines --
-- Read the figures of a session that count, in the order in which they were entered.
SELECT l.session_line_id, l.variant_id, s.warehouse_id, l.location_id, l.status, l.lot, l.expires_on, l.quantity,
       l.damaged, l.booked, l.line_key, l.entered_by, v.sku, l.inbound_line_id
FROM stock_session_lines l
JOIN stock_sessions s USING (session_id)
JOIN variants v USING (variant_id)
WHERE l.session_id = %(session)s AND NOT l.superseded
ORDER BY l.session_line_id;

-- keyed_lines --
-- Read the figures of a session that were entered under some keys.
SELECT l.session_line_id, l.variant_id, s.warehouse_id, l.location_id, l.status, l.lot, l.expires_on, l.quantity,
       l.damaged, l.booked, l.line_key, l.entered_by, v.sku, l.inbound_line_id
FROM stock_session_lines l
JOIN stock_sessions s USING (session_id)
JOIN variants v USING (variant_id)
WHERE l.session_id = %(session)s AND l.line_key = ANY (%(keys)s::text[])
ORDER BY l.session_line_id;

-- add_session_lines --
-- Append figures; a counted one keeps what was booked at that moment.
INSERT INTO stock_session_lines
    (session_id, variant_id, location_id, status, lot, expires_on, quantity, damaged, booked, line_key,
     inbound_line_id, entered_by, entered_at)
SELECT %(session)s, n.variant_id, n.location_id, n.status, n.lot, n.expires_on, n.quantity, n.damaged,
       CASE WHEN %(counting)s THEN COALESCE(u.quantity, 0) END, n.line_key, n.inbound_line_id, %(actor)s, %(as_of)s
FROM unnest(%(variants)s::bigint[], %(locations)s::bigint[], %(statuses)s::text[], %(lots)s::text[],
            %(expiries)s::date[], %(quantities)s::int[], %(damaged)s::int[], %(keys)s::text[],
            %(inbound)s::bigint[])
    WITH ORDINALITY
    AS n (variant_id, location_id, status, lot, expires_on, quantity, damaged, line_key, inbound_line_id, place)
LEFT JOIN inventory_units u
    ON u.location_id = n.location_id AND u.variant_id = n.variant_id AND u.status = n.status AND u.lot = n.lot
   AND u.expires_on IS NOT DISTINCT FROM n.expires_on
ORDER BY n.place;

-- supersede_places --
-- Let figures of the same places give way to those that are entered anew; they stay on record.
UPDATE stock_session_lines l SET superseded = true
FROM unnest(%(variants)s::bigint[], %(locations)s::bigint[], %(lots)s::text[], %(expiries)s::date[])
    AS n (variant_id, location_id, lot, expires_on)
WHERE l.session_id = %(session)s AND NOT l.superseded AND l.variant_id = n.variant_id
  AND l.location_id = n.location_id AND l.lot = n.lot AND l.expires_on IS NOT DISTINCT FROM n.expires_on;

-- restate_line --
-- Let the figure under a key give way to another; it stays on record.
WITH former AS (
    UPDATE stock_session_lines SET superseded = true
    WHERE session_id = %(session)s AND line_key = %(key)s AND NOT superseded
    RETURNING *
)
INSERT INTO stock_session_lines
    (session_id, variant_id, location_id, status, lot, expires_on, quantity, damaged, line_key, inbound_line_id,
     entered_by, entered_at)
SELECT session_id, variant_id, location_id, status, lot, expires_on, %(quantity)s, %(damaged)s, line_key,
       inbound_line_id, %(actor)s, %(as_of)s
FROM former;
