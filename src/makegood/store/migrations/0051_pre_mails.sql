-- Mails to customers and staff: queued with what they follow from, sent by a worker, each try on record.
SET lock_timeout = '5s';

CREATE TABLE mails (
    mail_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('ORDER_BACKORDERED', 'EXPECTED_DATE_CHANGED', 'ORDER_SPLIT',
                                       'BACKORDER_RESOLVED', 'DELAY_NOTICE', 'CONSENT_ASKED', 'STAFF_ALERT')),
    -- What it follows from: an event, an ask, a condition. Nobody is told twice of one.
    key text NOT NULL CHECK (key <> ''),
    recipient text NOT NULL CHECK (recipient <> ''),
    merchant_id bigint REFERENCES merchants,
    order_id bigint REFERENCES orders,
    ask_id bigint,
    -- What it says, and under which name: fixed when it is taken for the first time, the same in every later try.
    facts jsonb,
    message_id text,
    template_id bigint,
    status text NOT NULL DEFAULT 'QUEUED' CHECK (status IN
        ('QUEUED', 'SENDING', 'SENT', 'FAILED', 'BOUNCED', 'DROPPED')),
    because text NOT NULL DEFAULT '',
    tries integer NOT NULL DEFAULT 0 CHECK (tries >= 0),
    queued_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    sent_at timestamptz,
    UNIQUE (key, recipient),
    CONSTRAINT sent_has_a_moment CHECK ((status = 'SENT') = (sent_at IS NOT NULL)),
    CONSTRAINT an_order_has_a_merchant CHECK ((order_id IS NULL) = (merchant_id IS NULL))
) WITH (fillfactor = 70);
CREATE INDEX mails_to_send ON mails (due_at) WHERE status IN ('QUEUED', 'SENDING');
CREATE INDEX mails_by_order ON mails (order_id, kind) WHERE order_id IS NOT NULL;
CREATE INDEX mails_not_delivered ON mails (mail_id) WHERE status IN ('FAILED', 'BOUNCED');

-- One row per time that a mail was handed to the server, or nearly; without an end: whoever did it was killed.
CREATE TABLE mail_tries (
    mail_id bigint NOT NULL REFERENCES mails,
    try integer NOT NULL,
    began_at timestamptz NOT NULL,
    ended_at timestamptz,
    outcome text CHECK (outcome IN ('SENT', 'LATER', 'REFUSED', 'LOST', 'FAULTY')),
    code integer,
    said text NOT NULL DEFAULT '',
    PRIMARY KEY (mail_id, try),
    CONSTRAINT an_end_has_an_outcome CHECK ((outcome IS NULL) = (ended_at IS NULL))
);

-- What was written instead of the templates that come along; the latest of a kind counts, one without texts is the default.
CREATE TABLE mail_templates (
    template_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    subject text,
    text text,
    html text,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT whole_or_default CHECK (num_nulls(subject, text, html) IN (0, 3))
);
CREATE INDEX mail_templates_by_kind ON mail_templates (kind, template_id);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON mail_templates
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_history();

-- Who wants no mails of a merchant.
CREATE TABLE mail_opt_outs (
    merchant_id bigint NOT NULL REFERENCES merchants,
    address_key text NOT NULL CHECK (address_key = lower(btrim(address_key)) AND address_key <> ''),
    how text NOT NULL CHECK (how IN ('LINK', 'ONE_CLICK', 'STAFF')),
    opted_out_by text NOT NULL,
    opted_out_at timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, address_key)
);

-- Secrets of this installation, drawn when they are first needed.
CREATE TABLE house_secrets (
    name text PRIMARY KEY,
    secret bytea NOT NULL CHECK (length(secret) >= 32)
);

-- Whether a mail can be sent to what stands there: exactly one plain address.
CREATE FUNCTION is_address(written text) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$
    SELECT length(btrim(written)) <= 254
       AND btrim(written) ~ '^[^\s@<>()\[\],;:\\"[:cntrl:]]{1,64}@[^\s@<>()\[\],;:\\"[:cntrl:]]+$'
$$;
