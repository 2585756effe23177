"""Do something once, however often it is asked for under one key; whoever asks again gets the same answer."""

from collections.abc import Callable
from typing import NamedTuple

from makegood.domain.errors import KeyReused
from makegood.services.work import Work


class Key(NamedTuple):
    """A caller's own key, and a fingerprint of what it was used for."""

    caller: str
    key: str
    request: bytes


class Answer(NamedTuple):
    """What was answered, as the door sends it; `again` says that nothing was done this time."""

    status: int
    body: bytes
    again: bool = False


def once(work: Work, key: Key, do: Callable[[], Answer]) -> Answer:
    """Give the answer that is kept under the key, or do it now and keep the answer in the same transaction.

    Two at the same time: the second waits here until the first is committed or undone. What was refused is not
    kept, for nothing was done. Raises `KeyReused` when the key came with another request.
    """
    if not work.db.run("take_key", **key._asdict()):
        row = work.db.one("answer_kept", caller=key.caller, key=key.key)
        if row is None or bytes(row[0]) != key.request:
            raise KeyReused(key.key)
        return Answer(row[1], bytes(row[2]), again=True)
    answer = do()
    work.db.run_expecting(
        1, "keep_answer", caller=key.caller, key=key.key, status=answer.status, answer=answer.body
    )
    return answer


def put_into_words(work: Work, key: Key, answer: Answer) -> None:
    """Keep for whoever asks again what was said of a thing that is done; if that is lost, it is done all the same.

    For a door that finds its words only after the transaction of the effect.
    """
    work.db.run("do_not_wait_for_disk")
    work.db.run("keep_answer", caller=key.caller, key=key.key, status=answer.status, answer=answer.body)
