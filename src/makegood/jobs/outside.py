"""What is outside of the house: where a message may go, and where it may not."""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Where receivers on the internet listen.
PORTS = (443, 8443)
# IPv4 addresses behind a translator stand in the last bits of these.
TRANSLATED = ip_network("64:ff9b::/96")


class NotOutside(Exception):
    """An address to which nothing is sent, and why."""


def resolved(host: str, port: int) -> list[str]:
    """Give the addresses of a host as the system knows them; raises `OSError`."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What is outside: any public address over https, and the networks that the one who runs it names."""

    networks: Sequence[Network] = ()
    connect_seconds: float = 5.0
    total_seconds: float = 15.0
    resolve: Callable[[str, int], list[str]] = resolved


def insist_outside(address: str, scheme: str, port: int, outside: Outside) -> None:
    """Refuse an address of a network that was not named, unless it is public and reached by https.

    >>> insist_outside("93.184.216.34", "https", 443, Outside())
    >>> insist_outside("::ffff:10.0.0.7", "https", 443, Outside())
    Traceback (most recent call last):
    makegood.jobs.outside.NotOutside: ::ffff:10.0.0.7 is not a public address
    """
    every = _every_meaning(ip_address(address.partition("%")[0]))
    if all(any(one in network for network in outside.networks) for one in every):
        return
    if not all(_is_public(one) for one in every):
        raise NotOutside(f"{address} is not a public address")
    if scheme != "https" or port not in PORTS:
        raise NotOutside(f"public addresses are sent to over https on port {PORTS[0]} or {PORTS[1]} only")


def _every_meaning(address: Address) -> list[Address]:
    """Give an address, or the IPv4 addresses that it stands for or leads through."""
    if isinstance(address, IPv4Address):
        return [address]
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    behind: list[Address] = [address.sixtofour] if address.sixtofour else list(address.teredo or ())
    if address in TRANSLATED:
        behind.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return behind or [address]


def _is_public(address: Address) -> bool:
    special = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback
    return address.is_global and not special and not address.is_private and not address.is_link_local
