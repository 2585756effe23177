"""`makegood users`: who may come in through the doors over HTTP. Whoever sits at the machine is trusted."""

from typing import Annotated

import typer

from makegood.entrypoints.cli.counter import Json, opened
from makegood.entrypoints.cli.output import Column, minute, put, put_json, put_table, text
from makegood.entrypoints.cli.tokens import Merchants, Role
from makegood.entrypoints.cli.tree import example, group
from makegood.services.accounts.users import UserChange, UserSheet, change_user, create_user, list_users

app = group("See, add, change and disable those who may sign in.")

Name = Annotated[str, typer.Argument(help="The user's name.")]


@app.command(epilog=example("users add ann --role manager"))
def add(
    ctx: typer.Context,
    name: Name,
    role: Role = "READONLY",
    merchant: Merchants = None,
    password: Annotated[
        str,
        typer.Option(
            help="The password; better not on the command line: it is asked for.",
            prompt=True,
            hide_input=True,
            confirmation_prompt=True,
        ),
    ] = "",
    json: Json = False,
) -> None:
    """Add a user, who signs in with name and password."""
    with opened(ctx) as books:
        made = books.change(create_user, name, password=password, role=role, merchants=merchant or None)
    put_json(made) if json else put(f"User {made.name} is {made.role} and may sign in.")


@app.command("list", epilog=example("users list"))
def list_(ctx: typer.Context, json: Json = False) -> None:
    """List the users: how much each may do, and when they were seen last."""
    with opened(ctx) as books:
        found = books.read(list_users)
    if json:
        put_json(found)
        return
    put_table(
        [text("User"), Column("Role"), text("Merchants"), Column("May sign in"), Column("Last seen")],
        [(one.name, one.role, ", ".join(one.merchants or ["all"]), one.active, minute(one.last_seen_at) or "never")
         for one in found],
    )  # fmt: skip


@app.command(epilog=example("users change ann --role admin", "users change ann --all-merchants"))
def change(
    ctx: typer.Context,
    name: Name,
    role: Annotated[str | None, typer.Option(help="The new role.")] = None,
    merchant: Merchants = None,
    all_merchants: Annotated[bool, typer.Option("--all-merchants", help="Limited to none any more.")] = False,
    json: Json = False,
) -> None:
    """Change how much a user may do; open sign-ins end."""
    merchants = [] if all_merchants else (merchant or None)
    _change(ctx, name, UserChange(role=role, merchants=merchants), json)


@app.command(epilog=example("users password ann"))
def password(
    ctx: typer.Context,
    name: Name,
    password: Annotated[
        str,
        typer.Option(
            help="The new password; better asked for.", prompt=True, hide_input=True, confirmation_prompt=True
        ),
    ] = "",
    json: Json = False,
) -> None:
    """Set a new password; open sign-ins end."""
    _change(ctx, name, UserChange(password=password), json)


@app.command(epilog=example("users disable ann"))
def disable(ctx: typer.Context, name: Name, json: Json = False) -> None:
    """Let a user and its tokens in no longer; what it did stays on record."""
    _change(ctx, name, UserChange(active=False), json)


@app.command(epilog=example("users enable ann"))
def enable(ctx: typer.Context, name: Name, json: Json = False) -> None:
    """Let a user in again."""
    _change(ctx, name, UserChange(active=True), json)


def _change(ctx: typer.Context, name: str, wanted: UserChange, json: bool) -> None:
    with opened(ctx) as books:
        made = books.change(change_user, name, wanted)
    put_json(made) if json else put(_told(made))


def _told(user: UserSheet) -> str:
    return f"User {user.name} is {user.role} and may {'' if user.active else 'not '}sign in."
