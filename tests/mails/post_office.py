"""Servers of mails on loopback, each in a process of its own, and what they took."""

import email
import email.policy
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

from makegood.domain.mails import Post
from makegood.jobs.dates import date_queues
from makegood.jobs.readers import read_events
from makegood.jobs.send_mails import send_mails
from makegood.jobs.station import Station
from tests.meanwhile import all_final
from tests.shop import Shop

SENDER = "Mugs & Tea <orders@shop.example>"
SITE = "https://shop.example"


class PostOffice:
    """A server that can be started, killed and asked what it took."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as door:
            self.port: int = door.getsockname()[1]
        self.post = Post("127.0.0.1", self.port, "none", "", "", SENDER, SITE)

    @contextmanager
    def open(self, *likes: str) -> Iterator["subprocess.Popen[str]"]:
        """Serve within the block, with such a day."""
        command = [sys.executable, "-m", "tests.mails.smtp_server", str(self.folder), str(self.port), *likes]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                assert process.stdout.readline() == "ready\n"
                yield process
            finally:
                process.kill()

    def taken(self) -> list[EmailMessage]:
        """Give the mails that were taken, in the order in which they came."""
        files = sorted(self.folder.glob("*.eml"))
        return [email.message_from_bytes(one.read_bytes(), policy=email.policy.default) for one in files]

    def subjects(self) -> list[str]:
        """Give the subjects of the mails that were taken."""
        return [str(one["Subject"]) for one in self.taken()]


def station_of(shop: Shop, post: Post | None) -> Station:
    """Give a worker's place at the shop's clock."""
    return Station(shop.books, clock=lambda: shop.clock, post=post)


def told(shop: Shop, post: Post | None) -> None:
    """Let a worker date what is marked, read the events and send what is due."""
    station = station_of(shop, post)
    date_queues(station, patience=0)
    all_final(shop)
    read_events(station)
    send_mails(station)


def text_of(message: EmailMessage) -> str:
    """Give the plain text of a mail."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def standing(shop: Shop) -> list[tuple[str, str]]:
    """Give kind and status of every mail, the first one first."""
    return [(kind, status) for kind, status in shop.rows("SELECT kind, status FROM mails ORDER BY mail_id")]


@contextmanager
def working(address: str, office: PostOffice, **settings: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a worker on these books that sends mails, in a process of its own."""
    told_by = {
        "MAKEGOOD_SMTP_HOST": "127.0.0.1",
        "MAKEGOOD_SMTP_PORT": str(office.port),
        "MAKEGOOD_SMTP_TLS": "none",
        "MAKEGOOD_MAIL_FROM": SENDER,
        "MAKEGOOD_PUBLIC_URL": SITE,
        **settings,
    }
    command = [sys.executable, "-m", "tests.entrypoints.worker_process", address]
    with subprocess.Popen(command, env={**os.environ, **told_by}, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()
