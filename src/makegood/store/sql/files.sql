-- add_merchants --
-- Add merchants that do not exist yet.
INSERT INTO merchants (code) SELECT DISTINCT n.code FROM unnest(%(codes)s::text[]) AS n (code)
ORDER BY n.code
ON CONFLICT DO NOTHING;

-- orders_as_placed --
-- Read what stands in the books under these order numbers, line by line.
SELECT o.merchant_id, o.number, w.code, o.placed_at, o.channel, o.customer_reference, o.customer_name,
       o.customer_email, o.customer_class, o.priority, o.ship_policy,
       CASE WHEN o.keeps_back THEN 'RESERVE' ELSE 'SKIP' END, o.requested_date, lower(btrim(l.sku_text)), l.quantity, l.unit_price, COALESCE(l.currency, ''), l.priority
FROM orders o
JOIN unnest(%(merchants)s::bigint[], %(numbers)s::text[]) AS n (merchant_id, number) USING (merchant_id, number)
JOIN warehouses w USING (warehouse_id)
JOIN order_lines l USING (order_id)
ORDER BY o.order_id, l.line_number;

-- warehouse_ids --
-- Find warehouses by code.
SELECT code, warehouse_id FROM warehouses WHERE code = ANY (%(codes)s::text[]);
