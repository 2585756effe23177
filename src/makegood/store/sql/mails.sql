-- hold_untold --
-- Hold the mails of these orders that nobody has taken yet: what they tell is read when they are taken.
SELECT order_id, kind FROM mails
WHERE order_id = ANY (%(orders)s::bigint[]) AND status = 'QUEUED' AND tries = 0
ORDER BY mail_id
FOR UPDATE;

-- queue_mails --
-- Queue a mail to the customer of each order, unless there is no address or the customer wants none; one of the same
-- kind about the same order comes later.
INSERT INTO mails (kind, key, recipient, merchant_id, order_id, ask_id, queued_at, due_at)
SELECT n.kind, n.key, btrim(o.customer_email), o.merchant_id, o.order_id, n.ask_id, %(as_of)s,
       GREATEST(n.due, last.at + make_interval(hours => n.repeat_hours))
FROM unnest(%(kinds)s::text[], %(keys)s::text[], %(orders)s::bigint[], %(asks)s::bigint[], %(dues)s::timestamptz[],
            %(repeat_hours)s::integer[], %(born)s::boolean[], %(always)s::boolean[])
     AS n (kind, key, order_id, ask_id, due, repeat_hours, born, always)
JOIN orders o USING (order_id)
LEFT JOIN LATERAL (
    SELECT max(COALESCE(m.sent_at, m.due_at)) FROM mails m
    WHERE m.order_id = o.order_id AND m.kind = n.kind AND m.status IN ('QUEUED', 'SENDING', 'SENT')
) last (at) ON true
WHERE is_address(o.customer_email)
  AND NOT (n.born AND o.parent_id IS NOT NULL)
  AND (n.always OR NOT EXISTS (SELECT FROM mail_opt_outs x WHERE x.merchant_id = o.merchant_id
                               AND x.address_key = lower(btrim(o.customer_email))))
ON CONFLICT (key, recipient) DO NOTHING;

-- queue_mail --
-- Queue a mail to somebody of the house, unless this was queued before.
INSERT INTO mails (kind, key, recipient, facts, queued_at, due_at)
VALUES (%(kind)s, %(key)s, %(recipient)s, %(facts)s, %(as_of)s, %(as_of)s)
ON CONFLICT (key, recipient) DO NOTHING;

-- mails_due --
-- List the mails to be sent now, and those that somebody is at: whether he lives shows when they are claimed.
SELECT mail_id FROM mails
WHERE status IN ('QUEUED', 'SENDING') AND due_at <= %(as_of)s
ORDER BY due_at, mail_id
LIMIT %(most)s;

-- claim_mail --
-- Hold a mail for as long as the transaction lasts, which neither writes nor holds a snapshot meanwhile.
SELECT pg_try_advisory_xact_lock(hashtextextended('mail', %(mail)s));

-- take_mail --
-- Take a mail in order to send it.
UPDATE mails SET status = 'SENDING', tries = tries + 1
WHERE mail_id = %(mail)s AND status IN ('QUEUED', 'SENDING') AND due_at <= %(as_of)s
RETURNING mail_id, kind, recipient, order_id, ask_id, facts, message_id, template_id, tries, queued_at;

-- wants_no_mails --
-- Tell whether who gets this mail has said since that he wants none.
SELECT EXISTS (SELECT FROM mail_opt_outs x JOIN mails m USING (merchant_id)
               WHERE m.mail_id = %(mail)s AND x.address_key = lower(m.recipient));

-- fix_mail --
-- Keep what a mail says, under which name and by which template, so that each try says the same.
UPDATE mails SET facts = %(facts)s, message_id = COALESCE(message_id, %(message_id)s), template_id = %(template)s
WHERE mail_id = %(mail)s;

-- begin_try --
-- Note that a mail is handed to the server now, by whoever holds it, and number the try.
INSERT INTO mail_tries (mail_id, try, began_at)
SELECT %(mail)s, COALESCE(max(try), 0) + 1, %(as_of)s FROM mail_tries WHERE mail_id = %(mail)s
RETURNING try;

-- end_try --
-- Note what came of a try.
UPDATE mail_tries SET ended_at = %(as_of)s, outcome = %(outcome)s, code = %(code)s, said = %(said)s
WHERE mail_id = %(mail)s AND try = %(try)s;

-- move_mail --
-- Let a mail that was taken stand somewhere else.
UPDATE mails SET status = %(status)s, because = %(because)s, due_at = COALESCE(%(due)s, due_at),
                 sent_at = CASE WHEN %(status)s = 'SENT' THEN %(as_of)s::timestamptz END
WHERE mail_id = %(mail)s AND status = 'SENDING';

-- retry_mail --
-- Send once more what failed or was refused, with as many tries as at first.
UPDATE mails SET status = 'QUEUED', because = '', tries = 0, due_at = %(as_of)s
WHERE mail_id = %(mail)s AND status IN ('FAILED', 'BOUNCED');

-- last_told --
-- Give what the customer of an order was told last about when it comes, if it was told at all.
SELECT m.facts FROM mails m
WHERE m.order_id = %(order)s AND m.status = 'SENT'
  AND m.kind IN ('ORDER_BACKORDERED', 'EXPECTED_DATE_CHANGED', 'ORDER_SPLIT', 'ORDER_DIVIDED', 'DELAY_NOTICE')
ORDER BY m.sent_at DESC, m.mail_id DESC
LIMIT 1;

-- told_of_waiting --
-- Count the mails about an order, or the one it was split from, that told its customer it waits, and those that did not.
SELECT count(*) FILTER (WHERE m.status IN ('SENT', 'SENDING')), count(*)
FROM mails m
JOIN orders o ON m.order_id IN (o.order_id, o.parent_id)
WHERE o.order_id = %(order)s AND m.kind <> 'BACKORDER_RESOLVED';

-- part_split_off --
-- Find the part that the event of a mail split off an order.
SELECT e.payload ->> 'backorderOrderId'
FROM mails m JOIN fulfillment_events e ON e.event_id = split_part(m.key, ':', 2)::bigint
WHERE m.mail_id = %(mail)s;

-- parts_made --
-- Find the parts that the event of a mail made of an order.
SELECT part::bigint
FROM mails m
JOIN fulfillment_events e ON e.event_id = split_part(m.key, ':', 2)::bigint
CROSS JOIN LATERAL jsonb_array_elements_text(e.payload -> 'partOrderIds') p (part)
WHERE m.mail_id = %(mail)s;

-- name_of_merchant --
-- Give the name of an order's merchant, its code where it has none, nothing for the one that everything belongs to.
SELECT CASE WHEN m.code = 'default' THEN '' ELSE COALESCE(NULLIF(m.name, ''), m.code) END
FROM orders o JOIN merchants m USING (merchant_id) WHERE o.order_id = %(order)s;

-- template_in_force --
-- Give the template of a kind that counts now, or one by its number.
SELECT template_id, subject, text, html FROM mail_templates
WHERE kind = %(kind)s AND (%(template)s::bigint IS NULL OR template_id = %(template)s::bigint)
ORDER BY template_id DESC
LIMIT 1;

-- add_template --
-- Let a template count from now on.
INSERT INTO mail_templates (kind, subject, text, html, changed_by, changed_at)
VALUES (%(kind)s, %(subject)s, %(text)s, %(html)s, %(actor)s, %(as_of)s);

-- templates_changed --
-- List what was written last of each template, and by whom.
SELECT DISTINCT ON (kind) kind, subject, text, html, changed_by, changed_at
FROM mail_templates ORDER BY kind, template_id DESC;

-- mails_to_show --
-- List mails, the latest first, that pass the filters.
SELECT m.mail_id, m.kind, m.recipient, o.number, r.code, m.status, m.because, m.tries, m.queued_at, m.due_at, m.sent_at,
       m.message_id
FROM mails m LEFT JOIN orders o USING (order_id) LEFT JOIN merchants r ON r.merchant_id = m.merchant_id
WHERE (%(mail)s::bigint IS NULL OR m.mail_id = %(mail)s::bigint)
  AND (%(statuses)s::text[] IS NULL OR m.status = ANY (%(statuses)s::text[]))
  AND (%(kinds)s::text[] IS NULL OR m.kind = ANY (%(kinds)s::text[]))
  AND (%(order)s::bigint IS NULL OR m.order_id = %(order)s::bigint)
  AND (%(recipient)s::text IS NULL OR strpos(lower(m.recipient), lower(%(recipient)s::text)) > 0)
  AND (%(before)s::bigint IS NULL OR m.mail_id < %(before)s::bigint)
  AND (%(merchants)s::bigint[] IS NULL OR m.merchant_id = ANY (%(merchants)s::bigint[]))
ORDER BY m.mail_id DESC
LIMIT %(most)s;

-- mails_counted --
-- Count the mails that may be seen, by where they stand.
SELECT m.status, count(*) FROM mails m
WHERE %(merchants)s::bigint[] IS NULL OR m.merchant_id = ANY (%(merchants)s::bigint[])
GROUP BY m.status;

-- tries_to_show --
-- List the tries of a mail, the first one first.
SELECT try, began_at, ended_at, outcome, code, said FROM mail_tries WHERE mail_id = %(mail)s ORDER BY try;

-- mail_said --
-- Give what a mail says, if it was taken already.
SELECT facts, template_id FROM mails WHERE mail_id = %(mail)s;

-- add_opt_out --
-- Note that somebody wants no mails of a merchant.
INSERT INTO mail_opt_outs (merchant_id, address_key, how, opted_out_by, opted_out_at)
VALUES (%(merchant)s, lower(btrim(%(address)s)), %(how)s, %(actor)s, %(as_of)s)
ON CONFLICT (merchant_id, address_key) DO NOTHING;

-- drop_opt_out --
-- Forget that somebody wanted no mails of a merchant.
DELETE FROM mail_opt_outs WHERE merchant_id = %(merchant)s AND address_key = lower(btrim(%(address)s));

-- opt_outs_to_show --
-- List who wants no mails, by address.
SELECT x.address_key, m.code, x.how, x.opted_out_by, x.opted_out_at
FROM mail_opt_outs x JOIN merchants m USING (merchant_id)
WHERE (%(merchants)s::bigint[] IS NULL OR x.merchant_id = ANY (%(merchants)s::bigint[]))
  AND (x.address_key, m.code) > (COALESCE(%(address)s, ''), COALESCE(%(code)s, ''))
ORDER BY x.address_key, m.code
LIMIT %(most)s;

-- who_gets --
-- Give to whom a mail went, and of which merchant.
SELECT recipient, merchant_id FROM mails WHERE mail_id = %(mail)s AND merchant_id IS NOT NULL;

-- house_secret --
-- Give a secret of this installation.
SELECT secret FROM house_secrets WHERE name = %(secret_name)s;

-- draw_house_secret --
-- Keep a secret of this installation, unless there is one.
INSERT INTO house_secrets (name, secret) VALUES (%(secret_name)s, %(secret)s) ON CONFLICT (name) DO NOTHING;

-- is_one_address --
-- Tell whether a mail can be sent to what is written.
SELECT is_address(%(written)s::text);

-- draw_name --
-- Draw a name that nothing else has.
SELECT gen_random_uuid();

-- give_up_mail --
-- Let a mail wait for a person that nobody can make anything of.
UPDATE mails SET status = 'FAILED', because = %(because)s WHERE mail_id = %(mail)s AND status IN ('QUEUED', 'SENDING');
