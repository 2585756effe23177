"""The way out of the house: a message is posted to an address that was looked at, and to no other.

Whoever may name an address could name one inside the house's own network. So the host is resolved once, every
address that it has is looked at, and the connection goes to one of these: a name that leads elsewhere a moment
later leads nowhere. Redirects are not followed, and what comes back is read for a moment and up to a limit.
"""

import asyncio
import ssl
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from queue import Empty, SimpleQueue
from threading import Thread

import httpx

from makegood.domain.webhooks import Answer
from makegood.jobs.outside import NotOutside, Outside, insist_outside

MOST_BYTES, MOST_EXCERPT = 4096, 500
# Once a status has come, the rest of the answer is waited for so long.
SECONDS_FOR_THE_REST = 2.0
AGENT = "makegood"


def addresses_of(url: httpx.URL, outside: Outside) -> list[str]:
    """Give the addresses behind a URL, each of which may be connected to; raises `NotOutside` or `OSError`."""
    if url.scheme not in ("http", "https") or not url.host or url.userinfo:
        raise NotOutside("only plain http and https addresses are sent to")
    port = url.port or {"http": 80, "https": 443}[url.scheme]
    found = list(dict.fromkeys(_resolved(url.host, port, outside)))
    for address in found:
        insist_outside(address, url.scheme, port, outside)
    return found


def _resolved(host: str, port: int, outside: Outside) -> list[str]:
    """Ask for the addresses of a host, but for no longer than a try may take; raises `OSError`."""
    answers: SimpleQueue[list[str] | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(outside.resolve(host, port))
        except Exception as error:
            answers.put(error)

    # The system cannot be told to give up: whoever waits does, and the worker's end does not wait for it.
    Thread(target=ask, name="resolver", daemon=True).start()
    try:
        answer = answers.get(timeout=outside.total_seconds)
    except Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def post(url: str, headers: Mapping[str, str], body: str, outside: Outside) -> Answer:
    """Post a message and give what came of it; whatever goes wrong is told, nothing is raised."""
    began = time.perf_counter()
    try:
        wanted = httpx.URL(url)
        addresses = addresses_of(wanted, outside)
        left = outside.total_seconds - (time.perf_counter() - began)
        status, excerpt = asyncio.run(_post(wanted, addresses, headers, body, outside, left))
        return Answer(status, "" if 200 <= status < 300 else _said(status), excerpt, time.perf_counter() - began)
    except NotOutside as refused:
        error = f"not sent: {refused}"
    except TimeoutError:
        error = f"no answer within {outside.total_seconds:g} seconds"
    except OSError as failed:
        error = failed.strerror or str(failed)
    except (UnicodeError, httpx.HTTPError, httpx.InvalidURL) as failed:
        error = f"{type(failed).__name__}: {failed}".rstrip(": ")
    return Answer(None, error[:MOST_EXCERPT], "", time.perf_counter() - began)


async def _post(
    url: httpx.URL,
    addresses: Sequence[str],
    headers: Mapping[str, str],
    body: str,
    outside: Outside,
    seconds: float,
) -> tuple[int, str]:
    async with asyncio.timeout(seconds), _client(outside) as client:
        for place, address in enumerate(addresses, start=1):
            try:
                return await _post_to(client, url, address, headers, body)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if place == len(addresses):
                    raise
    raise OSError("the host has no address")


async def _post_to(
    client: httpx.AsyncClient, url: httpx.URL, address: str, headers: Mapping[str, str], body: str
) -> tuple[int, str]:
    """Connect to this address in the name of the URL's host, which the certificate has to be for."""
    named = {"host": url.netloc.decode("ascii"), "user-agent": AGENT, "accept-encoding": "identity"}
    request = client.stream(
        "POST",
        url.copy_with(host=address.partition("%")[0]),
        headers={**named, **headers},
        content=body.encode(),
        extensions={"sni_hostname": url.raw_host.decode("ascii")},
    )
    async with request as answer:
        return answer.status_code, await _start_of(answer)


async def _start_of(answer: httpx.Response) -> str:
    """Read the start of an answer, as much as comes in a moment."""
    read = b""
    with suppress(TimeoutError, httpx.HTTPError):
        async with asyncio.timeout(SECONDS_FOR_THE_REST):
            async for part in answer.aiter_raw(MOST_BYTES):
                read += part
                if len(read) >= MOST_BYTES:
                    break
    return read[:MOST_BYTES].decode(errors="replace").replace("\0", "")[:MOST_EXCERPT]


def _client(outside: Outside) -> httpx.AsyncClient:
    # No proxy of the environment: it would connect to what it resolves itself.
    return httpx.AsyncClient(
        verify=_trusted(),
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(outside.total_seconds, connect=outside.connect_seconds),
    )


@cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


def _said(status: int) -> str:
    return "redirects are not followed" if 300 <= status < 400 else f"answered {status}"
