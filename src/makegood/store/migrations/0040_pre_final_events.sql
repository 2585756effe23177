-- Events are told once no transaction can still commit one before them. What is under way in another database of the
-- server can write none here, and must not hold them up. Whose a transaction is, is known only of sessions that may be
-- seen (pg_read_all_stats, or one's own); all others are waited for.
SET lock_timeout = '5s';

CREATE FUNCTION events_are_final_before() RETURNS xid8 STABLE LANGUAGE sql AS $$
    SELECT coalesce(
        (SELECT min(under_way)
         FROM pg_snapshot_xip(now.snapshot) AS under_way
         WHERE NOT EXISTS (
             SELECT FROM pg_stat_activity a
             WHERE a.backend_xid = under_way::xid
               AND a.datid <> (SELECT oid FROM pg_database WHERE datname = current_database())
         )),
        pg_snapshot_xmax(now.snapshot)
    )
    FROM (SELECT pg_current_snapshot() AS snapshot OFFSET 0) AS now
$$;
