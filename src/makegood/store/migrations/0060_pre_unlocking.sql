-- Which lines of orders that ship complete could go out now, if their orders were divided: what they lack is free and
-- not kept back for whoever is ahead of them. Only lines of what is free are looked at, of these variants or of all.
SET lock_timeout = '5s';

CREATE FUNCTION ready_for_complete(as_of date, of_variants bigint[]) RETURNS TABLE (line_id bigint, order_id bigint)
LANGUAGE sql STABLE AS $$
    WITH free AS MATERIALIZED (
        SELECT u.variant_id, u.warehouse_id, sum(u.free) AS free
        FROM usable_units(as_of) u
        WHERE u.free > 0 AND (of_variants IS NULL OR u.variant_id = ANY (of_variants))
        GROUP BY 1, 2
    ), lacking AS (
        SELECT l.line_id, l.order_id, f.free,
               sum(n.short) OVER (PARTITION BY l.order_id, l.variant_id ORDER BY l.line_number) AS short_so_far,
               sum(n.short) FILTER (WHERE l.keeps_back) OVER (
                   PARTITION BY l.variant_id, l.warehouse_id ORDER BY l.rank_priority, l.placed_at, l.root_order_id
                   RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE GROUP) AS kept_ahead,
               sum(n.short) FILTER (WHERE l.keeps_back) OVER (
                   PARTITION BY l.variant_id, l.order_id ORDER BY l.rank_priority
                   RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE GROUP) AS kept_by_itself
        FROM free f
        JOIN order_lines l ON l.variant_id = f.variant_id AND l.warehouse_id = f.warehouse_id
        CROSS JOIN LATERAL (SELECT l.quantity - l.cancelled - l.fulfilled - l.allocated AS short) n
        WHERE l.waiting AND l.ship_policy = 'COMPLETE'
    )
    SELECT line_id, order_id FROM lacking
    WHERE short_so_far <= free - COALESCE(kept_ahead, 0) + COALESCE(kept_by_itself, 0)
$$;
