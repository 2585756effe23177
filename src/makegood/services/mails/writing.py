"""Write a mail from its template and its facts, in a sandbox: a template can read facts and do nothing else."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files

from jinja2 import DictLoader, StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError, meta
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from makegood.domain.errors import TemplateFaulty
from makegood.domain.mails import Facts, MailKind, MailTemplate, WrittenMail
from makegood.services.mails.samples import SAMPLES, known_facts

DEFAULTS = files("makegood.services.mails") / "defaults"
# What templates can include or extend.
PARTS = ("layout.html", "lines.html", "lines.txt", "end.txt")
SUFFIXES = {"subject": ".subject", "text": ".txt", "html": ".html"}
MOST_CHARACTERS = 50_000


def default_template(kind: MailKind) -> MailTemplate:
    """Give the template that comes along."""
    return MailTemplate(**{part: _default(f"{kind}{suffix}") for part, suffix in SUFFIXES.items()})


def write(template: MailTemplate, facts: Facts) -> WrittenMail:
    """Give the mail that a template makes of facts; raises `TemplateFaulty` with the part and its line."""
    return WrittenMail(*(_fill(part, text, facts) for part, text in template._asdict().items()))


def insist_on_template(kind: MailKind, template: MailTemplate) -> list[WrittenMail]:
    """Try a template on the made-up orders and give what it makes of each.

    Raises `TemplateFaulty`: syntax, names that no mail of this kind has, what fails, or makes an empty mail.
    """
    for part, text in template._asdict().items():
        if len(text) > MOST_CHARACTERS:
            raise TemplateFaulty(kind, part, None, f"more than {MOST_CHARACTERS:,} characters")
        _insist_on_known(kind, part, text)
    return [_whole(kind, write(template, facts)) for facts in SAMPLES[kind]]


def _insist_on_known(kind: MailKind, part: str, text: str) -> None:
    try:
        tree = _environment(part).parse(text)
    except TemplateSyntaxError as wrong:
        raise TemplateFaulty(kind, part, wrong.lineno, wrong.message or "syntax") from wrong
    unknown = meta.find_undeclared_variables(tree) - set(known_facts(kind))
    if unknown:
        line = min(_lines_of(text, min(unknown)), default=None)
        known = ", ".join(known_facts(kind))
        raise TemplateFaulty(kind, part, line, f"{min(unknown)} is not known here; known are {known}")


def _lines_of(text: str, name: str) -> Iterator[int]:
    return (number for number, line in enumerate(text.splitlines(), start=1) if name in line)


def _whole(kind: MailKind, mail: WrittenMail) -> WrittenMail:
    for part, text in mail._asdict().items():
        if not text.strip():
            raise TemplateFaulty(kind, part, None, "it comes out empty")
    return mail


def _fill(part: str, text: str, facts: Facts) -> str:
    try:
        made = _environment(part).from_string(text).render(facts)
    except (TemplateError, SecurityError, TypeError, ValueError, ArithmeticError, OverflowError) as wrong:
        raise TemplateFaulty("", part, _line(wrong), _words(wrong)) from wrong
    # A subject is one line, whatever a name in it holds.
    return " ".join(made.split()) if part == "subject" else made.strip() + "\n"


def _line(wrong: Exception) -> int | None:
    """Give the line of the template in which it went wrong: Jinja puts it into the traceback."""
    if isinstance(wrong, TemplateSyntaxError):
        return wrong.lineno
    line, step = None, wrong.__traceback__
    while step:
        if step.tb_frame.f_code.co_filename == "<template>":
            line = step.tb_lineno
        step = step.tb_next
    return line


def _words(wrong: Exception) -> str:
    return wrong.message or "undefined" if isinstance(wrong, UndefinedError) else str(wrong)


@cache
def _environment(part: str) -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(
        loader=DictLoader({name: _default(name) for name in PARTS}),
        autoescape=part == "html",
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["day"] = _day
    return made


def _day(written: str) -> str:
    """Give a day as a customer reads it.

    >>> _day("2026-03-09")
    '9 March 2026'
    """
    on = date.fromisoformat(written)
    return f"{on.day} {on:%B %Y}"


@cache
def _default(name: str) -> str:
    return (DEFAULTS / name).read_text(encoding="utf-8")
