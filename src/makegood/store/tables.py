"""The columns that are written by COPY, with their types: one list per table."""

Columns = tuple[tuple[str, str], ...]

ORDERS: Columns = (
    ("order_id", "int8"),
    ("merchant_id", "int8"),
    ("number", "text"),
    ("parent_id", "int8"),
    ("root_order_id", "int8"),
    ("channel", "text"),
    ("customer_reference", "text"),
    ("customer_name", "text"),
    ("customer_email", "text"),
    ("customer_class", "text"),
    ("warehouse_id", "int8"),
    ("priority", "int2"),
    ("ship_policy", "text"),
    ("keeps_back", "bool"),
    ("placed_at", "timestamptz"),
    ("requested_date", "date"),
    ("status", "text"),
    ("hold_kind", "text"),
    ("hold_reason", "text"),
    ("held_at", "timestamptz"),
    ("backordered_since", "timestamptz"),
    ("changed_at", "timestamptz"),
)

ORDER_LINES: Columns = (
    ("line_id", "int8"),
    ("order_id", "int8"),
    ("line_number", "int4"),
    ("root_line_number", "int4"),
    ("sku_text", "text"),
    ("variant_id", "int8"),
    ("quantity", "int4"),
    ("allocated", "int4"),
    ("unit_price", "numeric"),
    ("currency", "text"),
    ("priority", "int2"),
    ("warehouse_id", "int8"),
    ("rank_priority", "int2"),
    ("placed_at", "timestamptz"),
    ("root_order_id", "int8"),
    ("ship_policy", "text"),
    ("keeps_back", "bool"),
    ("waiting", "bool"),
    ("waits_since_turn", "int8"),
)

ALLOCATIONS: Columns = (
    ("line_id", "int8"),
    ("unit_id", "int8"),
    ("quantity", "int4"),
    ("turn", "int8"),
    ("attempt_id", "int8"),
    ("reserved_at", "timestamptz"),
)

ATTEMPTS: Columns = (
    ("attempt_id", "int8"),
    ("order_id", "int8"),
    ("trigger_sources", "text[]"),
    ("actor", "text"),
    ("before_status", "text"),
    ("after_status", "text"),
    ("granted", "int4"),
    ("short", "int4"),
    ("reasons", "jsonb"),
    ("as_of", "timestamptz"),
)

EVENTS: Columns = (
    ("order_id", "int8"),
    ("type", "text"),
    ("payload", "jsonb"),
    ("trigger_sources", "text[]"),
    ("attempt_id", "int8"),
    ("actor", "text"),
    ("occurred_at", "timestamptz"),
)

BACKORDERS: Columns = (
    ("number", "text"),
    ("line_id", "int8"),
    ("opened_at", "timestamptz"),
)

PACKAGES: Columns = (
    ("order_id", "int8"),
    ("package_number", "int4"),
    ("box_id", "int8"),
    ("weight_g", "int4"),
)

PLACEMENTS: Columns = (
    ("order_id", "int8"),
    ("package_number", "int4"),
    ("place", "int4"),
    ("line_id", "int8"),
    ("x_mm", "int4"),
    ("y_mm", "int4"),
    ("z_mm", "int4"),
    ("length_mm", "int4"),
    ("width_mm", "int4"),
    ("height_mm", "int4"),
)

MOVEMENTS: Columns = (
    ("unit_id", "int8"),
    ("delta", "int4"),
    ("reason", "text"),
    ("trigger_source", "text"),
    ("actor", "text"),
    ("moved_at", "timestamptz"),
)

EXPECTED_DATES: Columns = (
    ("variant_id", "int8"),
    ("warehouse_id", "int8"),
    ("line_id", "int8"),
    ("order_id", "int8"),
    ("line_due", "date"),
    ("due", "date"),
)
