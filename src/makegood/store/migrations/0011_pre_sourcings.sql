-- A line may source units of one inbound line several times: a merge brings together what was sourced apart.
DROP INDEX one_open_sourcing_per_pair;
CREATE INDEX sourcings_open_by_inbound ON sourcings (inbound_line_id) WHERE state = 'OPEN';
