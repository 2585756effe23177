-- demo_sources_since --
-- Name what set off the attempts that granted something after a given one.
SELECT DISTINCT unnest(trigger_sources) FROM attempts WHERE attempt_id > %(attempt)s AND granted > 0 ORDER BY 1;
