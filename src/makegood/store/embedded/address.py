"""Where the server answers, read from the file that PostgreSQL itself keeps while it runs."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from makegood.store.embedded.place import cluster_of

DATABASE = OWNER = "makegood"
LOOPBACK = "127.0.0.1"
DEFAULT_PORT = 5432


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One postmaster: its process, and how to reach it."""

    pid: int
    socket_folder: Path
    port: int
    listens_on_tcp: bool

    @property
    def tcp_port(self) -> int | None:
        """The loopback port, or None for a server that has its socket only."""
        return self.port if self.listens_on_tcp else None

    @property
    def socket(self) -> Path:
        """The socket's file."""
        return socket_in(self.socket_folder, self.port)

    def url(self, database: str = DATABASE) -> str:
        """The address over the private socket, where no password is asked for."""
        where = urlencode({"host": self.socket_folder, "port": self.port}, quote_via=quote)
        return f"postgresql://{OWNER}@/{database}?{where}"

    def tcp_url(self, password_file: Path) -> str:
        """The address over loopback TCP; the password stays in its file, out of logs and process lists."""
        how = {"passfile": password_file, "sslmode": "disable", "gssencmode": "disable"}
        return f"postgresql://{OWNER}@{LOOPBACK}:{self.port}/{DATABASE}?{urlencode(how, quote_via=quote)}"


def socket_in(folder: Path, port: int) -> Path:
    """The name that PostgreSQL gives its socket."""
    return folder / f".s.PGSQL.{port}"


def read_address(home: Path) -> Address | None:
    """The address of the server that calls itself ready, or None; it may have been killed since."""
    try:
        lines = (cluster_of(home) / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    if len(lines) < 8 or lines[7].strip() != "ready":
        return None
    return Address(
        pid=int(lines[0]),
        port=int(lines[3]),
        socket_folder=Path(lines[4]),
        listens_on_tcp=bool(lines[5].strip()),
    )
