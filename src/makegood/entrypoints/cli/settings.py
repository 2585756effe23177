"""`makegood settings`: what the business decides, and who changed it."""

from typing import Annotated

import typer

from makegood.entrypoints.cli.counter import Counter, Json, opened
from makegood.entrypoints.cli.output import Column, minute, put, put_json, put_table, text
from makegood.entrypoints.cli.tree import example, group
from makegood.services.business_settings import (
    BusinessSettings,
    SettingChange,
    business_settings,
    change_setting,
    setting_changes,
)
from makegood.services.work import Work

app = group("See and change what the business decides.")


@app.command("list", epilog=example("settings list"))
def list_(ctx: typer.Context, json: Json = False) -> None:
    """List the settings in force, and who set them last."""
    with opened(ctx) as books:
        found, changes = books.read(_in_force)
    if json:
        put_json({"settings": found, "changes": changes})
        return
    last = {change.name: change for change in reversed(changes)}
    put_table(
        [Column("Setting"), Column("Value", right=True), text("Set by"), Column("When")],
        [(name, _word(value), *_by(last.get(name))) for name, value in found._asdict().items()],
    )


@app.command("set", epilog=example("settings set max_backorder_days 45"))
def set_(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="The setting's name.")],
    value: Annotated[str, typer.Argument(help="Its new value.")],
    json: Json = False,
) -> None:
    """Change one setting."""
    with opened(ctx) as books:
        found = _change(books, name, value)
    put_json({"settings": found}) if json else put(f"{name} is {_word(getattr(found, name))} now.")


def _change(books: Counter, name: str, value: str) -> BusinessSettings:
    spoken = {"yes": "true", "on": "true", "no": "false", "off": "false"}
    return books.change(change_setting, name, spoken.get(value.lower(), value))


def _in_force(work: Work) -> tuple[BusinessSettings, list[SettingChange]]:
    return business_settings(work.db), list(setting_changes(work, most=1000))


def _word(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _by(change: SettingChange | None) -> tuple[str, str]:
    return (change.changed_by, minute(change.changed_at)) if change else ("", "")
