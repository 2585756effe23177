-- The books: who sells what, what lies where, who ordered what, who has what, and why.
-- The laws (docs/concepts/laws.md) stand here as constraints where a database can hold them.

CREATE TABLE merchants (
    merchant_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL UNIQUE CHECK (code <> ''),
    name text NOT NULL DEFAULT ''
);
INSERT INTO merchants (code, name) VALUES ('default', 'Default');

CREATE TABLE warehouses (
    warehouse_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL UNIQUE CHECK (code <> ''),
    name text NOT NULL DEFAULT '',
    network_rank integer NOT NULL DEFAULT 100,
    allow_backorders boolean NOT NULL DEFAULT true,
    shares_stock boolean NOT NULL DEFAULT true
);

CREATE TABLE locations (
    location_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    warehouse_id bigint NOT NULL REFERENCES warehouses,
    code text NOT NULL CHECK (code <> ''),
    type text NOT NULL DEFAULT 'STORAGE' CHECK (type IN
        ('RECEIVING', 'STORAGE', 'PICKING', 'PACKING', 'SHIPPING', 'RETURNS', 'QUARANTINE', 'GENERAL')),
    is_pickable boolean NOT NULL DEFAULT true,
    active boolean NOT NULL DEFAULT true,
    pick_sequence integer NOT NULL DEFAULT 0,
    UNIQUE (warehouse_id, code),
    UNIQUE (location_id, warehouse_id)
);

CREATE TABLE variants (
    variant_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    merchant_id bigint NOT NULL REFERENCES merchants,
    sku text NOT NULL CHECK (btrim(sku) <> ''),
    sku_key text NOT NULL GENERATED ALWAYS AS (lower(btrim(sku))) STORED,
    name text NOT NULL DEFAULT '',
    length_mm integer CHECK (length_mm > 0),
    width_mm integer CHECK (width_mm > 0),
    height_mm integer CHECK (height_mm > 0),
    weight_g integer CHECK (weight_g > 0),
    lot_tracked boolean NOT NULL DEFAULT false,
    expiry_tracked boolean NOT NULL DEFAULT false,
    min_shelf_life_days integer NOT NULL DEFAULT 0 CHECK (min_shelf_life_days >= 0),
    UNIQUE (merchant_id, sku_key)
);

CREATE TABLE variant_codes (
    merchant_id bigint NOT NULL REFERENCES merchants,
    kind text NOT NULL CHECK (kind IN ('ALIAS', 'BARCODE')),
    code text NOT NULL CHECK (btrim(code) <> ''),
    code_key text NOT NULL GENERATED ALWAYS AS (lower(btrim(code))) STORED,
    variant_id bigint NOT NULL REFERENCES variants,
    PRIMARY KEY (merchant_id, kind, code_key)
);

-- One row for what lies in one place with one lot and one status; stock that arrives joins it.
CREATE TABLE inventory_units (
    unit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    variant_id bigint NOT NULL REFERENCES variants,
    warehouse_id bigint NOT NULL,
    location_id bigint NOT NULL,
    status text NOT NULL DEFAULT 'AVAILABLE' CHECK (status IN
        ('AVAILABLE', 'PICKED', 'DAMAGED', 'QUARANTINE', 'IN_TRANSIT')),
    lot text NOT NULL DEFAULT '',
    expires_on date,
    received_at timestamptz NOT NULL,
    quantity integer NOT NULL CHECK (quantity >= 0),
    reserved integer NOT NULL DEFAULT 0,
    CONSTRAINT law_1_reserved_within_quantity CHECK (reserved >= 0 AND reserved <= quantity),
    FOREIGN KEY (location_id, warehouse_id) REFERENCES locations (location_id, warehouse_id),
    CONSTRAINT one_unit_per_place UNIQUE NULLS NOT DISTINCT (location_id, variant_id, status, lot, expires_on)
);
CREATE INDEX inventory_units_by_gate ON inventory_units (variant_id, warehouse_id);
CREATE INDEX inventory_units_expiring ON inventory_units (expires_on) WHERE expires_on IS NOT NULL;

-- The one definition of "usable": AVAILABLE, in an active and pickable location, neither expired nor short-dated.
CREATE FUNCTION usable_units(as_of date) RETURNS TABLE (
    unit_id bigint, variant_id bigint, warehouse_id bigint, free integer, received_at timestamptz,
    expires_on date, usable_until date, pick_sequence integer
) LANGUAGE sql STABLE AS $$
    SELECT u.unit_id, u.variant_id, u.warehouse_id, u.quantity - u.reserved, u.received_at,
           u.expires_on, u.expires_on - v.min_shelf_life_days, l.pick_sequence
    FROM inventory_units u
    JOIN locations l ON l.location_id = u.location_id
    JOIN variants v ON v.variant_id = u.variant_id
    WHERE u.status = 'AVAILABLE' AND l.is_pickable AND l.active
      AND (u.expires_on IS NULL OR u.expires_on - v.min_shelf_life_days >= as_of)
$$;

CREATE TABLE stock_movements (
    movement_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit_id bigint NOT NULL REFERENCES inventory_units,
    delta integer NOT NULL CHECK (delta <> 0),
    reason text NOT NULL,
    trigger_source text NOT NULL,
    actor text NOT NULL,
    moved_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX stock_movements_by_unit ON stock_movements (unit_id);
CREATE INDEX stock_movements_by_source ON stock_movements (trigger_source);

-- The lock of one queue: whoever grants, frees or shrinks reservations, or changes who waits, holds it.
CREATE TABLE gates (
    variant_id bigint NOT NULL REFERENCES variants,
    warehouse_id bigint NOT NULL REFERENCES warehouses,
    PRIMARY KEY (variant_id, warehouse_id)
);

-- The number of a plan. It is drawn after the plan's gates were locked, so that of two plans for one gate the
-- later one has the greater turn.
CREATE SEQUENCE turns;

CREATE TABLE orders (
    order_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    merchant_id bigint NOT NULL REFERENCES merchants,
    number text NOT NULL CHECK (btrim(number) <> ''),
    parent_id bigint REFERENCES orders,
    root_order_id bigint NOT NULL REFERENCES orders,
    channel text NOT NULL DEFAULT '',
    customer_reference text NOT NULL DEFAULT '',
    customer_name text NOT NULL DEFAULT '',
    customer_email text NOT NULL DEFAULT '',
    customer_class text NOT NULL DEFAULT '',
    warehouse_id bigint NOT NULL REFERENCES warehouses,
    priority smallint NOT NULL DEFAULT 30 CHECK (priority IN (10, 20, 30, 40)),
    ship_policy text NOT NULL DEFAULT 'PARTIAL' CHECK (ship_policy IN ('PARTIAL', 'COMPLETE_LINES', 'COMPLETE')),
    keeps_back boolean NOT NULL DEFAULT false,
    placed_at timestamptz NOT NULL,
    requested_date date,
    status text NOT NULL CHECK (status IN
        ('PENDING', 'CONFIRMED', 'ALLOCATED', 'PARTIALLY_ALLOCATED', 'BACKORDERED', 'ON_HOLD', 'READY_TO_PICK',
         'PICKING', 'PICKED', 'PACKING', 'PACKED', 'SHIPPED', 'CANCELLED')),
    hold_kind text CHECK (hold_kind IN ('UNMATCHED', 'STALE', 'MANUAL', 'NO_BACKORDERS')),
    hold_reason text,
    held_at timestamptz,
    backordered_since timestamptz,
    review_after timestamptz,
    changed_at timestamptz NOT NULL,
    UNIQUE (merchant_id, number),
    CONSTRAINT a_hold_has_a_kind CHECK ((status = 'ON_HOLD') = (hold_kind IS NOT NULL))
) WITH (fillfactor = 80);
CREATE INDEX orders_short ON orders (backordered_since)
    WHERE status IN ('BACKORDERED', 'PARTIALLY_ALLOCATED');
CREATE INDEX orders_held ON orders (held_at) WHERE status = 'ON_HOLD';
CREATE INDEX orders_children ON orders (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX orders_by_number ON orders (number);
CREATE INDEX orders_by_status ON orders (status, order_id);

-- The last columns are the line's place in the queue: they repeat what the order says, so that the queue of
-- one variant can be read in rank order from one index. `waiting` is true exactly while the line waits.
CREATE TABLE order_lines (
    line_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES orders,
    line_number integer NOT NULL CHECK (line_number > 0),
    root_line_number integer NOT NULL CHECK (root_line_number > 0),
    sku_text text NOT NULL,
    variant_id bigint REFERENCES variants,
    quantity integer NOT NULL CHECK (quantity >= 0),
    allocated integer NOT NULL DEFAULT 0 CHECK (allocated >= 0),
    fulfilled integer NOT NULL DEFAULT 0 CHECK (fulfilled >= 0),
    cancelled integer NOT NULL DEFAULT 0 CHECK (cancelled >= 0),
    unit_price numeric(14, 4) CHECK (unit_price >= 0),
    currency text,
    priority smallint CHECK (priority IN (10, 20, 30, 40)),
    warehouse_id bigint NOT NULL,
    rank_priority smallint NOT NULL,
    placed_at timestamptz NOT NULL,
    root_order_id bigint NOT NULL,
    ship_policy text NOT NULL,
    keeps_back boolean NOT NULL,
    waiting boolean NOT NULL DEFAULT false,
    waits_since_turn bigint NOT NULL DEFAULT 0,
    UNIQUE (order_id, line_number),
    CONSTRAINT law_2_line_not_overfilled CHECK (allocated + fulfilled + cancelled <= quantity),
    CONSTRAINT a_waiting_line_lacks_something CHECK
        (NOT waiting OR (variant_id IS NOT NULL AND quantity > allocated + fulfilled + cancelled)),
    CONSTRAINT only_matched_lines_are_allocated CHECK (variant_id IS NOT NULL OR allocated = 0)
) WITH (fillfactor = 80);
CREATE INDEX order_lines_queue ON order_lines (variant_id, warehouse_id, rank_priority, placed_at, root_order_id)
    WHERE waiting;
CREATE INDEX order_lines_rank ON order_lines (warehouse_id, rank_priority, placed_at, root_order_id)
    WHERE waiting;
CREATE INDEX order_lines_keepers
    ON order_lines (variant_id, warehouse_id, rank_priority, placed_at, root_order_id)
    WHERE waiting AND keeps_back;
CREATE INDEX order_lines_unmatched ON order_lines (order_id) WHERE variant_id IS NULL;

CREATE SEQUENCE attempt_ids CACHE 1;
CREATE TABLE attempts (
    attempt_id bigint PRIMARY KEY DEFAULT nextval('attempt_ids'),
    order_id bigint NOT NULL REFERENCES orders,
    trigger_sources text[] NOT NULL,
    actor text NOT NULL,
    before_status text NOT NULL,
    after_status text NOT NULL,
    granted integer NOT NULL CHECK (granted >= 0),
    short integer NOT NULL CHECK (short >= 0),
    reasons jsonb NOT NULL,
    as_of timestamptz NOT NULL
);
CREATE INDEX attempts_by_order ON attempts (order_id);

CREATE TABLE allocations (
    allocation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    line_id bigint NOT NULL REFERENCES order_lines,
    unit_id bigint NOT NULL REFERENCES inventory_units,
    quantity integer NOT NULL CHECK (quantity > 0),
    state text NOT NULL DEFAULT 'RESERVED' CHECK (state IN
        ('RESERVED', 'CONFIRMED', 'RELEASED', 'EXPIRED', 'FULFILLED')),
    forced boolean NOT NULL DEFAULT false,
    reason text,
    expires_at timestamptz,
    turn bigint NOT NULL,
    attempt_id bigint REFERENCES attempts,
    reserved_at timestamptz NOT NULL,
    closed_at timestamptz,
    CONSTRAINT open_until_closed CHECK ((state IN ('RESERVED', 'CONFIRMED')) = (closed_at IS NULL)),
    CONSTRAINT forced_has_a_reason CHECK (NOT forced OR reason IS NOT NULL)
) WITH (fillfactor = 80);
CREATE INDEX allocations_open_by_line ON allocations (line_id) WHERE state IN ('RESERVED', 'CONFIRMED');
CREATE INDEX allocations_open_by_unit ON allocations (unit_id) WHERE state IN ('RESERVED', 'CONFIRMED');
CREATE INDEX allocations_expiring ON allocations (expires_at)
    WHERE state IN ('RESERVED', 'CONFIRMED') AND expires_at IS NOT NULL;

CREATE SEQUENCE backorder_numbers;
CREATE TABLE backorders (
    backorder_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number text NOT NULL UNIQUE,
    line_id bigint NOT NULL REFERENCES order_lines,
    priority smallint CHECK (priority IN (10, 20, 30, 40)),
    opened_at timestamptz NOT NULL,
    closed_at timestamptz,
    expected_date date,
    expected_by_hand boolean NOT NULL DEFAULT false,
    promised_date date,
    source text NOT NULL DEFAULT 'INVENTORY' CHECK (source IN ('INVENTORY', 'PURCHASE_ORDER', 'TRANSFER', 'PRODUCTION')),
    notes text NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX one_open_backorder_per_line ON backorders (line_id) WHERE closed_at IS NULL;

-- "This queue must be looked at": inserted plainly by whoever makes more usable or changes who waits.
-- `joined` marks belong to the check of their warehouse that is under way.
CREATE TABLE marks (
    mark_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    variant_id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    trigger_source text NOT NULL,
    actor text NOT NULL,
    joined boolean NOT NULL DEFAULT false,
    marked_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX marks_by_gate ON marks (warehouse_id, variant_id);
CREATE INDEX marks_fresh ON marks (warehouse_id) WHERE NOT joined;

-- How far down the rank the check of a warehouse has come; all NULL: it starts from the top.
CREATE TABLE checks (
    warehouse_id bigint PRIMARY KEY REFERENCES warehouses,
    after_priority smallint,
    after_placed_at timestamptz,
    after_root_order_id bigint,
    CONSTRAINT a_reach_is_whole CHECK (num_nulls(after_priority, after_placed_at, after_root_order_id) IN (0, 3))
);

CREATE TABLE fulfillment_events (
    event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
    order_id bigint NOT NULL REFERENCES orders,
    type text NOT NULL,
    payload jsonb NOT NULL,
    trigger_sources text[] NOT NULL,
    attempt_id bigint,
    actor text NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX fulfillment_events_by_order ON fulfillment_events (order_id);
CREATE INDEX fulfillment_events_in_order ON fulfillment_events (transaction_id, event_id);

-- Receiving, counting and customer returns: figures are entered one by one and approved exactly once.
CREATE TABLE stock_sessions (
    session_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('RECEIVING', 'COUNT', 'RETURN')),
    reference text NOT NULL CHECK (btrim(reference) <> ''),
    warehouse_id bigint NOT NULL REFERENCES warehouses,
    status text NOT NULL DEFAULT 'OPEN' CHECK (status IN ('OPEN', 'APPROVED', 'REJECTED')),
    order_id bigint REFERENCES orders,
    opened_by text NOT NULL,
    opened_at timestamptz NOT NULL,
    closed_by text,
    closed_at timestamptz,
    UNIQUE (kind, reference)
);

CREATE TABLE stock_session_lines (
    session_line_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    session_id bigint NOT NULL REFERENCES stock_sessions,
    variant_id bigint NOT NULL REFERENCES variants,
    location_id bigint NOT NULL REFERENCES locations,
    status text NOT NULL DEFAULT 'AVAILABLE' CHECK (status IN ('AVAILABLE', 'DAMAGED', 'QUARANTINE')),
    lot text NOT NULL DEFAULT '',
    expires_on date,
    quantity integer NOT NULL CHECK (quantity >= 0),
    booked integer CHECK (booked >= 0),
    inbound_line_id bigint,
    entered_by text NOT NULL,
    entered_at timestamptz NOT NULL
);
CREATE INDEX stock_session_lines_by_session ON stock_session_lines (session_id);

CREATE TABLE inbound_lines (
    inbound_line_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    merchant_id bigint NOT NULL REFERENCES merchants,
    kind text NOT NULL CHECK (kind IN ('PURCHASE_ORDER', 'TRANSFER', 'PRODUCTION')),
    reference text NOT NULL CHECK (btrim(reference) <> ''),
    line_number integer NOT NULL DEFAULT 1 CHECK (line_number > 0),
    variant_id bigint NOT NULL REFERENCES variants,
    warehouse_id bigint NOT NULL REFERENCES warehouses,
    quantity integer NOT NULL CHECK (quantity > 0),
    received integer NOT NULL DEFAULT 0 CHECK (received >= 0),
    due date,
    UNIQUE (merchant_id, kind, reference, line_number)
);
CREATE INDEX inbound_lines_due ON inbound_lines (variant_id, warehouse_id, due) WHERE received < quantity;
ALTER TABLE stock_session_lines ADD FOREIGN KEY (inbound_line_id) REFERENCES inbound_lines;

-- What was done under a key, so that doing it again has the effect of once.
CREATE TABLE idempotency_keys (
    key text PRIMARY KEY,
    request text NOT NULL,
    result jsonb NOT NULL,
    used_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE business_settings (
    name text PRIMARY KEY,
    value jsonb NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);

-- The net under the triggers: what each sweep looked at, and every line that it found left lying.
CREATE TABLE sweeps (
    sweep_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    swept_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    lines_looked_at integer NOT NULL,
    defects integer NOT NULL
);
CREATE TABLE sweep_defects (
    sweep_id bigint NOT NULL REFERENCES sweeps,
    line_id bigint NOT NULL REFERENCES order_lines,
    units integer NOT NULL,
    PRIMARY KEY (sweep_id, line_id)
);

CREATE FUNCTION refuse_to_rewrite_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_movements
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_history();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fulfillment_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_history();
