-- first_shipments --
-- Of orders, parts included, of which nothing had gone before these units, say what went of what is wanted.
WITH going AS (
    SELECT o.root_order_id, min(n.order_id) AS order_id, sum(n.units) AS units
    FROM unnest(%(orders)s::bigint[], %(units)s::int[]) AS n (order_id, units)
    JOIN orders o USING (order_id)
    GROUP BY o.root_order_id
), family AS (
    SELECT g.root_order_id, g.root_order_id AS order_id FROM going g
    UNION ALL
    SELECT g.root_order_id, o.order_id FROM going g
    JOIN orders o ON o.root_order_id = g.root_order_id AND o.parent_id IS NOT NULL
), lines AS (
    SELECT f.root_order_id, sum(l.quantity - l.cancelled) AS wanted, sum(l.fulfilled) AS went
    FROM family f JOIN order_lines l USING (order_id)
    GROUP BY f.root_order_id, l.root_line_number
    HAVING sum(l.quantity - l.cancelled) > 0
)
SELECT g.order_id, g.root_order_id, sum(l.went)::bigint, sum(l.wanted)::bigint,
       count(*) FILTER (WHERE l.went = l.wanted), count(*)
FROM going g JOIN lines l USING (root_order_id)
GROUP BY g.order_id, g.root_order_id, g.units
HAVING sum(l.went) = g.units
ORDER BY g.order_id;
