"""Start a run: its orders are chosen and put into rank order at once, and workers are told."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from makegood.domain.errors import Ambiguous, InvalidValue, KeyReused, MakegoodError, OrderNotFound
from makegood.domain.rank import PRIORITY_WORDS
from makegood.domain.runs import OrderChoice, Run, RunKind
from makegood.domain.states import OrderStatus
from makegood.services.consents import insist_on_consent
from makegood.services.gates import orders_named
from makegood.services.named_filters import insist_on_named
from makegood.services.runs.kinds import KINDS, Terms, plain, read_kind, read_terms
from makegood.services.runs.show_runs import show_run
from makegood.services.work import Work

SERVE_RUNS = "serve_runs"


class Chosen(NamedTuple):
    """The orders of a run by id, and the names that stand for none, with what is wrong with each."""

    orders: Sequence[int]
    unknown: Mapping[str, MakegoodError]


def start_run(
    work: Work,
    kind: str,
    *,
    orders: Sequence[str] = (),
    choice: OrderChoice | None = None,
    terms: Mapping[str, object] | None = None,
    key: str | None = None,
) -> Run:
    """Start a run over the named orders, or over all that pass a choice, and give it with its number.

    The same `key` gives the same run again. Raises `KeyReused` when that asked for something else,
    `InvalidValue`, and for a choice `WarehouseNotFound` and `MerchantNotFound`. A name that stands for no order
    becomes a failed result; it stops no other.
    """
    what, asked = check_request(work, kind, orders, choice, terms or {})
    request = _fingerprint(what, asked, orders, choice)
    if key is not None and (found := work.db.one("run_under_key", key=key, asked_by=work.actor)):
        if found[1] != request:
            raise KeyReused(key)
        return show_run(work, found[0])
    chosen = choose(work, what, orders, choice)
    run = work.db.value(
        "add_run",
        kind=what,
        terms=plain(asked),
        key=key,
        request=request,
        asked_by=work.actor,
        asked_at=work.as_of,
    )
    _put_in(work, run, chosen)
    work.wake(SERVE_RUNS)
    return show_run(work, run)


def check_request(
    work: Work, kind: str, orders: Sequence[str], choice: OrderChoice | None, terms: Mapping[str, object]
) -> tuple[RunKind, Terms]:
    """Give kind and terms of a request that makes sense, or raise `InvalidValue`."""
    what = read_kind(kind)
    asked = read_terms(what, terms)
    if bool(orders) == (choice is not None):
        raise InvalidValue("orders", list(orders), "either orders by name or a choice of orders")
    if KINDS[what].needs_consent:
        insist_on_consent(work, getattr(asked, "consent", None))
    return what, asked


def choose(work: Work, kind: RunKind, orders: Sequence[str], choice: OrderChoice | None) -> Chosen:
    """Find the orders of a run; raises `InvalidValue` when there are more than its kind may have."""
    chosen = _named(work, orders) if choice is None else Chosen(_filtered(work, kind, choice), {})
    most = KINDS[kind].most
    if most is not None and len(chosen.orders) > most:
        raise InvalidValue("orders", len(chosen.orders), f"at most {most} orders in one run")
    return chosen


def _named(work: Work, names: Sequence[str]) -> Chosen:
    found = orders_named(work, list(dict.fromkeys(names)))
    unknown: dict[str, MakegoodError] = {}
    for name in names:
        known = found.get(name, [])
        if not known:
            unknown[name] = OrderNotFound(name)
        elif len(known) > 1:
            unknown[name] = Ambiguous(name=name, choices=[f"{order[3]}/{name}" for order in known])
    return Chosen(sorted({found[name][0][0] for name in names if name not in unknown}), unknown)


def _filtered(work: Work, kind: RunKind, choice: OrderChoice) -> list[int]:
    statuses = [status.strip().upper().replace("-", "_") for status in choice.statuses]
    for status in statuses:
        if status not in list(OrderStatus):
            raise InvalidValue("status", status, f"one of {', '.join(OrderStatus)}")
    if not KINDS[kind].statuses and not any(choice):
        raise InvalidValue("orders", None, f"orders by name, or a filter: {kind} is never done to all orders")
    word = (choice.priority or "NORMAL").strip().upper()
    if word not in PRIORITY_WORDS:
        raise InvalidValue("priority", choice.priority, "a priority")
    insist_on_named(work, warehouse=choice.warehouse, merchant=choice.merchant)
    rows = work.db.all(
        "choose_orders",
        statuses=statuses or [status.value for status in KINDS[kind].statuses] or None,
        priority=PRIORITY_WORDS[word].value if choice.priority else None,
        sku=choice.sku,
        customer=choice.customer,
        warehouse=choice.warehouse,
        merchant=choice.merchant,
    )
    return [row[0] for row in rows]


def _put_in(work: Work, run: int, chosen: Chosen) -> None:
    known = work.db.run("add_run_orders", run=run, orders=list(chosen.orders)) if chosen.orders else 0
    if chosen.unknown:
        work.db.run(
            "add_unknown_orders",
            run=run,
            after=known,
            names=list(chosen.unknown),
            codes=[error.code for error in chosen.unknown.values()],
            messages=[str(error) for error in chosen.unknown.values()],
        )
    work.db.run("set_run_size", run=run, total=known + len(chosen.unknown), done=len(chosen.unknown))


def _fingerprint(kind: RunKind, terms: Terms, orders: Sequence[str], choice: OrderChoice | None) -> str:
    """Write down what was asked, so that two requests can be compared."""
    asked = {"kind": kind, "terms": plain(terms), "orders": sorted(set(orders)), "choice": choice}
    return msgspec.json.encode(asked).decode()
