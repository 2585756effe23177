-- What the pages count and follow: promises of open backorders, and the parts of an order.

CREATE INDEX backorders_promised ON backorders (promised_date) WHERE closed_at IS NULL AND promised_date IS NOT NULL;
CREATE INDEX orders_parts_of_root ON orders (root_order_id) WHERE parent_id IS NOT NULL;
