-- An order of which nothing is left to be sent from its own warehouse is served by another one as a whole.
-- The warehouse to which it goes back when that is undone.
ALTER TABLE orders ADD COLUMN home_warehouse_id bigint REFERENCES warehouses;
