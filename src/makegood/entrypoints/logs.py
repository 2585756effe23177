"""The log: one form for all that is told, with the ids of the work at hand, for people or for machines.

The house logs with the standard library; here it is decided what a line looks like. Whatever could be a customer's
or a secret is taken out of each line, because errors of libraries quote what they were given.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

from makegood.services.at_hand import ids_at_hand

# PostgreSQL quotes whole rows in the details of an error; the rest is what addresses and our secrets look like.
UNTOLD = (
    (re.compile(r"(DETAIL|CONTEXT|PARAMETERS):.*", re.I), r"\1: …"),
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"), "…@…"),
    (re.compile(r"\b(whsec_|mg_)[\w+/=-]+"), r"\1…"),
    (re.compile(r"(://[^/\s:@]+):[^/\s@]+@"), r"\1:…@"),
)


def set_up_logs(level: str | int, form: str) -> None:
    """Log to stderr from this level on; `auto` is JSON, and from info on, where stderr is no terminal."""
    machine = not sys.stderr.isatty()
    if level == "auto":
        level = "info" if machine else "warning"
    root = logging.getLogger()
    for known in [one for one in root.handlers if isinstance(one, ToStderr)]:
        root.removeHandler(known)
    handler = ToStderr()
    handler.setFormatter(_Later(as_json=machine if form == "auto" else form == "json"))
    root.addHandler(handler)
    root.setLevel(level.upper() if isinstance(level, str) else level)
    # They tell each request of theirs at a level at which we tell ours.
    for loud in ("httpx", "httpcore", "mcp", "uvicorn.error", "yoyo"):
        logging.getLogger(loud).setLevel(logging.WARNING)


class ToStderr(logging.Handler):
    """Writes to what stderr is now, not to what it was when the log was set up."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line, or several where an exception is told to people."""
        try:
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()
        except Exception:
            self.handleError(record)


class _Later(logging.Formatter):
    """Builds what formats lines when the first comes: most commands log none, and it takes time to import."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self._as_json = as_json
        self._formatter: logging.Formatter | None = None

    def format(self, record: logging.LogRecord) -> str:
        """Give one line, or several where an exception is told to people."""
        if self._formatter is None:
            self._formatter = _formatter(as_json=self._as_json)
        return self._formatter.format(record)


def _formatter(*, as_json: bool) -> logging.Formatter:
    import structlog

    last = (
        structlog.processors.JSONRenderer(default=str, ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _with_ids,
            structlog.processors.format_exc_info,
            _careful,
            last,
        ],
    )


def _with_ids(_logger: object, _method: str, told: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {**ids_at_hand(), **told}


def _careful(_logger: object, _method: str, told: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {name: without_secrets(value) if isinstance(value, str) else value for name, value in told.items()}


def without_secrets(words: str) -> str:
    """Take out of a text what could be a customer's or a secret.

    >>> without_secrets("no ada@example.com in postgresql://me:pw@db/x with whsec_abc=")
    'no …@… in postgresql://me:…@db/x with whsec_…'
    """
    for pattern, instead in UNTOLD:
        words = pattern.sub(instead, words)
    return words
