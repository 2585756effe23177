"""`makegood tokens`: what programs show at the doors over HTTP. Whoever sits at the machine is trusted."""

from typing import Annotated

import typer

from makegood.entrypoints.cli.counter import Json, opened
from makegood.entrypoints.cli.output import Column, minute, put, put_json, put_table, talk, text
from makegood.entrypoints.cli.tree import example, group
from makegood.services.accounts.tokens import DAYS, MOST_DAYS, create_token, list_tokens, revoke_token

app = group("See, make and revoke the tokens of programs.")

Merchants = Annotated[
    list[str] | None, typer.Option("--merchant", help="Only what is this merchant's; may be given several times.")
]
Role = Annotated[str, typer.Option(help="READONLY, STAFF, MANAGER, ADMIN or SUPER_ADMIN.")]


@app.command(epilog=example("tokens add shop-sync --role staff", "tokens add acme --merchant acme --days 90"))
def add(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="Its name, under which it stands on record.")],
    role: Role = "READONLY",
    days: Annotated[int, typer.Option(help="It ends after so many days.", min=1, max=MOST_DAYS)] = DAYS,
    merchant: Merchants = None,
    json: Json = False,
) -> None:
    """Make a token and print its secret, which is shown this once."""
    with opened(ctx) as books:
        made = books.change(create_token, name, role=role, days=days, merchants=merchant or None)
    if json:
        put_json(made)
        return
    put(made.secret)
    until = minute(made.token.expires_at)
    talk(f"Token {name} is {made.token.role} until {until}. Its secret is not shown again.")


@app.command("list", epilog=example("tokens list"))
def list_(
    ctx: typer.Context,
    revoked: Annotated[bool, typer.Option("--revoked", help="Also those that were revoked.")] = False,
    json: Json = False,
) -> None:
    """List the tokens: how much each may do, until when, and when it was used last."""
    with opened(ctx) as books:
        found = books.read(list_tokens, revoked=revoked)
    if json:
        put_json(found)
        return
    put_table(
        [text("Token"), Column("Role"), text("Merchants"), text("User", spare=True), Column("Ends"),
         Column("Last used"), Column("Revoked", spare=True)],
        [(one.name, one.role, ", ".join(one.merchants or ["all"]), one.owner, minute(one.expires_at),
          minute(one.last_used_at) or "never", minute(one.revoked_at)) for one in found],
    )  # fmt: skip


@app.command(epilog=example("tokens revoke shop-sync"))
def revoke(
    ctx: typer.Context, name: Annotated[str, typer.Argument(help="The token's name.")], json: Json = False
) -> None:
    """End a token from the next request on."""
    with opened(ctx) as books:
        found = books.change(revoke_token, name)
    put_json(found) if json else put(f"Token {name} is revoked.")
