-- open_backorders --
-- Open a record for each line that lacks something and has none open; the numbers come from a sequence.
WITH opened AS (
    INSERT INTO backorders (number, line_id, opened_at)
    SELECT 'BO-' || to_char(%(as_of)s::timestamptz AT TIME ZONE 'UTC', 'YYYY-')
           || lpad(n.number::text, GREATEST(4, length(n.number::text)), '0'),
           n.line_id, %(as_of)s
    FROM (
        SELECT l.line_id, nextval('backorder_numbers') AS number
        FROM order_lines l
        WHERE l.line_id = ANY (%(lines)s::bigint[]) AND l.variant_id IS NOT NULL
          AND l.quantity > l.allocated + l.fulfilled + l.cancelled
          AND NOT EXISTS (SELECT FROM backorders b WHERE b.line_id = l.line_id AND b.closed_at IS NULL)
    ) n
    RETURNING number, line_id
)
SELECT l.order_id, o.number, l.line_number, l.sku_text
FROM opened o JOIN order_lines l USING (line_id);

-- close_backorders --
-- Close the records of lines that have nothing remaining, with what they came to; their priority stays with the line.
WITH closed AS (
    UPDATE backorders b
    SET closed_at = %(as_of)s, ordered = l.quantity, fulfilled = l.fulfilled, cancelled = l.cancelled
    FROM order_lines l
    WHERE l.line_id = b.line_id AND b.closed_at IS NULL AND l.line_id = ANY (%(lines)s::bigint[])
      AND l.fulfilled + l.cancelled = l.quantity
    RETURNING l.order_id, b.number, l.fulfilled, l.cancelled, b.line_id, b.priority
), kept AS (
    UPDATE order_lines l SET priority = c.priority
    FROM closed c WHERE l.line_id = c.line_id AND c.priority IS NOT NULL
)
SELECT order_id, number, fulfilled, cancelled FROM closed;

-- follow_events --
-- Read the next events of which none can still come before, in stream order.
SELECT e.transaction_id::text::bigint, e.event_id, e.order_id, o.number, e.type, e.payload, e.trigger_sources,
       e.attempt_id, e.actor, e.occurred_at, o.merchant_id
FROM fulfillment_events e JOIN orders o USING (order_id)
WHERE (e.transaction_id, e.event_id) > (%(transaction)s::xid8, %(event)s::bigint)
  AND e.transaction_id < (SELECT events_are_final_before())
  AND (%(types)s::text[] IS NULL OR e.type = ANY (%(types)s::text[]))
  AND (%(order)s::bigint IS NULL OR e.order_id = %(order)s::bigint)
  AND (%(merchants)s::bigint[] IS NULL OR o.merchant_id = ANY (%(merchants)s::bigint[]))
ORDER BY e.transaction_id, e.event_id
LIMIT %(most)s;

-- latest_events --
-- Read the last events of which none can still come before, or those before a position, the latest first.
SELECT e.transaction_id::text::bigint, e.event_id, e.order_id, o.number, e.type, e.payload, e.trigger_sources,
       e.attempt_id, e.actor, e.occurred_at, o.merchant_id
FROM fulfillment_events e JOIN orders o USING (order_id)
WHERE (%(transaction)s::xid8 IS NULL
       OR (e.transaction_id, e.event_id) < (%(transaction)s::xid8, %(event)s::bigint))
  AND e.transaction_id < (SELECT events_are_final_before())
  AND (%(types)s::text[] IS NULL OR e.type = ANY (%(types)s::text[]))
  AND (%(order)s::bigint IS NULL OR e.order_id = %(order)s::bigint)
  AND (%(merchants)s::bigint[] IS NULL OR o.merchant_id = ANY (%(merchants)s::bigint[]))
ORDER BY e.transaction_id DESC, e.event_id DESC
LIMIT %(most)s;

-- end_of_events --
-- Find the last event of which none can still come before.
SELECT transaction_id::text::bigint, event_id
FROM fulfillment_events
WHERE transaction_id < (SELECT events_are_final_before())
ORDER BY transaction_id DESC, event_id DESC
LIMIT 1;

-- latest_moment --
-- Give the business time up to which the books have come.
SELECT max(occurred_at) FROM fulfillment_events;
