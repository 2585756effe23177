-- What customers were asked by mail, and what they answered: to wait for a delayed order, to get it in two parcels, to
-- take something else. The link in the mail stands for the row.
SET lock_timeout = '5s';

CREATE TABLE consent_asks (
    ask_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES orders,
    purpose text NOT NULL CHECK (purpose IN ('DELAY', 'SPLIT', 'SUBSTITUTE')),
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    -- Of a delay: the day that is missed, the new one if it is known, what silence means, and until when to answer.
    due_by date,
    revised date,
    silence text CHECK (silence IN ('CONSENTS', 'STOPS')),
    answer_by date,
    -- SILENT: silence was consent; LAPSED: silence was none.
    answer text CHECK (answer IN ('ACCEPTED', 'DECLINED', 'CANCELLED', 'SILENT', 'LAPSED')),
    answered_at timestamptz,
    CONSTRAINT a_delay_has_its_days CHECK
        ((purpose = 'DELAY') = (due_by IS NOT NULL AND silence IS NOT NULL AND answer_by IS NOT NULL)),
    CONSTRAINT an_answer_has_a_moment CHECK ((answer IS NULL) = (answered_at IS NULL))
) WITH (fillfactor = 80);
CREATE INDEX consent_asks_by_order ON consent_asks (order_id);
CREATE UNIQUE INDEX one_open_ask_per_purpose ON consent_asks (order_id, purpose) WHERE answer IS NULL;
ALTER TABLE mails ADD CONSTRAINT mails_tell_of_an_ask FOREIGN KEY (ask_id) REFERENCES consent_asks (ask_id);
CREATE INDEX mails_by_ask ON mails (ask_id) WHERE ask_id IS NOT NULL;
