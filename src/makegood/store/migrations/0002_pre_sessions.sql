-- A figure that is sent twice counts once, a delivery knows its damaged part, an approval keeps what it did.

-- `fingerprint` is of a session that came whole: the same again has no effect, another is refused.
ALTER TABLE stock_sessions
    ADD COLUMN fingerprint text,
    ADD COLUMN result jsonb,
    ADD COLUMN self_approved boolean NOT NULL DEFAULT false;

-- A figure that was entered anew stays on record as superseded.
ALTER TABLE stock_session_lines
    ADD COLUMN line_key text,
    ADD COLUMN damaged integer NOT NULL DEFAULT 0,
    ADD COLUMN superseded boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT damaged_within_quantity CHECK (damaged >= 0 AND damaged <= quantity);
CREATE UNIQUE INDEX one_line_per_key ON stock_session_lines (session_id, line_key) WHERE NOT superseded;

-- Numbers of adjustments, moves and changes of status: they stand in the ledger as the source.
CREATE SEQUENCE stock_changes;
