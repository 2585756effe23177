-- When what is lacking is due is kept for each line of which it is known; a row says which queues must be dated anew.

-- `line_due` is the day of the line's own last unit, year 1 for what lies there already; `due` that of its record. They
-- differ for the lines of an order that ships whole: each of them has a row as soon as one of them has a day.
CREATE TABLE expected_dates (
    variant_id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    line_id bigint NOT NULL,
    order_id bigint NOT NULL,
    line_due date,
    due date,
    PRIMARY KEY (variant_id, warehouse_id, line_id)
) WITH (fillfactor = 80);

-- "The dates of this queue must be looked at": inserted plainly, in the transaction that may have changed them, by
-- whoever holds the gate of a queue that has dates or supply to come, and by whoever changes that supply.
CREATE TABLE date_marks (
    date_mark_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    variant_id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    trigger_source text NOT NULL,
    actor text NOT NULL,
    marked_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX date_marks_by_gate ON date_marks (warehouse_id, variant_id);

-- Whoever dates the queues of a warehouse holds its row.
CREATE TABLE datings (warehouse_id bigint PRIMARY KEY REFERENCES warehouses);
INSERT INTO datings SELECT warehouse_id FROM warehouses;
INSERT INTO date_marks (variant_id, warehouse_id, trigger_source, actor)
SELECT DISTINCT variant_id, warehouse_id, 'migration', 'migration' FROM inbound_lines WHERE closed_at IS NULL;

-- Whether what is known does not keep the promise: the last unit is due later than promised, or its supply is late.
CREATE FUNCTION promise_at_risk(lacking integer, expected date, promised date, today date) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT COALESCE(lacking > 0 AND promised IS NOT NULL AND (expected > promised OR expected < today), false)
$$;

-- As before, with what is lacking on stock; the expected date is the one set by hand, else the one that is kept while something is lacking.
CREATE OR REPLACE VIEW backorder_records AS
SELECT b.backorder_id, b.number, b.line_id, l.order_id, l.warehouse_id, l.variant_id, m.code AS merchant, v.sku, v.name,
       o.number AS order_number, l.line_number, o.customer_reference, o.customer_name, o.customer_email,
       w.code AS warehouse,
       backorder_status(f.ordered, f.allocated, f.fulfilled, f.cancelled, o.status) AS status,
       COALESCE(b.priority, l.priority, o.priority) AS priority,
       f.ordered, f.allocated, f.fulfilled, f.cancelled,
       f.ordered - f.fulfilled - f.cancelled AS remaining,
       f.ordered - f.fulfilled - f.cancelled - f.allocated - f.sourced AS uncovered,
       CASE WHEN b.expected_by_hand THEN b.expected_date
            WHEN b.closed_at IS NULL AND f.ordered > f.fulfilled + f.cancelled + f.allocated
            THEN NULLIF(e.due, '0001-01-01') END AS expected_date,
       b.expected_by_hand, b.promised_date, b.source, b.notes, b.opened_at, b.closed_at,
       f.sourced,
       CASE WHEN b.closed_at IS NULL THEN f.ordered - f.fulfilled - f.cancelled - f.allocated ELSE 0 END AS lacking
FROM backorders b
JOIN order_lines l USING (line_id)
JOIN orders o USING (order_id)
JOIN merchants m USING (merchant_id)
JOIN variants v ON v.variant_id = l.variant_id
JOIN warehouses w ON w.warehouse_id = l.warehouse_id
LEFT JOIN expected_dates e
    ON e.variant_id = l.variant_id AND e.warehouse_id = l.warehouse_id AND e.line_id = l.line_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN b.closed_at IS NULL THEN l.quantity ELSE COALESCE(b.ordered, l.fulfilled + l.cancelled) END
           AS ordered,
           COALESCE(b.fulfilled, l.fulfilled) AS fulfilled, COALESCE(b.cancelled, l.cancelled) AS cancelled,
           CASE WHEN b.closed_at IS NULL THEN l.allocated ELSE 0 END AS allocated,
           CASE WHEN b.closed_at IS NULL THEN l.sourced ELSE 0 END AS sourced
) f;
