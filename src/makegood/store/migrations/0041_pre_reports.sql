-- Reports read what was put on record and never what the books say now, so that the past stays as it was told.
SET lock_timeout = '5s';

-- The one definition of who lacked what at a moment: orders that waited or were held then, with the units that they
-- lacked and, line by line, of what. Their status is that of their last event before it; what they lacked is in the last
-- event that says so, or in the attempt that it belongs to.
CREATE FUNCTION orders_short_at(moment timestamptz) RETURNS TABLE (
    order_id bigint, held boolean, shortfall integer, items jsonb
) LANGUAGE sql STABLE AS $$
    SELECT s.order_id, s.last % 4 = 3, COALESCE((t.payload ->> 'backorderedItems')::integer, a.short),
           COALESCE(t.payload -> 'shortItems', a.reasons)
    FROM (
        SELECT e.order_id,
               max(CASE e.type WHEN 'order:backordered' THEN e.event_id * 4 + 1
                               WHEN 'order:partially_allocated' THEN e.event_id * 4 + 2
                               WHEN 'order:held' THEN e.event_id * 4 + 3
                               WHEN 'allocation:created' THEN NULL
                               WHEN 'order:still_short' THEN NULL
                               ELSE e.event_id * 4 END) AS last,
               max(e.event_id) FILTER (WHERE e.type <> 'allocation:created' OR e.attempt_id IS NOT NULL) AS told
        FROM fulfillment_events e
        WHERE e.occurred_at < moment
          AND e.type IN ('order:backordered', 'order:partially_allocated', 'order:held', 'order:allocated',
                         'order:cancelled', 'order:released_to_pick', 'order:picking', 'order:picked', 'order:shipped',
                         'order:still_short', 'allocation:created')
        GROUP BY e.order_id
    ) s
    JOIN fulfillment_events t ON t.event_id = s.told
    LEFT JOIN attempts a ON a.attempt_id = t.attempt_id
    WHERE s.last % 4 > 0
$$;

-- The orders that somebody may see and asks about. The warehouse is the one in which an order was placed or split off,
-- also while another one serves it.
CREATE FUNCTION orders_asked_about(seen bigint[], of_merchant text, in_warehouse text) RETURNS TABLE (
    order_id bigint
) LANGUAGE sql STABLE AS $$
    SELECT o.order_id
    FROM orders o
    JOIN merchants m USING (merchant_id)
    JOIN warehouses w ON w.warehouse_id = COALESCE(o.home_warehouse_id, o.warehouse_id)
    WHERE (seen IS NULL OR o.merchant_id = ANY (seen)) AND (of_merchant IS NULL OR m.code = of_merchant)
      AND (in_warehouse IS NULL OR w.code = in_warehouse)
$$;
