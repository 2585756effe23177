-- Events are told in the order of their transactions, whose numbers are a server's own: those that a copy of the books
-- brings from another server may be ahead of its count, and would not be told until it has come so far.
SET lock_timeout = '5s';

CREATE FUNCTION make_events_own() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM fulfillment_events WHERE transaction_id >= pg_current_xact_id()) THEN
        RETURN false;
    END IF;
    LOCK fulfillment_events, event_readers IN EXCLUSIVE MODE;
    -- A reader goes on at the first event that it has not seen; what it does from one that it saw bears the same key.
    UPDATE event_readers r
    SET transaction_id = '3',
        event_id = COALESCE(
            (SELECT min(e.event_id) - 1 FROM fulfillment_events e
             WHERE (e.transaction_id, e.event_id) > (r.transaction_id, r.event_id)),
            (SELECT max(event_id) FROM fulfillment_events));
    ALTER TABLE fulfillment_events DISABLE TRIGGER USER;
    UPDATE fulfillment_events SET transaction_id = '3';
    ALTER TABLE fulfillment_events ENABLE TRIGGER USER;
    RETURN true;
END
$$;
