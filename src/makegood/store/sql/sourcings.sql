-- open_sourcings --
-- Read what some lines have reserved on inbound lines, or what is reserved on some of these; by id.
SELECT s.sourcing_id, s.line_id, l.order_id, s.inbound_line_id, i.reference || '/' || i.line_number, i.due, s.quantity,
       b.number, l.rank_priority, l.placed_at, l.root_order_id, l.root_line_number, l.line_number, l.warehouse_id
FROM sourcings s
JOIN order_lines l USING (line_id)
JOIN inbound_lines i USING (inbound_line_id)
LEFT JOIN backorders b ON b.line_id = s.line_id AND b.closed_at IS NULL
WHERE s.state = 'OPEN'
  AND (s.line_id = ANY (%(lines)s::bigint[]) OR s.inbound_line_id = ANY (%(inbound)s::bigint[]))
ORDER BY s.sourcing_id;

-- close_sourcings --
-- Take units off open sourcings, and off what is sourced of their inbound lines, which are locked in id order.
-- Of a sourcing that keeps some a row is split off.
WITH asked AS (
    SELECT n.sourcing_id, n.units, nextval('sourcings_sourcing_id_seq') AS part_id
    FROM unnest(%(ids)s::bigint[], %(units)s::int[]) AS n (sourcing_id, units)
), held AS MATERIALIZED (
    SELECT i.inbound_line_id FROM inbound_lines i
    WHERE i.inbound_line_id IN (SELECT s.inbound_line_id FROM sourcings s JOIN asked USING (sourcing_id))
    ORDER BY i.inbound_line_id FOR NO KEY UPDATE
), gone AS (
    UPDATE sourcings s
    SET quantity = CASE WHEN s.quantity > n.units THEN s.quantity - n.units ELSE s.quantity END,
        state = CASE WHEN s.quantity > n.units THEN s.state ELSE %(state)s END,
        closed_at = CASE WHEN s.quantity > n.units THEN NULL ELSE %(as_of)s::timestamptz END,
        because = CASE WHEN s.quantity > n.units THEN NULL ELSE %(because)s END
    FROM asked n
    WHERE s.sourcing_id = n.sourcing_id AND s.sourcing_id = ANY (%(ids)s::bigint[])
      AND s.state = 'OPEN' AND s.quantity >= n.units
      AND (SELECT count(*) FROM held) > 0
    RETURNING s.*, n.units, n.part_id
), parted AS (
    INSERT INTO sourcings
        (sourcing_id, line_id, inbound_line_id, quantity, state, sourced_by, sourced_at, closed_at, because)
    OVERRIDING SYSTEM VALUE
    SELECT part_id, line_id, inbound_line_id, units, %(state)s, sourced_by, sourced_at, %(as_of)s, %(because)s
    FROM gone WHERE state = 'OPEN'
), lowered AS (
    UPDATE inbound_lines i SET sourced = i.sourced - p.units
    FROM (SELECT inbound_line_id, sum(units)::int AS units FROM gone GROUP BY 1) p
    WHERE i.inbound_line_id = p.inbound_line_id
)
SELECT sourcing_id, CASE WHEN state = 'OPEN' THEN part_id ELSE sourcing_id END FROM gone;

-- lower_sourced --
-- Take units off what lines have sourced; their orders are locked.
UPDATE order_lines l SET sourced = l.sourced - n.units
FROM unnest(%(lines)s::bigint[], %(units)s::int[]) AS n (line_id, units)
WHERE l.line_id = n.line_id AND l.line_id = ANY (%(lines)s::bigint[]) AND l.sourced >= n.units;

-- hand_over_sourcings --
-- Let what some lines have reserved on inbound lines belong to other lines.
UPDATE sourcings s SET line_id = n.to_line
FROM unnest(%(lines)s::bigint[], %(to_lines)s::bigint[]) AS n (from_line, to_line)
WHERE s.line_id = n.from_line AND s.line_id = ANY (%(lines)s::bigint[]) AND s.state = 'OPEN';

-- add_sourcing --
-- Reserve units of a line on an inbound line; the order and the inbound line are locked.
WITH reserved AS (
    UPDATE inbound_lines SET sourced = sourced + %(units)s
    WHERE inbound_line_id = %(inbound)s AND outstanding - sourced >= %(units)s
    RETURNING inbound_line_id
), covered AS (
    UPDATE order_lines SET sourced = sourced + %(units)s WHERE line_id = %(line)s
    RETURNING line_id
)
INSERT INTO sourcings (line_id, inbound_line_id, quantity, sourced_by, sourced_at)
SELECT line_id, inbound_line_id, %(units)s, %(actor)s, %(as_of)s FROM reserved CROSS JOIN covered;

-- code_of_warehouse --
-- Give the code of a warehouse.
SELECT code FROM warehouses WHERE warehouse_id = %(warehouse)s;

-- allocate_sourced --
-- Put reservations on record that came of sourcings.
INSERT INTO allocations (line_id, unit_id, quantity, sourcing_id, turn, reserved_at)
SELECT n.line_id, n.unit_id, n.units, n.sourcing_id, %(turn)s, %(as_of)s
FROM unnest(%(lines)s::bigint[], %(unit_ids)s::bigint[], %(units)s::int[], %(sourcings)s::bigint[])
    AS n (line_id, unit_id, units, sourcing_id)
ORDER BY n.unit_id, n.line_id;

-- note_sources --
-- Let the open records of lines say what their units come from: what was sourced last and not given back.
UPDATE backorders b
SET source = COALESCE((SELECT i.kind FROM sourcings s JOIN inbound_lines i USING (inbound_line_id)
                       WHERE s.line_id = b.line_id AND s.state <> 'RELEASED'
                       ORDER BY s.sourcing_id DESC LIMIT 1), 'INVENTORY')
WHERE b.line_id = ANY (%(lines)s::bigint[]) AND b.closed_at IS NULL;

-- given_by_name --
-- Say which orders have just got units of an inbound line that they had by name, and how many.
SELECT o.number, sum(s.quantity)::int
FROM sourcings s JOIN order_lines l USING (line_id) JOIN orders o USING (order_id)
WHERE s.inbound_line_id = %(inbound)s AND s.state = 'RECEIVED' AND s.closed_at = %(as_of)s
GROUP BY o.order_id
ORDER BY o.order_id;
