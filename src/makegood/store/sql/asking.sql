-- add_asks --
-- Note what customers are asked, unless the same is being asked of them already.
INSERT INTO consent_asks (order_id, purpose, asked_by, asked_at, expires_at, due_by, revised, silence, answer_by)
SELECT n.order_id, %(purpose)s, %(actor)s, %(as_of)s, n.expires_at, n.due_by, n.revised, n.silence, n.answer_by
FROM unnest(%(orders)s::bigint[], %(expire)s::timestamptz[], %(due_by)s::date[], %(revised)s::date[],
            %(silence)s::text[], %(answer_by)s::date[])
     AS n (order_id, expires_at, due_by, revised, silence, answer_by)
JOIN orders o USING (order_id)
WHERE is_address(o.customer_email)
ON CONFLICT (order_id, purpose) WHERE answer IS NULL DO NOTHING
RETURNING ask_id, order_id;

-- expire_asks --
-- Close what was asked of an order and not answered in time, so that it can be asked again.
UPDATE consent_asks SET answer = 'LAPSED', answered_at = %(as_of)s
WHERE order_id = %(order)s AND purpose = %(purpose)s AND purpose <> 'DELAY' AND answer IS NULL
  AND expires_at <= %(as_of)s;

-- read_ask --
-- Give what a customer was asked.
SELECT a.ask_id, a.order_id, o.number, a.purpose, a.asked_at, a.expires_at, a.due_by, a.revised, a.silence,
       a.answer_by, a.answer, a.answered_at, o.status, o.hold_kind, r.code || '/' || o.number
FROM consent_asks a JOIN orders o USING (order_id) JOIN merchants r USING (merchant_id) WHERE a.ask_id = %(ask)s;

-- hold_ask --
-- Hold what a customer was asked, so that it is answered once.
SELECT ask_id FROM consent_asks WHERE ask_id = %(ask)s FOR UPDATE;

-- answer_ask --
-- Note the answer; silence that was taken for consent can still be broken.
UPDATE consent_asks SET answer = %(answer)s, answered_at = %(as_of)s
WHERE ask_id = %(ask)s AND (answer IS NULL OR answer = 'SILENT');

-- asks_of_order --
-- List what the customer of an order was asked, the first one first.
SELECT a.ask_id, a.order_id, o.number, a.purpose, a.asked_at, a.expires_at, a.due_by, a.revised, a.silence,
       a.answer_by, a.answer, a.answered_at, o.status, o.hold_kind, r.code || '/' || o.number
FROM consent_asks a JOIN orders o USING (order_id) JOIN merchants r USING (merchant_id) WHERE a.order_id = %(order)s ORDER BY a.ask_id;

-- substitutes_told --
-- Give what a mail told the customer would be sent instead.
SELECT m.facts -> 'ask' -> 'substitutes' FROM mails m WHERE m.ask_id = %(ask)s;

-- order_can_be_mailed --
-- Tell whether a mail can be sent to the customer of an order.
SELECT is_address(customer_email) FROM orders WHERE order_id = %(order)s;

-- promise_revised --
-- Promise the day to which a customer agreed for all that an order lacks.
UPDATE backorders b SET promised_date = %(revised)s
FROM order_lines l
WHERE l.line_id = b.line_id AND l.order_id = %(order)s AND b.closed_at IS NULL
  AND b.promised_date IS DISTINCT FROM %(revised)s::date;

-- orders_that_may_be_late --
-- Read the orders that lack something and whose day, or an answer, may be due, with what their customers were told.
SELECT o.order_id, (o.placed_at AT TIME ZONE 'UTC')::date, w.promised, w.expected,
       COALESCE((SELECT jsonb_agg(jsonb_build_array(
                     a.due_by, a.revised, a.silence, a.answer_by, a.answer,
                     EXISTS (SELECT FROM mails m WHERE m.ask_id = a.ask_id AND m.status = 'SENT'),
                     a.ask_id, a.order_id) ORDER BY a.ask_id)
                 FROM consent_asks a
                 WHERE a.purpose = 'DELAY' AND a.order_id IN (o.order_id, o.parent_id)), '[]')
FROM orders o
JOIN LATERAL (
    SELECT min(r.promised_date) AS promised,
           CASE WHEN count(*) = count(r.expected_date) THEN max(r.expected_date) END AS expected
    FROM backorder_records r
    WHERE r.order_id = o.order_id AND r.closed_at IS NULL AND r.lacking > 0
    HAVING count(*) > 0
) w ON true
WHERE o.status IN ('BACKORDERED', 'PARTIALLY_ALLOCATED', 'ON_HOLD')
  AND o.order_id > %(after)s
  AND (%(only)s::bigint[] IS NULL OR o.order_id = ANY (%(only)s::bigint[]))
  AND is_address(o.customer_email)
  AND (w.promised <= %(horizon)s::date
       OR w.promised IS NULL AND (o.placed_at AT TIME ZONE 'UTC')::date + 30 <= %(horizon)s::date
       OR EXISTS (SELECT FROM consent_asks a WHERE a.purpose = 'DELAY' AND a.order_id IN (o.order_id, o.parent_id)))
ORDER BY o.order_id
LIMIT %(most)s;

-- names_of_skus --
-- Give the names of SKUs of an order's merchant.
SELECT v.sku, v.name FROM variants v JOIN orders o USING (merchant_id)
WHERE o.order_id = %(order)s AND v.sku = ANY (%(skus)s::text[]);
