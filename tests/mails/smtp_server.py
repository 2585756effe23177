"""A server of mails in a process of its own: python -m tests.mails.smtp_server FOLDER PORT [LIKE …].

It listens on loopback and keeps each mail that it takes as a file. LIKE is what kind of day it has: `tls`,
`starttls`, `login` (ann, secret), `slow` (each mail takes a moment), `dies` (it takes the second mail and dies
before it says so), `full` (it puts the first two off). Of addresses that begin with `nobody` it knows nothing.
"""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.mails.certificate import server_context


class Box:
    """Takes mails into a folder."""

    def __init__(self, folder: Path, likes: set[str]) -> None:
        self.folder, self.likes, self.met = folder, likes, 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse who is not known."""
        if address.startswith("nobody"):
            return "550 5.1.1 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep a mail, or have the day that was asked for."""
        self.met += 1
        if "full" in self.likes and self.met <= 2:
            return "452 4.2.2 the box is full"
        if "slow" in self.likes:
            time.sleep(0.2)
        content = envelope.content
        assert isinstance(content, bytes)
        draft = self.folder / f".{os.getpid()}-{self.met}"
        draft.write_bytes(content)
        draft.rename(self.folder / f"{time.time_ns()}-{os.getpid()}.eml")
        if "dies" in self.likes and self.met == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return "250 OK"


def knows(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any) -> AuthResult:
    """Know one user."""
    right = isinstance(given, LoginPassword) and (given.login, given.password) == (b"ann", b"secret")
    return AuthResult(success=right, handled=False)


def main(folder: str, port: str, *likes: str) -> None:
    """Serve until killed."""
    wanted = set(likes)
    box = Box(Path(folder), wanted)
    options: dict[str, Any] = {"hostname": "127.0.0.1", "port": int(port), "enable_SMTPUTF8": True}
    if "tls" in wanted:
        options["ssl_context"] = server_context(Path(folder))
    if "starttls" in wanted:
        options |= {"tls_context": server_context(Path(folder)), "require_starttls": True}
    if "login" in wanted:
        options |= {"authenticator": knows, "auth_required": True, "auth_require_tls": False}
    controller = Controller(box, **options)
    controller.start()
    print("ready", flush=True)  # noqa: T201
    signal.pause()


if __name__ == "__main__":
    main(*sys.argv[1:])
