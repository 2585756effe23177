"""What guides an agent through a task step by step."""

from makegood.entrypoints.mcp.resources import GLOSSARY, POLICY

TRIAGE = """Triage today's backorders{where}. Work through these steps, and report at the end.

1. Call `get_queue_health`. If it is not healthy, say so first: what you read may be about to change.
2. Call `get_backorder_summary`{with_filters}. Nothing open: say so and stop.
3. Call `list_backorders` with `overdue: true` and `sort: "priority"`{and_filters}, then with
   `priority: "critical"`. Follow `next` while it matters; `total` says how many there are.
4. Call `get_sku_backorder_summary`: the SKUs at the top lack most. For each of the top three call
   `list_backorders` with that `sku`, then `explain_order` for the order that is first: it names the reasons, the
   place in the queue, what is due next, and the ways out.
5. Call `list_held_orders`. STALE orders need a decision: release, split, or cancel. UNMATCHED ones need a person
   who says which variant is meant.
6. Propose, for each backorder or order that needs it, one of: wait for what is due; raise the priority
   (`update_backorder`); tell the customer a date (`update_backorder` with `promised_date`); send what is there
   (`split_order`, only with the customer's agreement); release a hold (`release_hold`); cancel
   (`cancel_backorder`).
7. {writes}

Rules: nobody overtakes. Stock that arrives is given to whoever is next by itself, so do not allocate by hand
what the queue will give. Never force, fulfil or cancel without being told to. Give each write an
`idempotency_key` of its own. The words are in {glossary}, the rules in force in {policy}.

In the report name per backorder its number, SKU and priority, the quantities ordered, fulfilled and remaining,
the expected and the promised date and the source; then the SKUs in sum; then what you propose and what a person
must do."""

PREVIEWS = (
    "Call the write tools to see what each proposal would come to (`would_do`): this server computes it for real "
    "and does nothing. Show the results and ask."
)
APPLIES = "Ask before you write. This server does what you call: each write tool changes the books at once."


def triage(*, apply: bool, warehouse: str | None, merchant: str | None) -> str:
    """Write the guide for a triage, of all or of one warehouse or merchant."""
    filters = [
        f'`{name}: "{value}"`' for name, value in (("warehouse", warehouse), ("merchant", merchant)) if value
    ]
    given = " and ".join(filters)
    return TRIAGE.format(
        where=f" (only {given})" if given else "",
        with_filters=f" with {given}" if given else "",
        and_filters=f" and {given}" if given else "",
        writes=APPLIES if apply else PREVIEWS,
        glossary=GLOSSARY,
        policy=POLICY,
    )
