-- Backorder records to be read: figures, one place for the derived status, and what a closed record came to.

-- What the line said when its record was closed: a line that is raised later has a new record, and the old one stays.
ALTER TABLE backorders
    ADD COLUMN ordered integer,
    ADD COLUMN fulfilled integer,
    ADD COLUMN cancelled integer;

-- Numbers for orders that are made for a backorder of a customer who has none.
CREATE SEQUENCE manual_orders;

-- The same as makegood.domain.backorders.backorder_status; a test compares the two.
CREATE FUNCTION backorder_status(
    ordered integer, allocated integer, fulfilled integer, cancelled integer, order_status text
) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN ordered <= fulfilled + cancelled AND fulfilled > 0 THEN 'FULFILLED'
        WHEN ordered <= fulfilled + cancelled THEN 'CANCELLED'
        WHEN order_status IN ('READY_TO_PICK', 'PICKING', 'PICKED', 'PACKING', 'PACKED') THEN 'READY_TO_SHIP'
        WHEN ordered <= fulfilled + cancelled + allocated THEN 'ALLOCATED'
        WHEN fulfilled > 0 THEN 'PARTIALLY_FULFILLED'
        ELSE 'PENDING' END
$$;

-- Every record with what its line, order and variant say of it.
CREATE VIEW backorder_records AS
SELECT b.backorder_id, b.number, b.line_id, l.order_id, l.warehouse_id, l.variant_id, m.code AS merchant, v.sku, v.name,
       o.number AS order_number, l.line_number, o.customer_reference, o.customer_name, o.customer_email,
       w.code AS warehouse,
       backorder_status(f.ordered, f.allocated, f.fulfilled, f.cancelled, o.status) AS status,
       COALESCE(b.priority, l.priority, o.priority) AS priority,
       f.ordered, f.allocated, f.fulfilled, f.cancelled,
       f.ordered - f.fulfilled - f.cancelled AS remaining,
       f.ordered - f.fulfilled - f.cancelled - f.allocated AS uncovered,
       b.expected_date, b.expected_by_hand, b.promised_date, b.source, b.notes, b.opened_at, b.closed_at
FROM backorders b
JOIN order_lines l USING (line_id)
JOIN orders o USING (order_id)
JOIN merchants m USING (merchant_id)
JOIN variants v ON v.variant_id = l.variant_id
JOIN warehouses w ON w.warehouse_id = l.warehouse_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN b.closed_at IS NULL THEN l.quantity ELSE COALESCE(b.ordered, l.fulfilled + l.cancelled) END
           AS ordered,
           COALESCE(b.fulfilled, l.fulfilled) AS fulfilled, COALESCE(b.cancelled, l.cancelled) AS cancelled,
           CASE WHEN b.closed_at IS NULL THEN l.allocated ELSE 0 END AS allocated
) f;
