-- Which boxes a warehouse has, and which of them each allocated order is recommended.

-- Inner dimensions; `weight_g` is the empty box, `max_weight_g` what may go into it.
CREATE TABLE boxes (
    box_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    warehouse_id bigint NOT NULL REFERENCES warehouses,
    code text NOT NULL CHECK (btrim(code) <> ''),
    length_mm integer NOT NULL CHECK (length_mm > 0),
    width_mm integer NOT NULL CHECK (width_mm > 0),
    height_mm integer NOT NULL CHECK (height_mm > 0),
    max_weight_g integer NOT NULL CHECK (max_weight_g > 0),
    weight_g integer NOT NULL DEFAULT 0 CHECK (weight_g >= 0),
    active boolean NOT NULL DEFAULT true,
    UNIQUE (warehouse_id, code)
);

-- False as soon as an order comes to another status or is edited: its boxes are to be found (again).
ALTER TABLE orders ADD COLUMN packed boolean NOT NULL DEFAULT false;
CREATE INDEX orders_to_pack ON orders (warehouse_id, order_id) WHERE status = 'ALLOCATED' AND NOT packed;

-- What came of the search for boxes; a failure is a row too.
CREATE TABLE packings (
    order_id bigint PRIMARY KEY REFERENCES orders,
    outcome text NOT NULL CHECK (outcome IN ('PACKED', 'UNKNOWN_DIMENSIONS', 'TOO_LARGE', 'TOO_MANY', 'FAILED')),
    message text NOT NULL DEFAULT '',
    packed_at timestamptz NOT NULL
);

CREATE TABLE packages (
    order_id bigint NOT NULL REFERENCES packings ON DELETE CASCADE,
    package_number integer NOT NULL CHECK (package_number > 0),
    box_id bigint NOT NULL REFERENCES boxes,
    weight_g integer NOT NULL CHECK (weight_g >= 0),
    PRIMARY KEY (order_id, package_number)
);

-- Where each unit lies in its package, from the corner of the box, in millimetres and as it was turned.
CREATE TABLE placements (
    order_id bigint NOT NULL,
    package_number integer NOT NULL,
    place integer NOT NULL,
    line_id bigint NOT NULL REFERENCES order_lines,
    x_mm integer NOT NULL,
    y_mm integer NOT NULL,
    z_mm integer NOT NULL,
    length_mm integer NOT NULL,
    width_mm integer NOT NULL,
    height_mm integer NOT NULL,
    PRIMARY KEY (order_id, package_number, place),
    FOREIGN KEY (order_id, package_number) REFERENCES packages ON DELETE CASCADE
);
