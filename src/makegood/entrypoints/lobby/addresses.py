"""What an address means: an encoded slash belongs to a name, a plain one separates; and HEAD asks as GET does.

`/variants/X%2Falternatives` is about the SKU `X/alternatives`; `/variants/X/alternatives` is about what can go
instead of X. Where nothing else is meant by them, plain slashes in a name work too: `/orders/acme/SO/1`.
"""

import re
from urllib.parse import unquote

from starlette.convertors import PathConvertor, StringConvertor, register_url_convertor
from starlette.types import Message, Scope, Send

# Decoded only once it is known what is a name; `%` itself has to wait too, or `%252F` would become a slash.
KEPT = re.compile(r"(%2F|%25)", re.IGNORECASE)


class Name(StringConvertor):
    """A name between two slashes."""

    def convert(self, value: str) -> str:
        """Give the name."""
        return unslashed(value)


class Names(PathConvertor):
    """A name that goes over plain slashes."""

    def convert(self, value: str) -> str:
        """Give the name."""
        return unslashed(value)


def unslashed(part: str) -> str:
    """Decode what `told_apart` left encoded.

    >>> unslashed("X%2Falternatives"), unslashed("50%25%2F50%25")
    ('X/alternatives', '50%/50%')
    """
    return KEPT.sub(lambda found: unquote(found[0]), part)


def read_names() -> None:
    """Let every route read its names so; it is called before any route is made."""
    register_url_convertor("str", Name())
    register_url_convertor("path", Names())


def told_apart(scope: Scope, send: Send) -> tuple[Scope, Send]:
    """Give a request as the routes read it: slashes told apart, HEAD as GET whose body stays here."""
    if scope["type"] != "http":
        return scope, send
    raw = scope.get("raw_path") or b""
    if b"%" in raw:
        parts = KEPT.split(raw.decode("latin-1"))
        path = "".join(part.upper() if KEPT.fullmatch(part) else unquote(part) for part in parts)
        scope = {**scope, "path": path}
    if scope["method"] != "HEAD":
        return scope, send
    ended = False

    async def head_only(message: Message) -> None:
        nonlocal ended
        if message["type"] == "http.response.start":
            await send(message)
        elif not ended:
            ended = True
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    return {**scope, "method": "GET"}, head_only
