-- allocations_to_go --
-- Read allocations that can go out for open backorders of some variants; those of orders held or in picking stay.
SELECT a.allocation_id, a.unit_id, a.line_id, l.order_id, u.warehouse_id, a.quantity, b.number
FROM usable_units(%(today)s) u
JOIN warehouses w ON w.warehouse_id = u.warehouse_id
JOIN allocations a ON a.unit_id = u.unit_id AND a.state IN ('RESERVED', 'CONFIRMED')
JOIN order_lines l ON l.line_id = a.line_id
JOIN orders o ON o.order_id = l.order_id
JOIN backorders b ON b.line_id = l.line_id AND b.closed_at IS NULL
WHERE u.variant_id = ANY (%(variants)s::bigint[])
  AND (%(warehouse)s::text IS NULL OR w.code = %(warehouse)s::text)
  AND (%(orders)s::bigint[] IS NULL OR l.order_id = ANY (%(orders)s::bigint[]))
  AND o.status = ANY (%(statuses)s::text[])
  AND (a.expires_at IS NULL OR a.expires_at > %(as_of)s)
LIMIT %(most)s;
