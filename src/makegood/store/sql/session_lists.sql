-- sessions_to_show --
-- Read a page of the stock sessions of a kind, the latest first, or the one that has a reference.
SELECT s.session_id, s.reference, w.code, s.status, o.number, l.lines, l.units, s.opened_by, s.opened_at,
       s.closed_by, s.closed_at, s.self_approved
FROM stock_sessions s
JOIN warehouses w USING (warehouse_id)
LEFT JOIN orders o ON o.order_id = s.order_id
CROSS JOIN LATERAL (
    SELECT count(*) AS lines, COALESCE(sum(quantity), 0)::bigint AS units
    FROM stock_session_lines WHERE session_id = s.session_id AND NOT superseded
) l
WHERE s.kind = %(about)s
  AND (%(reference)s::text IS NULL OR s.reference = %(reference)s::text)
  AND (%(statuses)s::text[] IS NULL OR s.status = ANY (%(statuses)s::text[]))
  AND (%(warehouse)s::text IS NULL OR w.code = %(warehouse)s::text)
  AND (%(merchants)s::bigint[] IS NULL OR NOT EXISTS (
      SELECT FROM stock_session_lines n JOIN variants v USING (variant_id)
      WHERE n.session_id = s.session_id AND v.merchant_id <> ALL (%(merchants)s::bigint[])
      UNION SELECT FROM orders x
      WHERE x.order_id = s.order_id AND x.merchant_id <> ALL (%(merchants)s::bigint[])))
  AND (%(before)s::bigint IS NULL OR s.session_id < %(before)s::bigint)
ORDER BY s.session_id DESC
LIMIT %(most)s;

-- session_result --
-- Give what the approval of a session did.
SELECT result FROM stock_sessions WHERE session_id = %(session)s;

-- figures_to_show --
-- Read the figures of a session that count, in the order in which they were entered.
SELECT v.sku, m.code, p.code, l.status, l.lot, l.expires_on, l.quantity, l.damaged, l.booked, l.line_key,
       l.entered_by, l.entered_at
FROM stock_session_lines l
JOIN variants v USING (variant_id)
JOIN merchants m USING (merchant_id)
JOIN locations p USING (location_id)
WHERE l.session_id = %(session)s AND NOT l.superseded
ORDER BY l.session_line_id;
