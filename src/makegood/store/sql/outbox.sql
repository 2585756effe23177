-- claim_reader --
-- Hold a reader and give where it stands; nothing while somebody else holds it, or when it never read.
SELECT transaction_id::text::bigint, event_id FROM event_readers WHERE name = %(reader)s FOR UPDATE SKIP LOCKED;

-- begin_reading --
-- Let a reader stand at a position, unless it stands somewhere already.
INSERT INTO event_readers (name, transaction_id, event_id)
VALUES (%(reader)s, %(transaction)s::xid8, %(event)s)
ON CONFLICT (name) DO NOTHING;

-- move_reader --
-- Let a reader that is held stand at a position.
UPDATE event_readers
SET transaction_id = %(transaction)s::xid8, event_id = %(event)s, moved_at = clock_timestamp()
WHERE name = %(reader)s;

-- stop_reading --
-- Forget where a reader stood.
DELETE FROM event_readers WHERE name = %(reader)s;

-- reader_has_more --
-- Tell whether a reader has yet to begin, or there is a final event after where it stands.
SELECT NOT EXISTS (SELECT FROM event_readers r WHERE r.name = %(reader)s)
    OR EXISTS (SELECT FROM fulfillment_events e
               JOIN event_readers r ON (e.transaction_id, e.event_id) > (r.transaction_id, r.event_id)
               WHERE r.name = %(reader)s AND e.transaction_id < (SELECT events_are_final_before()));
