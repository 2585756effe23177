-- claim_watch --
-- Hold the look for conditions; nothing while somebody else holds it.
SELECT only_one FROM alert_watch FOR NO KEY UPDATE SKIP LOCKED;

-- note_workers_seen --
-- Say that a worker is alive now, unless that was said a moment ago.
UPDATE alert_watch SET workers_seen_at = clock_timestamp()
WHERE workers_seen_at < clock_timestamp() - interval '5 seconds'
  AND EXISTS (SELECT FROM workers WHERE beat_at > clock_timestamp() - make_interval(secs => %(patience)s));

-- seconds_without_worker --
-- Say for how long no worker was seen alive.
SELECT GREATEST(0, extract(epoch FROM clock_timestamp() - GREATEST(
    (SELECT max(workers_seen_at) FROM alert_watch), (SELECT max(beat_at) FROM workers)))::float8);

-- open_worker_alerts --
-- Tell whether an alert says that no worker is alive.
SELECT EXISTS (SELECT FROM alerts WHERE kind = %(kind)s AND ended_at IS NULL);

-- condition_figures --
-- Count what alerts are about: orders held since a moment, the age of the oldest mark, promises at risk, lines that
-- sweeps of the last day found lying.
SELECT (SELECT count(DISTINCT e.order_id) FROM fulfillment_events e
        WHERE e.type IN ('order:held', 'order:escalated') AND e.occurred_at > %(since)s),
       (SELECT COALESCE(extract(epoch FROM clock_timestamp() - min(marked_at)), 0)::float8 FROM marks),
       (SELECT count(DISTINCT r.order_id)
        FROM backorder_records r JOIN orders o USING (order_id)
        WHERE r.closed_at IS NULL AND r.promised_date IS NOT NULL AND r.uncovered > 0
          AND (r.expected_date > r.promised_date OR r.promised_date < %(today)s)
          AND o.status IN ('BACKORDERED', 'PARTIALLY_ALLOCATED')),
       (SELECT COALESCE(sum(s.defects), 0) FROM sweeps s WHERE s.swept_at > clock_timestamp() - interval '1 day');

-- endpoints_taken_out --
-- List the endpoints of webhooks that the house took out of service, and why.
SELECT endpoint_id, disabled_because FROM webhook_endpoints WHERE disabled_because IS NOT NULL ORDER BY endpoint_id;

-- raise_alerts --
-- Keep conditions as open alerts, each once, and tell which of them are new.
INSERT INTO alerts AS a (kind, subject, facts)
SELECT n.kind, n.subject, n.facts
FROM unnest(%(kinds)s::text[], %(subjects)s::text[], %(facts)s::jsonb[]) AS n (kind, subject, facts)
ORDER BY n.kind, n.subject
ON CONFLICT (kind, subject) WHERE ended_at IS NULL DO UPDATE SET facts = EXCLUDED.facts
RETURNING alert_id, kind, subject, facts, raised_at, ended_at, xmax = 0;

-- end_alerts --
-- End the open alerts of these kinds whose condition is none of these any more.
UPDATE alerts a SET ended_at = clock_timestamp()
WHERE a.ended_at IS NULL
  AND NOT EXISTS (SELECT FROM unnest(%(kinds)s::text[], %(subjects)s::text[]) AS n (kind, subject)
                  WHERE n.kind = a.kind AND n.subject = a.subject)
RETURNING alert_id, kind, subject, facts, raised_at, ended_at;

-- alerts_to_show --
-- List alerts, the latest first, those that are over only when they are asked for.
SELECT alert_id, kind, subject, facts, raised_at, ended_at FROM alerts
WHERE (%(ended)s OR ended_at IS NULL) AND (%(before)s::bigint IS NULL OR alert_id < %(before)s::bigint)
ORDER BY alert_id DESC LIMIT %(most)s;

-- open_alerts_by_kind --
-- Count the alerts that are open, by kind.
SELECT kind, count(*) FROM alerts WHERE ended_at IS NULL GROUP BY kind ORDER BY kind;
