-- merchant_codes --
-- Read the code of each merchant.
SELECT merchant_id, code FROM merchants;

-- add_token --
-- Keep a new token by its hash; nothing when a live one has the name.
INSERT INTO tokens (user_id, name, hash, role, merchants, made_by, made_at, expires_at)
VALUES (%(owner)s, %(called)s, %(hash)s, %(role)s, %(limited)s::bigint[], %(made_by)s, %(as_of)s, %(expires_at)s)
ON CONFLICT (lower(name)) WHERE revoked_at IS NULL DO NOTHING
RETURNING token_id;

-- tokens_to_show --
-- Read the tokens by name; who is limited to merchants sees those that are limited within them.
SELECT t.name, t.role, u.name, t.merchants, t.made_by, t.made_at, t.expires_at, t.last_used_at, t.revoked_at
FROM tokens t LEFT JOIN users u USING (user_id)
WHERE (%(revoked)s OR t.revoked_at IS NULL)
  AND (%(merchants)s::bigint[] IS NULL OR t.merchants <@ %(merchants)s::bigint[])
ORDER BY lower(t.name), t.token_id;

-- token_called --
-- Read the live token of this name.
SELECT t.name, t.role, u.name, t.merchants, t.made_by, t.made_at, t.expires_at, t.last_used_at, t.revoked_at
FROM tokens t LEFT JOIN users u USING (user_id)
WHERE lower(t.name) = lower(%(called)s) AND t.revoked_at IS NULL
  AND (%(merchants)s::bigint[] IS NULL OR t.merchants <@ %(merchants)s::bigint[]);

-- revoke_token --
-- End the live token of this name.
UPDATE tokens SET revoked_at = %(as_of)s WHERE lower(name) = lower(%(called)s) AND revoked_at IS NULL;

-- token_shown --
-- Find a token by its hash, with the lower of its own and its user's role, and the merchants that both may see.
SELECT t.name,
       CASE WHEN u.user_id IS NULL OR array_position(r.roles, t.role) <= array_position(r.roles, u.role)
            THEN t.role ELSE u.role END,
       CASE WHEN t.merchants IS NULL THEN u.merchants
            WHEN u.merchants IS NULL THEN t.merchants
            ELSE ARRAY(SELECT m FROM unnest(t.merchants) m WHERE m = ANY (u.merchants)) END,
       t.user_id, t.expires_at, t.last_used_at, t.revoked_at, COALESCE(u.active, true)
FROM tokens t
LEFT JOIN users u USING (user_id)
CROSS JOIN (SELECT ARRAY['READONLY', 'STAFF', 'MANAGER', 'ADMIN', 'SUPER_ADMIN'] AS roles) r
WHERE t.hash = %(hash)s;

-- note_use_of_token --
-- Write down that a token is used now.
UPDATE tokens SET last_used_at = %(as_of)s WHERE hash = %(hash)s;

-- add_audit --
-- Append to the audit log.
INSERT INTO audit_log (at, actor, act, subject, facts, request_id)
VALUES (%(at)s, %(actor)s, %(act)s, %(subject)s, %(facts)s, %(request_id)s);

-- acts_to_show --
-- Read the latest acts that pass the filters.
SELECT audit_id, at, actor, act, subject, facts, request_id
FROM audit_log
WHERE (%(actor)s::text IS NULL OR actor = %(actor)s::text)
  AND (%(act)s::text IS NULL OR act = %(act)s::text)
  AND (%(subject)s::text IS NULL OR subject = %(subject)s::text)
  AND (%(before)s::bigint IS NULL OR audit_id < %(before)s::bigint)
ORDER BY audit_id DESC
LIMIT %(most)s;

-- take_key --
-- Take a key for a request; one that is taken in a transaction still open is waited for.
INSERT INTO idempotency_keys (caller, key, request) VALUES (%(caller)s, %(key)s, %(request)s)
ON CONFLICT DO NOTHING;

-- answer_kept --
-- Read what was answered under a key, and for which request.
SELECT request, status, answer FROM idempotency_keys WHERE caller = %(caller)s AND key = %(key)s;

-- keep_answer --
-- Keep the answer with the key that was taken for it.
UPDATE idempotency_keys SET status = %(status)s, answer = %(answer)s
WHERE caller = %(caller)s AND key = %(key)s;

-- add_user --
-- Add a user; nothing when the name is taken.
INSERT INTO users (name, password_hash, role, merchants, made_by, made_at)
VALUES (%(called)s, %(password)s, %(role)s, %(limited)s::bigint[], %(made_by)s, %(as_of)s)
ON CONFLICT (name_key) DO NOTHING
RETURNING user_id;

-- users_to_show --
-- Read the users by name, or one of them; who is limited to merchants sees those who are limited within them.
SELECT u.name, u.role, u.merchants, u.active, u.made_by, u.made_at,
       (SELECT max(s.seen_at) FROM sign_ins s WHERE s.user_id = u.user_id)
FROM users u
WHERE (%(called)s::text IS NULL OR u.name_key = lower(%(called)s::text))
  AND (%(merchants)s::bigint[] IS NULL OR u.merchants <@ %(merchants)s::bigint[])
ORDER BY u.name_key;

-- lock_super_admins --
-- Hold all who can make administrators, by id, so that the last one cannot be lost.
SELECT name FROM users WHERE role = 'SUPER_ADMIN' AND active ORDER BY user_id FOR NO KEY UPDATE;

-- count_super_admins --
-- Count those who can make administrators.
SELECT count(*) FROM users WHERE role = 'SUPER_ADMIN' AND active;

-- change_user --
-- Write what a user shall be; without a new password the old one stays.
UPDATE users
SET role = %(role)s, merchants = %(limited)s::bigint[], active = %(active)s,
    password_hash = COALESCE(%(password)s::text, password_hash)
WHERE name_key = lower(%(called)s);

-- set_password --
-- Keep the hash of a new password.
UPDATE users SET password_hash = %(password)s WHERE name_key = lower(%(called)s);

-- end_sign_ins_of_user --
-- End every stay of a user.
DELETE FROM sign_ins s USING users u WHERE u.user_id = s.user_id AND u.name_key = lower(%(called)s);

-- user_to_sign_in --
-- Read what is kept of the password of an active user.
SELECT password_hash FROM users WHERE name_key = lower(%(called)s) AND active;

-- user_signing_in --
-- Read an active user.
SELECT user_id, name, role, merchants FROM users WHERE name_key = lower(%(called)s) AND active;

-- add_sign_in --
-- Keep a browser's stay.
INSERT INTO sign_ins (hash, user_id, address, began_at, seen_at, ends_at)
VALUES (%(hash)s, %(user)s, %(address)s, %(as_of)s, %(as_of)s, %(ends_at)s);

-- sign_in_shown --
-- Find a stay by the hash of its cookie, with its user as it is now.
SELECT u.name, u.role, u.merchants, u.user_id, u.active, s.ends_at, s.began_at, s.seen_at
FROM sign_ins s JOIN users u USING (user_id)
WHERE s.hash = %(hash)s;

-- note_sign_in --
-- Write down that a stay goes on.
UPDATE sign_ins SET seen_at = %(as_of)s, ends_at = %(ends_at)s WHERE hash = %(hash)s;

-- end_sign_in --
-- End a stay.
DELETE FROM sign_ins WHERE hash = %(hash)s;

-- add_try --
-- Write down a try to sign in.
INSERT INTO sign_in_tries (name_key, address, tried_at) VALUES (lower(%(called)s), %(address)s, %(as_of)s);

-- count_tries --
-- Count the tries since then: of this name from this address, from the address, of the name; and the oldest.
SELECT count(*) FILTER (WHERE name_key = lower(%(called)s) AND address = %(address)s),
       count(*) FILTER (WHERE address = %(address)s),
       count(*) FILTER (WHERE name_key = lower(%(called)s)), min(tried_at)
FROM sign_in_tries
WHERE tried_at > %(since)s AND (name_key = lower(%(called)s) OR address = %(address)s);

-- forgive_tries --
-- Forget the tries of a name from an address.
DELETE FROM sign_in_tries WHERE name_key = lower(%(called)s) AND address = %(address)s;

-- add_setup_link --
-- Keep the link of a first run by its hash.
INSERT INTO setup_links (hash, made_at, expires_at) VALUES (%(hash)s, %(as_of)s, %(expires_at)s);

-- setup_link_open --
-- Tell whether a link can be used.
SELECT EXISTS (SELECT FROM setup_links WHERE hash = %(hash)s AND expires_at > %(as_of)s)
   AND NOT EXISTS (SELECT FROM users WHERE role = 'SUPER_ADMIN' AND active);

-- take_setup_links --
-- Take all links away, in one order, and name those that had not expired.
WITH held AS (
    SELECT hash FROM setup_links ORDER BY hash FOR UPDATE
), gone AS (
    DELETE FROM setup_links l USING held h WHERE l.hash = h.hash RETURNING l.hash, l.expires_at
)
SELECT hash FROM gone WHERE expires_at > %(as_of)s;

-- tidy_sign_ins --
-- Drop the stays that have ended.
DELETE FROM sign_ins WHERE ends_at <= %(as_of)s;

-- tidy_tries --
-- Drop the tries that are no longer judged.
DELETE FROM sign_in_tries WHERE tried_at <= %(since)s;

-- tidy_setup_links --
-- Drop the links that have expired.
DELETE FROM setup_links WHERE expires_at <= %(as_of)s;

-- tidy_keys --
-- Drop a batch of the answers that were given too long ago to be asked for again.
DELETE FROM idempotency_keys
WHERE (caller, key) IN (
    SELECT caller, key FROM idempotency_keys WHERE used_at < now() - %(age)s::interval
    ORDER BY used_at LIMIT %(most)s FOR UPDATE SKIP LOCKED
);
