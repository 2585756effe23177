-- Who has, or had, units of an inbound line is asked whenever one is shown or received.
DROP INDEX sourcings_open_by_inbound;
CREATE INDEX sourcings_by_inbound ON sourcings (inbound_line_id);
