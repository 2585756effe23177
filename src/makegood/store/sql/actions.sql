-- units_beyond_reach --
-- Find units in quarantine, or where nothing can be picked, that nobody has reserved, with the bin that they could go
-- to: one in which the variant lies already, else the first that pickers pass. Expired ones are left out.
SELECT u.variant_id, u.unit_id, l.code, u.lot, u.status, u.quantity - u.reserved, b.code
FROM inventory_units u
JOIN locations l USING (location_id)
JOIN variants v USING (variant_id)
LEFT JOIN LATERAL (
    SELECT p.code
    FROM locations p
    LEFT JOIN inventory_units s
        ON s.location_id = p.location_id AND s.variant_id = u.variant_id AND s.quantity > 0
    WHERE p.warehouse_id = u.warehouse_id AND p.is_pickable AND p.active
    ORDER BY s.unit_id IS NULL, p.pick_sequence, p.location_id LIMIT 1
) b ON true
WHERE u.warehouse_id = %(warehouse)s AND u.variant_id = ANY (%(variants)s::bigint[]) AND u.quantity > u.reserved
  AND (u.status = 'QUARANTINE' OR (u.status = 'AVAILABLE' AND NOT (l.is_pickable AND l.active)))
  AND (u.expires_on IS NULL OR u.expires_on - v.min_shelf_life_days >= %(today)s)
ORDER BY u.variant_id, u.unit_id
LIMIT 100;
