"""A year of history, written by a few SQL statements: what a shop leaves behind that had backorders all along.

Two of five orders are filled when they come; the others wait, a third of them with a part, until a delivery of
their SKU comes. A few are held for their age, a few still wait at the end. What is filled is shipped a day later.
"""

from datetime import UTC, datetime

from benchmarks.books import Bench
from makegood.domain.catalogue import NewVariant, NewWarehouse
from makegood.services.add_catalogue import add_variants, add_warehouses

BEGINS = datetime(2025, 3, 1, tzinfo=UTC)
ENDS = datetime(2026, 3, 1, tzinfo=UTC)
SKUS = 2_000
LINES = 3

# Who orders when, for how long each waits, and what becomes of it; told by the number of the order alone.
ORDERS = f"""
CREATE TABLE lived AS
SELECT n AS order_id, placed, kind IN ('part', 'none', 'held', 'still') AS short, kind,
       placed + interval '1 hour' * (6 + (n * 7919) %% 600) AS resolved,
       1 + (n * 31) %% {SKUS} AS variant, 1 + n %% 5 AS units,
       'receiving:D-' || (n * 31) %% {SKUS} || '-' || n %% 40 AS source
FROM (
    SELECT n, '{BEGINS:%Y-%m-%d}'::timestamptz + interval '365 days' * n / (%(orders)s + 1) AS placed,
           CASE WHEN n %% 10 < 4 THEN 'filled' WHEN n %% 10 < 6 THEN 'part' WHEN n %% 40 = 7 THEN 'held'
                WHEN n > %(orders)s * 0.9 AND n %% 10 > 7 THEN 'still' ELSE 'none' END AS kind
    FROM generate_series(1, %(orders)s) n
) o
"""
FILL = (
    """
INSERT INTO orders (merchant_id, number, root_order_id, warehouse_id, placed_at, status, hold_kind, changed_at)
OVERRIDING SYSTEM VALUE
SELECT 1, 'Y-' || order_id, order_id, 1 + order_id %% 2, placed,
       CASE kind WHEN 'held' THEN 'ON_HOLD' WHEN 'still' THEN 'BACKORDERED' ELSE 'SHIPPED' END,
       CASE kind WHEN 'held' THEN 'STALE' END, resolved
FROM lived ORDER BY order_id
""",
    f"""
INSERT INTO order_lines (order_id, line_number, root_line_number, sku_text, variant_id, quantity, warehouse_id,
                         rank_priority, placed_at, root_order_id, ship_policy, keeps_back)
SELECT order_id, l, l, 'SKU-' || variant, variant, units, 1 + order_id %% 2, 30, placed, order_id, 'PARTIAL', false
FROM lived, generate_series(1, {LINES}) l ORDER BY order_id, l
""",
    f"""
INSERT INTO attempts (order_id, trigger_sources, actor, before_status, after_status, granted, short, reasons,
                      as_of)
SELECT order_id, ARRAY['manual:shop'], 'shop', 'PENDING', after, granted, {LINES} * units - granted,
       CASE WHEN short THEN (
           SELECT jsonb_agg(jsonb_build_object(
               'line', l, 'sku', 'SKU-' || variant, 'short', units, 'code', 'NO_STOCK', 'wanted', units, 'free', 0,
               'variant', variant))
           FROM generate_series(CASE kind WHEN 'part' THEN 2 ELSE 1 END, {LINES}) l) ELSE '[]' END, placed
FROM (SELECT *, CASE kind WHEN 'filled' THEN 'ALLOCATED' WHEN 'part' THEN 'PARTIALLY_ALLOCATED' ELSE 'BACKORDERED'
                END AS after, units * CASE kind WHEN 'filled' THEN {LINES} WHEN 'part' THEN 1 ELSE 0 END AS granted
      FROM lived) o ORDER BY order_id
""",
    f"""
INSERT INTO attempts (order_id, trigger_sources, actor, before_status, after_status, granted, short, reasons,
                      as_of)
SELECT order_id, CASE WHEN order_id %% 30 = 5 THEN ARRAY['manual:ann'] ELSE ARRAY[source] END, 'worker',
       CASE kind WHEN 'part' THEN 'PARTIALLY_ALLOCATED' ELSE 'BACKORDERED' END, 'ALLOCATED',
       units * CASE kind WHEN 'part' THEN {LINES - 1} ELSE {LINES} END, 0, '[]', resolved
FROM lived WHERE kind IN ('part', 'none') ORDER BY order_id
""",
    f"""
INSERT INTO fulfillment_events (order_id, type, payload, trigger_sources, attempt_id, actor, occurred_at)
SELECT a.order_id, e.type, CASE e.type
           WHEN 'allocation:created' THEN jsonb_build_object('allocations', '[]'::jsonb)
           ELSE jsonb_build_object('orderId', a.order_id, 'orderNumber', 'Y-' || a.order_id, 'previousStatus',
                    a.before_status, 'newStatus', a.after_status, 'totalItems', {LINES} * o.units,
                    'allocatedItems', a.granted, 'backorderedItems', a.short, 'timestamp', a.as_of)
                || CASE WHEN e.type = 'order:backorder_resolved'
                        THEN jsonb_build_object('backorderedSince', o.placed) ELSE '{{}}' END END,
       a.trigger_sources, a.attempt_id, a.actor, a.as_of
FROM attempts a JOIN lived o USING (order_id)
CROSS JOIN LATERAL (
    SELECT 1, 'allocation:created' WHERE a.granted > 0
    UNION ALL SELECT 2, 'order:' || lower(a.after_status)
    UNION ALL SELECT 3, 'order:backorder_resolved' WHERE a.before_status <> 'PENDING'
) e (place, type)
ORDER BY a.as_of, a.order_id, e.place
""",
    f"""
INSERT INTO fulfillment_events (order_id, type, payload, trigger_sources, actor, occurred_at)
SELECT o.order_id, e.type, jsonb_build_object('orderId', o.order_id, 'orderNumber', 'Y-' || o.order_id,
           'previousStatus', e.before, 'newStatus', e.after, 'backorderedItems', e.short,
           'rootOrderId', o.order_id,
           'units', {LINES} * o.units, 'unitsWanted', {LINES} * o.units, 'lines', {LINES}, 'linesWanted', {LINES}),
       ARRAY['manual:shop'], 'shop', e.at
FROM lived o
CROSS JOIN LATERAL (
    SELECT 1, 'order:escalated', 'BACKORDERED', 'ON_HOLD', {LINES} * o.units, placed + interval '31 days'
    WHERE kind = 'held'
    UNION ALL SELECT 2, 'order:held', 'BACKORDERED', 'ON_HOLD', {LINES} * o.units, placed + interval '31 days'
    WHERE kind = 'held'
    UNION ALL SELECT 3, s.type, s.before, s.after, 0,
           CASE WHEN short THEN resolved ELSE placed END + interval '1 day'
    FROM (VALUES ('order:released_to_pick', 'ALLOCATED', 'READY_TO_PICK'),
                 ('order:picked', 'READY_TO_PICK', 'PICKED'),
                 ('order:shipped', 'PICKED', 'SHIPPED'), ('order:first_shipment', 'PICKED', 'SHIPPED'))
         AS s (type, before, after)
    WHERE kind IN ('filled', 'part', 'none')
) e (place, type, before, after, short, at)
ORDER BY e.at, o.order_id, e.place
""",
)


def live_a_year(bench: Bench, orders: int) -> None:
    """Write the history of so many orders."""
    bench.do(add_warehouses, [NewWarehouse("W1"), NewWarehouse("W2")])
    bench.do(add_variants, [NewVariant(f"SKU-{number}") for number in range(1, SKUS + 1)])
    for statement in (ORDERS, *FILL):
        bench.execute(statement.replace("%(orders)s", str(orders)).replace("%%", "%"))
    bench.settle()
