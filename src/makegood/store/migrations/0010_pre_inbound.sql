-- Supply that is due: from whom, how much of it still comes, and for which lines it is reserved already.

CREATE TABLE suppliers (
    supplier_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    merchant_id bigint NOT NULL REFERENCES merchants,
    code text NOT NULL CHECK (btrim(code) <> ''),
    code_key text NOT NULL GENERATED ALWAYS AS (lower(btrim(code))) STORED,
    name text NOT NULL DEFAULT '',
    -- So many days later than announced its supply is counted on; without it the business setting counts.
    margin_days integer CHECK (margin_days BETWEEN 0 AND 3650),
    UNIQUE (merchant_id, code_key),
    UNIQUE (supplier_id, merchant_id)
);

-- `cancelled` units will not come any more; `sourced` are reserved for lines while they are still to come; `given`
-- are those of the received ones that went to a line by name. What is still to come is `outstanding`.
ALTER TABLE variants ADD UNIQUE (variant_id, merchant_id);
ALTER TABLE inbound_lines
    ADD COLUMN supplier_id bigint,
    ADD COLUMN from_warehouse_id bigint REFERENCES warehouses,
    ADD COLUMN cancelled integer NOT NULL DEFAULT 0,
    ADD COLUMN sourced integer NOT NULL DEFAULT 0,
    ADD COLUMN given integer NOT NULL DEFAULT 0,
    ADD COLUMN notes text NOT NULL DEFAULT '',
    ADD COLUMN created_by text NOT NULL DEFAULT '',
    ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN closed_at timestamptz;
UPDATE inbound_lines SET closed_at = now() WHERE received >= quantity;
ALTER TABLE inbound_lines
    ADD COLUMN outstanding integer NOT NULL GENERATED ALWAYS AS (GREATEST(quantity - cancelled - received, 0)) STORED,
    ADD COLUMN status text NOT NULL GENERATED ALWAYS AS (CASE
        WHEN quantity > cancelled + received THEN CASE WHEN received > 0 THEN 'PARTIALLY_RECEIVED' ELSE 'OPEN' END
        WHEN received > 0 THEN 'RECEIVED' ELSE 'CANCELLED' END) STORED,
    ADD CONSTRAINT cancelled_within_quantity CHECK (cancelled BETWEEN 0 AND quantity),
    ADD CONSTRAINT sourced_within_outstanding
        CHECK (sourced BETWEEN 0 AND GREATEST(quantity - cancelled - received, 0)),
    ADD CONSTRAINT given_within_received CHECK (given BETWEEN 0 AND received),
    ADD CONSTRAINT a_transfer_comes_from_elsewhere
        CHECK ((kind = 'TRANSFER') = (from_warehouse_id IS NOT NULL AND from_warehouse_id <> warehouse_id)),
    ADD CONSTRAINT closed_when_nothing_comes
        CHECK ((quantity > cancelled + received) = (closed_at IS NULL)),
    ADD CONSTRAINT a_supplier_of_its_merchant
        FOREIGN KEY (supplier_id, merchant_id) REFERENCES suppliers (supplier_id, merchant_id),
    ADD CONSTRAINT a_variant_of_its_merchant
        FOREIGN KEY (variant_id, merchant_id) REFERENCES variants (variant_id, merchant_id);
DROP INDEX inbound_lines_due;
CREATE INDEX inbound_lines_due ON inbound_lines (variant_id, warehouse_id, due) WHERE closed_at IS NULL;
CREATE INDEX inbound_lines_by_due ON inbound_lines (due, inbound_line_id) WHERE closed_at IS NULL;
CREATE INDEX inbound_lines_by_reference ON inbound_lines (lower(reference));
CREATE INDEX stock_session_lines_by_inbound ON stock_session_lines (inbound_line_id)
    WHERE inbound_line_id IS NOT NULL;

-- What is known of a transfer on its way: from which unit of the books it left, and how much of that is under way.
-- These units stand in the place that they left, with the status IN_TRANSIT, until they are received or come back.
CREATE TABLE transfer_loads (
    inbound_line_id bigint NOT NULL REFERENCES inbound_lines,
    unit_id bigint NOT NULL REFERENCES inventory_units,
    quantity integer NOT NULL CHECK (quantity >= 0),
    PRIMARY KEY (inbound_line_id, unit_id)
);
CREATE INDEX transfer_loads_by_unit ON transfer_loads (unit_id) WHERE quantity > 0;

-- Units of a line that are reserved on an inbound line: OPEN while they are to come. Received ones have become
-- allocations, released ones are free for others; of one that is received or released in part a row is split off.
CREATE TABLE sourcings (
    sourcing_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    line_id bigint NOT NULL REFERENCES order_lines,
    inbound_line_id bigint NOT NULL REFERENCES inbound_lines,
    quantity integer NOT NULL CHECK (quantity > 0),
    state text NOT NULL DEFAULT 'OPEN' CHECK (state IN ('OPEN', 'RECEIVED', 'RELEASED')),
    sourced_by text NOT NULL,
    sourced_at timestamptz NOT NULL,
    closed_at timestamptz,
    because text,
    CONSTRAINT a_sourcing_is_open_until_closed CHECK ((state = 'OPEN') = (closed_at IS NULL))
);
CREATE UNIQUE INDEX one_open_sourcing_per_pair ON sourcings (inbound_line_id, line_id) WHERE state = 'OPEN';
CREATE INDEX sourcings_by_line ON sourcings (line_id);

-- Sourced units lower what is uncovered of a line, never its shortfall: it still waits for all that it lacks.
ALTER TABLE order_lines
    ADD COLUMN sourced integer NOT NULL DEFAULT 0,
    ADD CONSTRAINT sourced_within_shortfall
        CHECK (sourced >= 0 AND allocated + fulfilled + cancelled + sourced <= quantity);

-- An allocation that came of a sourcing is exempt from the law of no overtaking, as a forced one is.
ALTER TABLE allocations ADD COLUMN sourcing_id bigint REFERENCES sourcings;

-- What happened to inbound lines; events are about orders.
CREATE TABLE inbound_history (
    entry_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    inbound_line_id bigint NOT NULL REFERENCES inbound_lines,
    type text NOT NULL,
    payload jsonb NOT NULL,
    trigger_source text NOT NULL,
    actor text NOT NULL,
    occurred_at timestamptz NOT NULL
);
CREATE INDEX inbound_history_by_line ON inbound_history (inbound_line_id);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON inbound_history
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_history();

-- Every inbound line with its names, and how much of it nobody has sourced. It is counted on when it is due and its
-- supplier's margin has passed; `margin_days` is empty where the business setting counts.
CREATE VIEW inbound_records AS
SELECT i.inbound_line_id, m.code AS merchant, i.kind, i.reference, i.line_number, i.status, i.variant_id, v.sku, v.name,
       i.warehouse_id, w.code AS warehouse, f.code AS from_warehouse, s.code AS supplier, s.margin_days, i.due,
       i.quantity, i.received, i.cancelled, i.outstanding, i.sourced, i.outstanding - i.sourced AS unsourced, i.given,
       i.notes, i.created_by, i.created_at, i.closed_at
FROM inbound_lines i
JOIN merchants m USING (merchant_id)
JOIN variants v USING (variant_id)
JOIN warehouses w ON w.warehouse_id = i.warehouse_id
LEFT JOIN warehouses f ON f.warehouse_id = i.from_warehouse_id
LEFT JOIN suppliers s USING (supplier_id);

-- As before, and with what is sourced.
CREATE OR REPLACE VIEW backorder_records AS
SELECT b.backorder_id, b.number, b.line_id, l.order_id, l.warehouse_id, l.variant_id, m.code AS merchant, v.sku, v.name,
       o.number AS order_number, l.line_number, o.customer_reference, o.customer_name, o.customer_email,
       w.code AS warehouse,
       backorder_status(f.ordered, f.allocated, f.fulfilled, f.cancelled, o.status) AS status,
       COALESCE(b.priority, l.priority, o.priority) AS priority,
       f.ordered, f.allocated, f.fulfilled, f.cancelled,
       f.ordered - f.fulfilled - f.cancelled AS remaining,
       f.ordered - f.fulfilled - f.cancelled - f.allocated - f.sourced AS uncovered,
       b.expected_date, b.expected_by_hand, b.promised_date, b.source, b.notes, b.opened_at, b.closed_at,
       f.sourced
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
           CASE WHEN b.closed_at IS NULL THEN l.allocated ELSE 0 END AS allocated,
           CASE WHEN b.closed_at IS NULL THEN l.sourced ELSE 0 END AS sourced
) f;
