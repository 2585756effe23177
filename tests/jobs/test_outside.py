"""Nothing is sent into the house's own network, whatever a name says, now or a moment later."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any

import httpx
import pytest

from makegood.jobs.outside import NotOutside, Outside, insist_outside, resolved
from makegood.jobs.outward import _trusted, addresses_of, post
from tests.mails.certificate import certificate_in, server_context
from tests.receiver import Receiver, receiving

LOOPBACK = [ip_network("127.0.0.0/8")]
NEAR = Outside(networks=LOOPBACK, total_seconds=3)


@pytest.fixture(scope="module")
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    with receiving(tmp_path_factory.mktemp("receiver")) as one:
        yield one


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "240.0.0.1", "198.18.0.1", "192.0.2.1", "::1", "::", "fe80::1",
        "fe80::1%eth0",
        "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:a00:1", "2002:7f00:1::", "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "2001:0:0:0:0:0:80ff:fffe", "2001:db8::1",
    ],
)  # fmt: skip
def test_what_is_not_public_is_refused(address: str) -> None:
    with pytest.raises(NotOutside):
        insist_outside(address, "https", 443, Outside())


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_what_is_public_is_reached_over_https_on_its_ports_only(address: str) -> None:
    insist_outside(address, "https", 443, Outside())
    insist_outside(address, "https", 8443, Outside())
    for scheme, port in (("http", 80), ("https", 22), ("https", 5432), ("http", 443)):
        with pytest.raises(NotOutside):
            insist_outside(address, scheme, port, Outside())


def test_a_network_that_was_named_is_reached_on_any_port() -> None:
    named = Outside(networks=[ip_network("10.1.0.0/16")])
    insist_outside("10.1.2.3", "http", 8080, named)
    insist_outside("::ffff:10.1.2.3", "http", 8080, named)
    with pytest.raises(NotOutside):
        insist_outside("10.2.2.3", "http", 8080, named)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "https://me:pw@example.com/",
        "https:///x", "http://127.1/", "http://2130706433/", "http://0x7f.0.0.1/", "http://[::1]/", "http://localhost/",
        "http://[::ffff:127.0.0.1]/", "https://localhost:8443/",
    ],
)  # fmt: skip
def test_no_way_of_writing_it_leads_inside(url: str) -> None:
    answer = post(url, {}, "{}", Outside())
    assert answer.status is None
    assert answer.error.startswith("not sent: ")


def test_one_bad_address_among_good_ones_is_enough() -> None:
    mixed = Outside(resolve=lambda host, port: ["93.184.216.34", "10.0.0.7"])
    with pytest.raises(NotOutside):
        addresses_of(httpx.URL("https://example.com/"), mixed)


def test_a_name_that_leads_elsewhere_a_moment_later_leads_nowhere(receiver: Receiver) -> None:
    # Whoever looks twice is told a public address first and one of the house's own then.
    asked: list[str] = []

    def rebinds(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["192.0.2.1" if len(asked) == 1 else "127.0.0.1"]

    outside = Outside(networks=[ip_network("192.0.2.0/24")], connect_seconds=0.3, total_seconds=1, resolve=rebinds)
    before = len(receiver.came())
    answer = post(receiver.url(host="rebinding.test"), {}, "{}", outside)
    assert (asked, answer.status) == (["rebinding.test"], None)
    assert len(receiver.came()) == before


def test_the_address_that_was_looked_at_is_the_one_that_is_connected_to(receiver: Receiver) -> None:
    # The name is unknown to the system: only what was resolved here can have led to the receiver.
    outside = Outside(networks=LOOPBACK, resolve=lambda host, port: ["127.0.0.1"])
    answer = post(receiver.url("good/named", host="receiver.test"), {"x-own": "1"}, "{}", outside)
    (came,) = receiver.came("good/named")
    assert answer.is_good
    assert came["headers"]["host"] == f"receiver.test:{receiver.port}"


@contextmanager
def behind_tls(folder: Path) -> Iterator[int]:
    """A receiver that speaks TLS with a certificate for receiver.test and 127.0.0.1; gives its port."""

    class Takes(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Takes)
    server.socket = server_context(folder).wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_certificate_has_to_be_for_the_name_and_not_for_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = Outside(networks=LOOPBACK, resolve=lambda host, port: ["127.0.0.1"])
    with behind_tls(tmp_path) as port:
        _trusted.cache_clear()
        assert "CERTIFICATE_VERIFY_FAILED" in post(f"https://receiver.test:{port}/", {}, "{}", outside).error
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate_in(tmp_path)))
        _trusted.cache_clear()
        assert post(f"https://receiver.test:{port}/", {}, "{}", outside).status == 204
        other = post(f"https://other.test:{port}/", {}, "{}", outside)
        assert (other.status, "Hostname mismatch" in other.error) == (None, True)
    _trusted.cache_clear()


def test_the_next_address_is_tried_when_nobody_answers_at_the_first(receiver: Receiver) -> None:
    outside = Outside(networks=LOOPBACK, resolve=lambda host, port: ["127.0.0.2", "127.0.0.1"])
    assert post(receiver.url(), {}, "{}", outside).status == 204


@pytest.mark.parametrize(
    ("path", "status", "error"),
    [
        ("good", 204, ""),
        ("fails", 500, "answered 500"),
        ("gone", 410, "answered 410"),
        ("moved", 302, "redirects are not followed"),
        ("endless", 200, ""),
        ("hangs", None, "no answer within 3 seconds"),
        ("drip", None, "no answer within 3 seconds"),
    ],
)
def test_what_comes_of_a_try(receiver: Receiver, path: str, status: int | None, error: str) -> None:
    answer = post(receiver.url(path), {"content-type": "application/json"}, '{"a": 1}', NEAR)
    assert (answer.status, answer.error) == (status, error)
    assert answer.seconds < 6
    assert len(answer.excerpt) <= 500
    assert "\0" not in answer.excerpt
    assert receiver.came("good") == [one for one in receiver.came("good") if one["path"] != "/moved"]


def test_nobody_there_is_told_in_words(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    answer = post(f"http://127.0.0.1:{port}/", {}, "{}", NEAR)
    assert answer.status is None
    assert answer.error.startswith("ConnectError")


def test_a_receiver_that_speaks_no_http_is_told_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:

        def mumble() -> None:
            caller, _ = door.accept()
            caller.sendall(b"SSH-2.0-OpenSSH\r\n" * 10)
            caller.close()

        thread = Thread(target=mumble)
        thread.start()
        answer = post(f"http://127.0.0.1:{door.getsockname()[1]}/", {}, "{}", NEAR)
        thread.join()
    assert (answer.status, bool(answer.error)) == (None, True)


def test_the_system_knows_the_machine_itself() -> None:
    assert set(resolved("localhost", 80)) <= {"127.0.0.1", "::1"}


def after(seconds: float, address: str) -> Callable[[str, int], list[str]]:
    """Tell the address of every host, but take so long."""

    def resolve(_host: str, _port: int) -> list[str]:
        sleep(seconds)
        return [address]

    return resolve


def test_a_name_that_nobody_tells_the_address_of_costs_no_more_than_a_try() -> None:
    answer = post("https://slow.test/", {}, "{}", Outside(total_seconds=0.3, resolve=after(5, "93.184.216.34")))
    assert (answer.status, answer.error) == (None, "no answer within 0.3 seconds")
    assert answer.seconds < 2


def test_the_time_for_the_name_is_taken_from_that_of_the_whole_try(receiver: Receiver) -> None:
    late = Outside(networks=LOOPBACK, total_seconds=1.5, resolve=after(1.2, "127.0.0.1"))
    answer = post(receiver.url("slow", host="receiver.test"), {}, "{}", late)
    assert (answer.status, answer.error) == (None, "no answer within 1.5 seconds")
