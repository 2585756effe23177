-- What may be sent instead of what was ordered, and the lines to which that was done.

-- `units` of the substitute stand for `per` of the variant. Of several the smallest position is preferred.
CREATE TABLE alternatives (
    alternative_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    merchant_id bigint NOT NULL,
    variant_id bigint NOT NULL,
    substitute_id bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('EQUIVALENT', 'UPGRADE', 'DOWNGRADE')),
    position integer NOT NULL CHECK (position > 0),
    units integer NOT NULL CHECK (units > 0),
    per integer NOT NULL CHECK (per > 0),
    two_way boolean NOT NULL,
    needs_consent boolean NOT NULL,
    UNIQUE (variant_id, substitute_id),
    CONSTRAINT nothing_stands_for_itself CHECK (variant_id <> substitute_id),
    -- Stock never goes from one merchant to another.
    FOREIGN KEY (variant_id, merchant_id) REFERENCES variants (variant_id, merchant_id),
    FOREIGN KEY (substitute_id, merchant_id) REFERENCES variants (variant_id, merchant_id)
);
CREATE INDEX alternatives_backwards ON alternatives (substitute_id) WHERE two_way;

-- Each alternative in the directions in which it holds: backwards an upgrade is a downgrade.
CREATE VIEW alternatives_each_way AS
SELECT alternative_id, merchant_id, variant_id, substitute_id, kind, position, units, per, two_way, needs_consent
FROM alternatives
UNION ALL
SELECT alternative_id, merchant_id, substitute_id, variant_id,
       CASE kind WHEN 'UPGRADE' THEN 'DOWNGRADE' WHEN 'DOWNGRADE' THEN 'UPGRADE' ELSE kind END,
       position, per, units, two_way, needs_consent
FROM alternatives WHERE two_way;

-- The variant that was ordered, where another is sent: `instead_units` of the line stand for `instead_per` of that.
ALTER TABLE order_lines
    ADD COLUMN instead_of bigint,
    ADD COLUMN instead_units integer CHECK (instead_units > 0),
    ADD COLUMN instead_per integer CHECK (instead_per > 0),
    ADD CONSTRAINT a_substitute_is_whole CHECK (num_nulls(instead_of, instead_units, instead_per) IN (0, 3));
