-- An order may be divided into what goes out now and a child that waits, once its customer has agreed.

-- Who agreed to what, how and when; `recorded_by` is who says so.
CREATE TABLE consents (
    consent_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES orders,
    agreed_to text NOT NULL CHECK (btrim(agreed_to) <> ''),
    agreed_by text NOT NULL CHECK (btrim(agreed_by) <> ''),
    agreed_how text NOT NULL CHECK (btrim(agreed_how) <> ''),
    agreed_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX consents_by_order ON consents (order_id);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON consents
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_history();

-- The line of which this one is the missing part: merging puts the two together again.
ALTER TABLE order_lines ADD COLUMN part_of_line bigint;
