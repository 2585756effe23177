"""The one place that knows exit codes: what is refused becomes a line on stderr, or a JSON object, and a code."""

import errno
import json
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import typer

from makegood.domain.errors import Conflict, Denied, Invalid, MakegoodError, NotFound, Unavailable
from makegood.domain.plain import as_plain
from makegood.entrypoints.cli.output import forget_stdout

FINE = 0
FAULTY = 1
USAGE = 2
DEFECT = 70
UNWRITTEN = 74
STOPPED = 130
PIPE_CLOSED = 141

# By branch of the error tree: every leaf lies under exactly one, and a test says so.
CODES: Mapping[type[MakegoodError], int] = {Invalid: USAGE, NotFound: 3, Conflict: 4, Unavailable: 5, Denied: 6}

MEANINGS: Mapping[int, str] = {
    FINE: "Done.",
    FAULTY: "Done, but something is not in order: a law is broken, or rows of a file are bad.",
    USAGE: "The command line or a value makes no sense; nothing was done.",
    3: "What was named does not exist; nothing was done.",
    4: "The books as they stand do not allow it; nothing was done.",
    5: "The database cannot be reached or used; unless the message says otherwise, nothing was done.",
    6: "Whoever asks is not known or may not have it; nothing was done.",
    DEFECT: "A defect of makegood; the transaction was undone.",
    UNWRITTEN: "The output could not be written, as on a full disk; what the books were asked may be done.",
    STOPPED: "Stopped by Ctrl-C; nothing is half done.",
    PIPE_CLOSED: "Whoever read the output left before its end, as `| head` does.",
}

REMEDIES: Mapping[str, str] = {
    "already_answered": "Nothing is done twice.",
    "link_expired": "Ask again with `makegood notifications ask ORDER WHAT`.",
    "link_invalid": "Copy the whole link from the mail.",
    "mail_not_found": "See `makegood notifications list`.",
    "mail_not_retried": "See `makegood notifications show MAIL` for where it stands.",
    "no_address": "Ask the customer in another way.",
    "order_moved_on": "See `makegood orders show ORDER` for where it stands.",
    "template_faulty": "See `makegood notifications templates show KIND` for the facts that it may use.",
    "already_exists": "Choose another number, or look at the one that exists.",
    "allocation_closed": "Allocate anew: `makegood backorders allocate BACKORDER`.",
    "allocation_lapsed": "Extend it with `makegood allocations extend ALLOCATION`, or allocate anew.",
    "allocation_not_found": "See `makegood orders show ORDER --all` for the allocations of an order.",
    "alternative_not_found": "See `makegood alternatives list SKU`.",
    "ambiguous": "Say which: with --merchant, --lot, --expires or --warehouse.",
    "backorder_closed": "See `makegood backorders show BACKORDER` for what it came to.",
    "backorder_not_found": "See `makegood backorders list`.",
    "books_busy": "Nothing was done: try again in a moment.",
    "box_not_found": "See `makegood boxes list`.",
    "consent_needed": "Ask the customer, then say --agreed-by and --how.",
    "count_outdated": "Count it again: the books have moved since.",
    "csrf_missing": "Sign in again.",
    "database_too_old": "Run `makegood db migrate`; PostgreSQL itself must be 15 or newer.",
    "database_unavailable": "Check MAKEGOOD_DATABASE_URL and that its server runs, or unset it.",
    "delivery_not_found": "See `makegood webhooks deliveries ENDPOINT`.",
    "endpoint_disabled": "Put it into service first: `makegood webhooks enable ENDPOINT`.",
    "endpoint_not_found": "See `makegood webhooks list`.",
    "inbound_closed": "See `makegood inbound show INBOUND` for what it came to.",
    "inbound_not_found": "See `makegood inbound list`.",
    "inbound_unfit": "See `makegood inbound list --sku SKU` for what fits.",
    "invalid_value": "See `--help` of the command for what it takes.",
    "key_reused": "Use a new idempotency key for a new request.",
    "last_super_admin": "Make another SUPER_ADMIN first: `makegood users add`.",
    "law_broken": "Nothing was done. This is a defect of makegood: report it with `makegood doctor --json`.",
    "line_not_found": "See `makegood orders show ORDER` for its lines.",
    "location_not_found": "See `makegood locations list`, or add it with `makegood locations add`.",
    "merchant_not_found": "Without another merchant all belongs to `default`.",
    "merchants_limited": "Ask somebody who may see all merchants.",
    "not_allowed": "Ask an administrator for a higher role.",
    "not_enough": "See `makegood stock SKU` for what lies where.",
    "not_signed_in": "Make a token with `makegood tokens add`.",
    "not_enough_due": "See `makegood inbound list --sku SKU`; ask for fewer units or another inbound line.",
    "not_received": "Receive it first with `makegood inbound receive`, or fulfil from INVENTORY.",
    "nothing_short": "Let it go out whole: `makegood orders allocate ORDER`.",
    "nothing_to_divide": "See `makegood explain ORDER` for where it lies.",
    "nothing_to_merge": "See `makegood orders show ORDER`: a part names its parent.",
    "nothing_to_restore": "See `makegood orders show ORDER` for what its lines are sent as.",
    "nothing_to_ship": "See `makegood explain ORDER` for what it waits for, or split it with --by quantities.",
    "nothing_to_substitute": "See `makegood explain ORDER`, or add an alternative: `makegood alternatives add`.",
    "order_not_found": "See `makegood orders list`.",
    "priority_conflict": "Leave it to the queue, raise the priority, or force it with a reason.",
    "run_closed": "Start a new one; `makegood runs show RUN` says what came of this one.",
    "run_not_found": "See `makegood runs list`.",
    "run_not_stuck": "Wait for it, or go on with `makegood runs resume RUN`.",
    "session_closed": "Open a new session with another reference.",
    "session_line_not_found": "Check the key: it is the one under which the figure was entered.",
    "session_not_found": "Check the reference.",
    "setup_closed": "Sign in, or start `makegood serve` again for a new link if there is no SUPER_ADMIN yet.",
    "token_not_found": "See `makegood tokens list`.",
    "supplier_not_found": "See `makegood inbound suppliers`, or add it with `makegood inbound supplier`.",
    "too_little_to_send": "Wait for more, or ask for a smaller minimum.",
    "too_many_tries": "Wait, then try again.",
    "unit_not_found": "See `makegood stock SKU` for what lies where.",
    "unreadable_file": "`makegood import KIND --template` prints an empty file of the right form.",
    "user_not_found": "See `makegood users list`.",
    "variant_not_found": "See `makegood variants list`, or add it with `makegood variants add`.",
    "warehouse_not_found": "See `makegood warehouses list`, or add one with `makegood warehouses add`.",
    "wrong_credentials": "Check both; after several tries you have to wait.",
    "wrong_state": "See `makegood orders show ORDER` for where it stands.",
}


class Refusal(NamedTuple):
    """What is told of a failure: stable code, one line in words, what to do, the facts, the exit code."""

    code: str
    message: str
    remedy: str
    facts: Mapping[str, object]
    exit_code: int


def leave(command: Callable[[], Any], *, as_json: bool) -> int:
    """Run a command and give its exit code, having told what was refused."""
    try:
        came_to = command()
    except BrokenPipeError:
        return PIPE_CLOSED
    except (KeyboardInterrupt, typer.Abort):
        came_to = STOPPED
    except Exception as error:
        refused = refusal(error)
        if refused is None:
            traceback.print_exc()
            refused = Refusal("defect", f"{type(error).__name__}: {error}", "Report it.", {}, DEFECT)
        tell(refused, as_json=as_json)
        if refused.exit_code == UNWRITTEN:
            forget_stdout()
        return refused.exit_code
    code = came_to if isinstance(came_to, int) else FINE
    if code == STOPPED:
        print("Stopped. Nothing is half done.", file=sys.stderr)  # noqa: T201
    return code


def refusal(error: Exception) -> Refusal | None:
    """Say what an error means to the one who typed the command; None for a defect."""
    if isinstance(error, MakegoodError):
        code = next(code for kind, code in CODES.items() if isinstance(error, kind))
        return Refusal(error.code, str(error), REMEDIES.get(error.code, ""), error.facts, code)
    if isinstance(error, typer.TyperException):
        return _misuse(error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        remedy = "Make room, and look in the books for what was done before you ask again."
        return Refusal("output_lost", f"the output could not be written: {error.strerror}", remedy, {}, UNWRITTEN)
    from pydantic import ValidationError

    from makegood.store.embedded import ServerFailed

    if isinstance(error, ServerFailed):
        remedy = "Check MAKEGOOD_HOME, or set MAKEGOOD_DATABASE_URL to use another server."
        facts = {"folder": str(error.folder), "reason": error.reason}
        return Refusal("database_unavailable", str(error), remedy, facts, CODES[Unavailable])
    if isinstance(error, ValidationError):
        return _wrong_setting(error)
    return None


def tell(refused: Refusal, *, as_json: bool) -> None:
    """Say on stderr what was refused and what to do; for a program as one JSON object on stdout."""
    if as_json:
        told = {"code": refused.code, "message": refused.message, "facts": as_plain(refused.facts)}
        if refused.remedy:
            told["remedy"] = refused.remedy
        # Where stdout takes nothing any more, it is said in words.
        with suppress(OSError):
            print(json.dumps({"error": told}, indent=2, ensure_ascii=False), flush=True)  # noqa: T201
            return
    said = " ".join(refused.message.split()) if refused.remedy else refused.message
    stop = "" if said.endswith((".", "?", "!")) or not refused.remedy else "."
    print(f"makegood: {said}{stop} {refused.remedy}".rstrip(), file=sys.stderr)  # noqa: T201


def _misuse(error: typer.TyperException) -> Refusal:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "makegood"
    message = error.format_message()
    if not message.startswith("Usage:"):
        return Refusal("usage", message, f"See `{path} --help`.", {"command": path}, error.exit_code)
    return Refusal("usage", f"which command?\n\n{message}", "", {"command": path}, USAGE)


def _wrong_setting(error: Any) -> Refusal:
    wrong = [(f"MAKEGOOD_{str(one['loc'][0]).upper()}", one["msg"]) for one in error.errors() if one["loc"]]
    message = "; ".join(f"{name}: {what}" for name, what in wrong)
    return Refusal("invalid_value", message, "Set it right, or unset it.", dict(wrong), USAGE)
