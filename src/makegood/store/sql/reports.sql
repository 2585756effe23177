-- report_moves --
-- Count the moves into and out of waiting and holds in each span; span 0 is all that was before.
SELECT width_bucket(e.occurred_at, %(moments)s::timestamptz[]) AS span,
       count(*) FILTER (WHERE e.type IN ('order:backordered', 'order:partially_allocated')
                        AND e.previous NOT IN ('BACKORDERED', 'PARTIALLY_ALLOCATED')),
       count(*) FILTER (WHERE e.type NOT IN ('order:backordered', 'order:partially_allocated', 'order:backorder_resolved')
                        AND e.previous IN ('BACKORDERED', 'PARTIALLY_ALLOCATED')),
       count(*) FILTER (WHERE e.type = 'order:backorder_resolved'),
       count(*) FILTER (WHERE e.type = 'order:held' AND e.previous <> 'ON_HOLD'),
       count(*) FILTER (WHERE e.type NOT IN ('order:held', 'order:backorder_resolved') AND e.previous = 'ON_HOLD'),
       count(*) FILTER (WHERE e.type = 'order:escalated')
FROM (
    SELECT t.occurred_at, t.type, t.payload ->> 'previousStatus' AS previous
    FROM fulfillment_events t
    WHERE t.occurred_at < %(until)s AND t.type = ANY (%(types)s::text[])
      AND (%(everything)s::boolean OR t.order_id IN (
          SELECT order_id FROM orders_asked_about(%(merchants)s::bigint[], %(merchant)s, %(warehouse)s)))
) e
GROUP BY 1;

-- report_waits --
-- Give for each span how many orders were resolved, the middle and the ninth tenth of their days short, and holds.
SELECT width_bucket(e.occurred_at, %(moments)s::timestamptz[]) AS span,
       count(*) FILTER (WHERE e.type = 'order:backorder_resolved'),
       percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY extract(
           epoch FROM e.occurred_at - (e.payload ->> 'backorderedSince')::timestamptz)::float8 / 86400)
           FILTER (WHERE e.type = 'order:backorder_resolved'),
       count(*) FILTER (WHERE e.type = 'order:escalated')
FROM fulfillment_events e
WHERE e.occurred_at >= %(begins)s AND e.occurred_at < %(until)s
  AND e.type IN ('order:backorder_resolved', 'order:escalated')
  AND (%(everything)s::boolean OR e.order_id IN (
      SELECT order_id FROM orders_asked_about(%(merchants)s::bigint[], %(merchant)s, %(warehouse)s)))
GROUP BY 1;

-- report_ages --
-- Sum the orders that were short at a moment, and the units that they lacked, by days since they were placed.
SELECT width_bucket(GREATEST(floor(extract(epoch FROM %(until)s - o.placed_at) / 86400), 0)::int, %(days)s::int[]),
       s.held, count(*), COALESCE(sum(s.shortfall), 0)::bigint
FROM orders_short_at(%(until)s) s
JOIN orders o USING (order_id)
WHERE %(everything)s::boolean OR s.order_id IN (
    SELECT order_id FROM orders_asked_about(%(merchants)s::bigint[], %(merchant)s, %(warehouse)s))
GROUP BY 1, 2;

-- report_skus --
-- Rank SKUs by how many orders waited for them at a moment, times the units that those lacked.
WITH lacking AS (
    SELECT DISTINCT s.order_id, i.line, i.variant, i.short, CASE WHEN i.variant IS NULL THEN btrim(i.sku) END AS text
    FROM orders_short_at(%(until)s) s
    CROSS JOIN LATERAL jsonb_to_recordset(s.items) AS i (line int, variant bigint, sku text, short int)
    WHERE NOT s.held AND (%(everything)s::boolean OR s.order_id IN (
        SELECT order_id FROM orders_asked_about(%(merchants)s::bigint[], %(merchant)s, %(warehouse)s)))
)
SELECT m.code, COALESCE(v.sku, min(l.text)) AS sku, COALESCE(v.name, ''), count(DISTINCT l.order_id) AS orders,
       sum(l.short)::bigint AS units, count(DISTINCT l.order_id) * sum(l.short)::bigint AS score
FROM lacking l
JOIN orders o USING (order_id)
JOIN merchants m USING (merchant_id)
LEFT JOIN variants v ON v.variant_id = l.variant
GROUP BY m.code, v.variant_id, lower(l.text)
ORDER BY score DESC, units DESC, sku, m.code, v.variant_id
LIMIT %(most)s;

-- report_first_shipments --
-- Sum for each span what went of what was wanted when orders, parts included, first went out.
SELECT width_bucket(f.occurred_at, %(moments)s::timestamptz[]) AS span, count(*),
       count(*) FILTER (WHERE f.units = f.wanted), sum(f.lines_wanted)::bigint, sum(f.lines)::bigint,
       sum(f.wanted)::bigint, sum(f.units)::bigint
FROM (
    -- Two parts that leave at the same moment may both have taken themselves for the first.
    SELECT DISTINCT ON ((e.payload ->> 'rootOrderId')::bigint) e.occurred_at,
           (e.payload ->> 'units')::int AS units, (e.payload ->> 'unitsWanted')::int AS wanted,
           (e.payload ->> 'lines')::int AS lines, (e.payload ->> 'linesWanted')::int AS lines_wanted
    FROM fulfillment_events e
    WHERE e.occurred_at >= %(begins)s AND e.occurred_at < %(until)s AND e.type = 'order:first_shipment'
      AND (%(everything)s::boolean OR e.order_id IN (
          SELECT order_id FROM orders_asked_about(%(merchants)s::bigint[], %(merchant)s, %(warehouse)s)))
    ORDER BY (e.payload ->> 'rootOrderId')::bigint, e.event_id
) f
GROUP BY 1;

-- report_inflows --
-- Say of what set something off which orders it unblocked, and how often and with what it served one that waited.
SELECT i.source, min(i.at), max(i.at), count(*) FILTER (WHERE i.resolved) AS unblocked,
       count(*) FILTER (WHERE NOT i.resolved), COALESCE(sum(i.granted), 0)::bigint AS units
FROM (
    SELECT unnest(e.trigger_sources) AS source, e.order_id, e.occurred_at AS at, true AS resolved, 0 AS granted
    FROM fulfillment_events e
    WHERE e.occurred_at >= %(begins)s AND e.occurred_at < %(until)s AND e.type = 'order:backorder_resolved'
    UNION ALL
    SELECT unnest(a.trigger_sources), a.order_id, a.as_of, false, a.granted
    FROM attempts a
    WHERE a.as_of >= %(begins)s AND a.as_of < %(until)s AND a.granted > 0
      AND a.before_status IN ('BACKORDERED', 'PARTIALLY_ALLOCATED')
) i
WHERE %(everything)s::boolean OR i.order_id IN (
    SELECT order_id FROM orders_asked_about(%(merchants)s::bigint[], %(merchant)s, %(warehouse)s))
GROUP BY i.source
ORDER BY unblocked DESC, units DESC, i.source
LIMIT %(most)s;

-- report_hands --
-- Count for each span what resolved the orders that were: an inflow, a person's retry, another act of a person.
SELECT width_bucket(e.occurred_at, %(moments)s::timestamptz[]) AS span, count(*),
       count(*) FILTER (WHERE NOT e.by_hand), count(*) FILTER (WHERE e.by_hand AND e.tried),
       count(*) FILTER (WHERE e.by_hand AND NOT e.tried)
FROM (
    SELECT t.occurred_at, t.attempt_id IS NOT NULL AS tried,
           EXISTS (SELECT FROM unnest(t.trigger_sources) s WHERE s ~ '^(manual|run):') AS by_hand
    FROM fulfillment_events t
    WHERE t.occurred_at >= %(begins)s AND t.occurred_at < %(until)s AND t.type = 'order:backorder_resolved'
      AND (%(everything)s::boolean OR t.order_id IN (
          SELECT order_id FROM orders_asked_about(%(merchants)s::bigint[], %(merchant)s, %(warehouse)s)))
) e
GROUP BY 1;

-- report_short_orders --
-- Read a page of the orders that waited or were on hold at a moment, of one age or short of one SKU, the oldest first.
SELECT o.placed_at, o.order_id, m.code, o.number, o.customer_name, o.customer_reference, o.customer_email, w.code,
       o.placed_at, o.placed_at, s.shortfall, ARRAY[]::text[]
FROM orders_short_at(%(until)s) s
JOIN orders o USING (order_id)
JOIN merchants m USING (merchant_id)
JOIN warehouses w ON w.warehouse_id = COALESCE(o.home_warehouse_id, o.warehouse_id)
WHERE s.held = %(held)s::boolean
  AND (%(everything)s::boolean OR s.order_id IN (
      SELECT order_id FROM orders_asked_about(%(merchants)s::bigint[], %(merchant)s, %(warehouse)s)))
  AND (%(bucket)s::int IS NULL OR %(bucket)s::int = width_bucket(
      GREATEST(floor(extract(epoch FROM %(until)s - o.placed_at) / 86400), 0)::int, %(days)s::int[]))
  AND (%(sku)s::text IS NULL OR EXISTS (
      SELECT FROM jsonb_to_recordset(s.items) AS i (variant bigint, sku text, short int)
      LEFT JOIN variants v ON v.variant_id = i.variant
      WHERE lower(btrim(%(sku)s::text)) = COALESCE(v.sku_key, lower(btrim(i.sku)))))
  AND (%(after_at)s::timestamptz IS NULL OR (o.placed_at, o.order_id) > (%(after_at)s::timestamptz, %(after_id)s::bigint))
ORDER BY o.placed_at, o.order_id
LIMIT %(most)s;

-- report_told_orders --
-- Read a page of what happened to orders in a period and counts for a figure, the earliest first.
WITH told AS (
    SELECT t.*, t.payload ->> 'previousStatus' AS previous,
           EXISTS (SELECT FROM unnest(t.trigger_sources) s WHERE s ~ '^(manual|run):') AS by_hand
    FROM fulfillment_events t
    WHERE t.occurred_at >= %(begins)s AND t.occurred_at < %(until)s AND t.type = ANY (%(types)s::text[])
      AND (%(everything)s::boolean OR t.order_id IN (
          SELECT order_id FROM orders_asked_about(%(merchants)s::bigint[], %(merchant)s, %(warehouse)s)))
)
SELECT e.occurred_at, e.event_id, m.code, o.number, o.customer_name, o.customer_reference, o.customer_email, w.code,
       o.placed_at, e.occurred_at, (e.payload ->> 'backorderedItems')::int, e.trigger_sources
FROM told e
JOIN orders o USING (order_id)
JOIN merchants m USING (merchant_id)
JOIN warehouses w ON w.warehouse_id = COALESCE(o.home_warehouse_id, o.warehouse_id)
WHERE CASE %(figure)s
          WHEN 'entered' THEN e.previous NOT IN ('BACKORDERED', 'PARTIALLY_ALLOCATED')
          WHEN 'left' THEN e.previous IN ('BACKORDERED', 'PARTIALLY_ALLOCATED')
          WHEN 'held' THEN e.previous <> 'ON_HOLD'
          WHEN 'unblocked' THEN %(source)s::text = ANY (e.trigger_sources)
          WHEN 'served' THEN %(source)s::text = ANY (e.trigger_sources) AND (
              SELECT a.before_status FROM attempts a WHERE a.attempt_id = e.attempt_id
          ) IN ('BACKORDERED', 'PARTIALLY_ALLOCATED')
          WHEN 'by_inflow' THEN NOT e.by_hand
          WHEN 'by_retry' THEN e.by_hand AND e.attempt_id IS NOT NULL
          WHEN 'by_act' THEN e.by_hand AND e.attempt_id IS NULL
          WHEN 'whole' THEN e.payload ->> 'units' = e.payload ->> 'unitsWanted'
          ELSE true END
  -- As in `report_first_shipments`, of parts that leave at the same moment the first one counts.
  AND (e.type <> 'order:first_shipment'
       OR e.event_id IN (SELECT min(event_id) FROM told GROUP BY payload ->> 'rootOrderId'))
  AND (%(after_at)s::timestamptz IS NULL
       OR (e.occurred_at, e.event_id) > (%(after_at)s::timestamptz, %(after_id)s::bigint))
ORDER BY e.occurred_at, e.event_id
LIMIT %(most)s;

-- who_was_unblocked --
-- Say which orders something unblocked, and when: it is shown to people, who put their own source in.
SELECT o.number, e.occurred_at
FROM fulfillment_events e JOIN orders o USING (order_id)
WHERE e.type = 'order:backorder_resolved' AND %(source)s = ANY (e.trigger_sources)
ORDER BY e.event_id;
