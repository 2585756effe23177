-- Who may do what through the doors that are open to a network, and on record what each of them did.

-- `merchants` NULL means all. A name is unique whatever its letter case; it stands on record as the actor.
CREATE TABLE users (
    user_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL CHECK (btrim(name) <> ''),
    name_key text NOT NULL GENERATED ALWAYS AS (lower(name)) STORED UNIQUE,
    password_hash text NOT NULL,
    role text NOT NULL CHECK (role IN ('READONLY', 'STAFF', 'MANAGER', 'ADMIN', 'SUPER_ADMIN')),
    merchants bigint[] CHECK (cardinality(merchants) > 0),
    active boolean NOT NULL DEFAULT true,
    made_by text NOT NULL,
    made_at timestamptz NOT NULL
);

-- What programs show instead of a password: only the hash is kept. A token of a user can do no more than the user;
-- one without was made at the keyboard of the machine.
CREATE TABLE tokens (
    token_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint REFERENCES users,
    name text NOT NULL CHECK (btrim(name) <> ''),
    hash bytea NOT NULL UNIQUE,
    role text NOT NULL CHECK (role IN ('READONLY', 'STAFF', 'MANAGER', 'ADMIN', 'SUPER_ADMIN')),
    merchants bigint[] CHECK (cardinality(merchants) > 0),
    made_by text NOT NULL,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at timestamptz
);
CREATE UNIQUE INDEX one_live_token_per_name ON tokens (lower(name)) WHERE revoked_at IS NULL;

-- A browser's stay, from signing in until it ends or is left alone; the cookie is kept as a hash.
CREATE TABLE sign_ins (
    hash bytea PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users,
    address text NOT NULL,
    began_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL
);
CREATE INDEX sign_ins_by_user ON sign_ins (user_id);

-- Each try to sign in, written before the password is looked at, so that many at once are counted too.
CREATE TABLE sign_in_tries (
    try_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name_key text NOT NULL,
    address text NOT NULL,
    tried_at timestamptz NOT NULL
);
CREATE INDEX sign_in_tries_by_name ON sign_in_tries (name_key, tried_at);
CREATE INDEX sign_in_tries_by_address ON sign_in_tries (address, tried_at);

-- The link of the first run: it makes the first SUPER_ADMIN, once.
CREATE TABLE setup_links (
    hash bytea PRIMARY KEY,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

-- Who did what over the doors that are open to a network, and every change of accounts and settings.
CREATE TABLE audit_log (
    audit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    act text NOT NULL,
    subject text NOT NULL,
    facts jsonb NOT NULL,
    request_id text,
    recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX audit_log_by_actor ON audit_log (actor, audit_id);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_history();

-- What was answered under a caller's key. The row is written in the transaction of the effect: a kill loses both
-- or neither, and a twin that comes meanwhile waits for it and gets the same answer. Nobody has used the old table.
DROP TABLE idempotency_keys;
CREATE TABLE idempotency_keys (
    caller text NOT NULL,
    key text NOT NULL,
    request bytea NOT NULL,
    status integer,
    answer bytea,
    used_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (caller, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (used_at);
