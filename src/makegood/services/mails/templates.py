"""The templates of mails: those that come along, or what was written instead, each tried before it is kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from makegood.domain.errors import InvalidValue
from makegood.domain.mails import MailKind, MailTemplate, WrittenMail
from makegood.services.mails.samples import SAMPLES, known_facts
from makegood.services.mails.writing import default_template, insist_on_template, write
from makegood.services.work import Work


class TemplateSheet(NamedTuple):
    """A template in force, the facts that it may use, and who wrote it, if it is not the one that comes along."""

    kind: str
    subject: str
    text: str
    html: str
    known: Sequence[str]
    own: bool
    changed_by: str | None
    changed_at: datetime | None


class _Change(NamedTuple):
    """What was written last of a kind; without texts the template that comes along counts again."""

    kind: str
    subject: str | None
    text: str | None
    html: str | None
    changed_by: str
    changed_at: datetime


def kind_named(word: str) -> MailKind:
    """Give the kind that a word stands for, or raise `InvalidValue`."""
    plain = word.strip().upper().replace("-", "_")
    if plain not in list(MailKind):
        raise InvalidValue("kind", word, "one of " + ", ".join(MailKind))
    return MailKind(plain)


def template_of(work: Work, kind: MailKind, version: int | None = None) -> tuple[int, MailTemplate]:
    """Give the template that counts now, or the one of this number, with its number; 0 is the default."""
    row = work.db.one("template_in_force", kind=kind.value, template=version)
    if row is None:
        return 0, default_template(kind)
    number, subject, text, html = row
    return number, default_template(kind) if subject is None else MailTemplate(subject, text, html)


def list_templates(work: Work) -> list[TemplateSheet]:
    """Give every template in force."""
    changes = {row.kind: row for row in work.db.records(_Change, "templates_changed")}
    return [_sheet(kind, changes.get(kind)) for kind in MailKind]


def show_template(work: Work, kind: str) -> TemplateSheet:
    """Give the template of a kind that counts now."""
    found = kind_named(kind)
    return next(one for one in list_templates(work) if one.kind == found)


def change_template(
    work: Work, kind: str, *, subject: str | None = None, text: str | None = None, html: str | None = None
) -> TemplateSheet:
    """Write a template, in whole or in part; what is not given stays. Raises `TemplateFaulty`, `InvalidValue`."""
    found = kind_named(kind)
    template = _changed(template_of(work, found)[1], subject, text, html)
    insist_on_template(found, template)
    work.db.run("add_template", kind=found.value, **template._asdict(), actor=work.actor, as_of=work.as_of)
    return show_template(work, found)


def reset_template(work: Work, kind: str) -> TemplateSheet:
    """Let the template that comes along count again."""
    found = kind_named(kind)
    work.db.run(
        "add_template", kind=found.value, subject=None, text=None, html=None, actor=work.actor, as_of=work.as_of
    )
    return show_template(work, found)


def preview_template(
    work: Work, kind: str, *, subject: str | None = None, text: str | None = None, html: str | None = None
) -> list[WrittenMail]:
    """Give what a template makes of made-up orders, with other parts if they are given; nothing is kept."""
    found = kind_named(kind)
    template = _changed(template_of(work, found)[1], subject, text, html)
    if template == default_template(found):
        return [write(template, facts) for facts in SAMPLES[found]]
    return insist_on_template(found, template)


def _changed(template: MailTemplate, subject: str | None, text: str | None, html: str | None) -> MailTemplate:
    given = {"subject": subject, "text": text, "html": html}
    return template._replace(**{part: new for part, new in given.items() if new is not None})


def _sheet(kind: MailKind, change: _Change | None) -> TemplateSheet:
    own = [part for part in change[1:4] if part is not None] if change else []
    return TemplateSheet(
        kind.value,
        *(MailTemplate(*own) if own else default_template(kind)),
        known_facts(kind),
        bool(own),
        change.changed_by if change else None,
        change.changed_at if change else None,
    )
