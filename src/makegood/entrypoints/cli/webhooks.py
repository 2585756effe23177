"""`makegood webhooks`: who is told over HTTP of what happens, and the log of what was sent."""

from typing import Annotated

import typer

from makegood.entrypoints.cli.counter import After, Json, Limit, opened, tell_next
from makegood.entrypoints.cli.output import (
    Column,
    counted,
    minute,
    put,
    put_facts,
    put_json,
    put_table,
    talk,
    text,
    units,
)
from makegood.entrypoints.cli.tree import example, group
from makegood.entrypoints.cli.wanted import read_moment
from makegood.services.webhooks.deliveries import (
    list_deliveries,
    replay_delivery,
    replay_since,
    send_test,
    show_delivery,
)
from makegood.services.webhooks.endpoints import (
    MOST_HOURS,
    OVERLAP_HOURS,
    EndpointChange,
    EndpointSheet,
    NewEndpoint,
    add_endpoint,
    disable_endpoint,
    edit_endpoint,
    enable_endpoint,
    list_endpoints,
    remove_endpoint,
    rotate_secret,
)

app = group("See and change who is told over HTTP of what happens, and send it again.")

Endpoint = Annotated[int, typer.Argument(help="The endpoint's number.")]
Types = Annotated[
    list[str] | None,
    typer.Option(
        "--type", help="Only messages of this type, such as order.backordered; may be given several times."
    ),
]
Merchants = Annotated[
    list[str] | None,
    typer.Option("--merchant", help="Only what is this merchant's; may be given several times."),
]
Note = Annotated[str | None, typer.Option(help="What it is for.")]


@app.command("list", epilog=example("webhooks list"))
def list_(ctx: typer.Context, json: Json = False) -> None:
    """List the endpoints: what each is told, and how it does."""
    with opened(ctx) as books:
        found = books.read(list_endpoints)
    if json:
        put_json(found)
        return
    put_table(
        [units("Number"), text("Address"), text("Types"), text("Merchants", spare=True), text("State"),
         units("Waiting"), units("Failed"), text("Note", spare=True)],
        [(one.endpoint, one.url, ", ".join(one.types or ["all"]), ", ".join(one.merchants or []), _state(one),
          one.waiting, one.failed, one.note) for one in found],
    )  # fmt: skip


@app.command(epilog=example("webhooks add https://shop.example.com/hooks --type order.backordered"))
def add(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(help="Where messages are sent.")],
    type: Types = None,
    merchant: Merchants = None,
    note: Note = None,
    json: Json = False,
) -> None:
    """Tell a receiver from now on, and print the secret that verifies its messages; it is shown this once."""
    with opened(ctx) as books:
        made = books.change(add_endpoint, url, note=note or "", types=type or (), merchants=merchant or None)
    _put_secret(made, json=json)


@app.command(epilog=example("webhooks edit 1 --url https://shop.example.com/new", "webhooks edit 1 --all-types"))
def edit(
    ctx: typer.Context,
    endpoint: Endpoint,
    url: Annotated[str | None, typer.Option(help="Where messages are sent from now on.")] = None,
    type: Types = None,
    all_types: Annotated[bool, typer.Option("--all-types", help="Messages of every type.")] = False,
    merchant: Merchants = None,
    all_merchants: Annotated[bool, typer.Option("--all-merchants", help="What is of every merchant.")] = False,
    note: Note = None,
    json: Json = False,
) -> None:
    """Change where messages go, which, and of whom; what is not given stays."""
    change = EndpointChange(url, note, [] if all_types else type, [] if all_merchants else merchant)
    with opened(ctx) as books:
        found = books.change(edit_endpoint, endpoint, change)
    put_json(found) if json else put(f"Endpoint {endpoint} is as you said.")


@app.command(epilog=example("webhooks rotate 1", "webhooks rotate 1 --overlap 0"))
def rotate(
    ctx: typer.Context,
    endpoint: Endpoint,
    overlap: Annotated[
        int, typer.Option(help="For so many hours the secret before signs as well.", min=0, max=MOST_HOURS)
    ] = OVERLAP_HOURS,
    json: Json = False,
) -> None:
    """Draw a new secret and print it; it is shown this once."""
    with opened(ctx) as books:
        made = books.change(rotate_secret, endpoint, overlap_hours=overlap)
    _put_secret(made, json=json)


@app.command("test", epilog=example("webhooks test 1"))
def send_test_message(ctx: typer.Context, endpoint: Endpoint, json: Json = False) -> None:
    """Have a worker send a message of type webhook.test."""
    with opened(ctx) as books:
        made = books.change(send_test, endpoint)
    put_json(made) if json else put(f"A worker sends it; see: makegood webhooks deliveries --show {made.delivery}")


@app.command(epilog=example("webhooks deliveries 1", "webhooks deliveries 1 --state failed"))
def deliveries(
    ctx: typer.Context,
    endpoint: Annotated[int | None, typer.Argument(help="The endpoint's number.")] = None,
    show: Annotated[
        int | None, typer.Option(help="Number of one delivery, to see its body and every try.")
    ] = None,
    state: Annotated[str | None, typer.Option(help="Only waiting, delivered or failed ones.")] = None,
    limit: Limit = 20,
    after: After = None,
    json: Json = False,
) -> None:
    """List what was sent to an endpoint, the latest first, or show one delivery."""
    if (endpoint is None) == (show is None):
        raise typer.BadParameter("Name an endpoint, or one delivery with --show.")
    if show is not None:
        _show(ctx, show, json=json)
        return
    with opened(ctx) as books:
        found = books.read(list_deliveries, endpoint or 0, state=state, after=after, most=limit)
    if json:
        put_json(found)
        return
    put_table(
        [units("Number"), Column("Type"), Column("State"), units("Tries"), text("Last answer"), Column("Made"),
         Column("Next try")],
        [(one.delivery, one.type, one.state, one.attempts, one.error or str(one.status or ""), minute(one.made_at),
          minute(one.due_at)) for one in found.deliveries],
    )  # fmt: skip
    tell_next(found.next, f"webhooks deliveries {endpoint}")


@app.command(epilog=example("webhooks replay --delivery 17", "webhooks replay 1 --since 2026-03-02T09:00Z"))
def replay(
    ctx: typer.Context,
    endpoint: Annotated[int | None, typer.Argument(help="The endpoint's number.")] = None,
    delivery: Annotated[int | None, typer.Option(help="Number of the delivery to send again.")] = None,
    since: Annotated[str | None, typer.Option(help="All that was put on record since then.")] = None,
    json: Json = False,
) -> None:
    """Send one message again, or all since a moment, each under its own id."""
    if (delivery is None) == (endpoint is None or since is None):
        raise typer.BadParameter("Name one --delivery, or an endpoint and --since.")
    moment = read_moment(since, "--since")
    with opened(ctx) as books:
        if delivery is not None:
            made = books.change(replay_delivery, delivery)
            put_json(made) if json else put(f"Delivery {delivery} is sent again.")
        elif endpoint is not None and moment is not None:
            sent = books.change(replay_since, endpoint, moment)
            put_json(sent) if json else put(f"{counted(sent.messages, 'message')} to be sent.")


@app.command(epilog=example("webhooks enable 1"))
def enable(ctx: typer.Context, endpoint: Endpoint, json: Json = False) -> None:
    """Put an endpoint into service again."""
    with opened(ctx) as books:
        found = books.change(enable_endpoint, endpoint)
    put_json(found) if json else put(f"Endpoint {endpoint} is in service.")


@app.command(epilog=example("webhooks disable 1"))
def disable(ctx: typer.Context, endpoint: Endpoint, json: Json = False) -> None:
    """Take an endpoint out of service; what happens meanwhile is sent by a replay."""
    with opened(ctx) as books:
        found = books.change(disable_endpoint, endpoint)
    put_json(found) if json else put(f"Endpoint {endpoint} is out of service.")


@app.command(epilog=example("webhooks remove 1"))
def remove(ctx: typer.Context, endpoint: Endpoint, json: Json = False) -> None:
    """Remove an endpoint with its secret and the log of its deliveries."""
    with opened(ctx) as books:
        found = books.change(remove_endpoint, endpoint)
    put_json(found) if json else put(f"Endpoint {endpoint} is removed.")


def _put_secret(made: NewEndpoint, *, json: bool) -> None:
    if json:
        put_json(made)
        return
    put(made.secret)
    overlap = made.endpoint.secret_before_until
    until = f" The one before signs as well until {minute(overlap)}." if overlap else ""
    talk(f"Endpoint {made.endpoint.endpoint} signs with this secret; it is not shown again.{until}")


def _show(ctx: typer.Context, delivery: int, *, json: bool) -> None:
    with opened(ctx) as books:
        found = books.read(show_delivery, delivery)
    if json:
        put_json(found)
        return
    one = found.delivery
    put_facts(
        [("Message", one.message_id), ("Type", one.type), ("Endpoint", str(one.endpoint)), ("State", one.state),
         ("Made", minute(one.made_at)), ("Next try", minute(one.due_at)), ("Body", found.body)]
    )  # fmt: skip
    put_table(
        [units("Try"), Column("When"), Column("Status"), text("What went wrong"), text("Answer"), units("ms")],
        [(each.attempt, minute(each.tried_at), str(each.status or ""), each.error, each.answer,
          round(each.seconds * 1000)) for each in found.attempts],
    )  # fmt: skip


def _state(one: EndpointSheet) -> str:
    if not one.active:
        return f"out of service: {one.disabled_because}" if one.disabled_because else "out of service"
    return f"failing since {minute(one.failing_since)}" if one.failures else "in service"
