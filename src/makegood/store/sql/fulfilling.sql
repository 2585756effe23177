-- allocations_to_go --
-- Read allocations that can go out for open backorders of some variants; those of orders held or in picking stay.
-- It starts at the units of these variants, however many others there are.
SELECT a.allocation_id, u.unit_id, a.line_id, l.order_id, u.warehouse_id, a.quantity, b.number
FROM usable_units(%(today)s) u
JOIN warehouses w ON w.warehouse_id = u.warehouse_id
CROSS JOIN LATERAL (
    SELECT x.allocation_id, x.line_id, x.quantity FROM allocations x
    WHERE x.unit_id = u.unit_id AND x.state IN ('RESERVED', 'CONFIRMED')
      AND (x.expires_at IS NULL OR x.expires_at > %(as_of)s)
    OFFSET 0
) a
CROSS JOIN LATERAL (
    SELECT y.order_id, o.status FROM order_lines y JOIN orders o USING (order_id)
    WHERE y.line_id = a.line_id OFFSET 0
) l
JOIN backorders b ON b.line_id = a.line_id AND b.closed_at IS NULL
WHERE u.variant_id = ANY (%(variants)s::bigint[])
  AND (%(warehouse)s::text IS NULL OR w.code = %(warehouse)s::text)
  AND (%(orders)s::bigint[] IS NULL OR l.order_id = ANY (%(orders)s::bigint[]))
  AND l.status = ANY (%(statuses)s::text[])
LIMIT %(most)s;
