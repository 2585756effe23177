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
-- Read the tokens by name, those that were revoked only when asked for.
SELECT t.name, t.role, u.name, t.merchants, t.made_by, t.made_at, t.expires_at, t.last_used_at, t.revoked_at
FROM tokens t LEFT JOIN users u USING (user_id)
WHERE %(revoked)s OR t.revoked_at IS NULL
ORDER BY lower(t.name), t.token_id;

-- token_called --
-- Read the live token of this name.
SELECT t.name, t.role, u.name, t.merchants, t.made_by, t.made_at, t.expires_at, t.last_used_at, t.revoked_at
FROM tokens t LEFT JOIN users u USING (user_id)
WHERE lower(t.name) = lower(%(called)s) AND t.revoked_at IS NULL;

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
