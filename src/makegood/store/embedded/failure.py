"""What is raised, and left on disk for the waiting clients, when the server cannot run."""

import json
from contextlib import suppress
from pathlib import Path

TAIL_LINES = 15
NOTE = "failure"


class ServerFailed(RuntimeError):
    """The server of `folder` cannot run: `reason` says why, `log_tail` is the end of its own log."""

    def __init__(self, folder: Path, reason: str, log_tail: str = "") -> None:
        super().__init__("\n".join(filter(None, (f"embedded PostgreSQL in {folder}: {reason}", log_tail))))
        self.folder, self.reason, self.log_tail = folder, reason, log_tail


def tail(log: Path) -> str:
    """The last lines of a log, or nothing when there is no log to read."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(lines[-TAIL_LINES:])


def leave_note(home: Path, failure: ServerFailed) -> None:
    """Tell the waiting clients why there will be no server."""
    with suppress(OSError):  # a full disk may be the very reason: then they find the keeper gone, no more
        (home / NOTE).write_text(json.dumps({"reason": failure.reason, "log_tail": failure.log_tail}))


def read_note(home: Path) -> ServerFailed | None:
    """Why the last keeper gave up, or None when it did not say so."""
    try:
        return ServerFailed(home, **json.loads((home / NOTE).read_text()))
    except (FileNotFoundError, ValueError):
        return None


def remove_note(home: Path) -> None:
    """Forget the last failure, before a new attempt."""
    (home / NOTE).unlink(missing_ok=True)
