-- The same answer as before, with sums that run on: a frame that leaves its own rank out is summed up anew for each row.
SET lock_timeout = '5s';

CREATE OR REPLACE FUNCTION ready_for_complete(as_of date, of_variants bigint[])
RETURNS TABLE (line_id bigint, order_id bigint)
LANGUAGE sql STABLE AS $$
    WITH free AS MATERIALIZED (
        SELECT u.variant_id, u.warehouse_id, sum(u.free) AS free
        FROM usable_units(as_of) u
        WHERE u.free > 0 AND (of_variants IS NULL OR u.variant_id = ANY (of_variants))
        GROUP BY 1, 2
    ), lacking AS (
        SELECT l.line_id, l.order_id, l.line_number, l.variant_id, l.warehouse_id, l.rank_priority, l.placed_at,
               l.root_order_id, f.free, n.short, CASE WHEN l.keeps_back THEN n.short ELSE 0 END AS keeps
        FROM free f
        JOIN order_lines l ON l.variant_id = f.variant_id AND l.warehouse_id = f.warehouse_id
        CROSS JOIN LATERAL (SELECT l.quantity - l.cancelled - l.fulfilled - l.allocated AS short) n
        WHERE l.waiting AND l.ship_policy = 'COMPLETE'
    ), summed AS (
        SELECT line_id, order_id, free,
               sum(short) OVER (PARTITION BY order_id, variant_id ORDER BY line_number) AS short_so_far,
               sum(keeps) OVER (PARTITION BY variant_id, warehouse_id
                                ORDER BY rank_priority, placed_at, root_order_id)
               - sum(keeps) OVER (PARTITION BY variant_id, warehouse_id, rank_priority, placed_at, root_order_id)
               AS kept_ahead,
               sum(keeps) OVER (PARTITION BY variant_id, order_id ORDER BY rank_priority)
               - sum(keeps) OVER (PARTITION BY variant_id, order_id, rank_priority) AS kept_by_itself
        FROM lacking
    )
    SELECT line_id, order_id FROM summed WHERE short_so_far <= free - kept_ahead + kept_by_itself
$$;
