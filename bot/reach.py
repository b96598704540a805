"""Reach an address that somebody typed, and nothing else: no address of a network of ours, no
redirect, no proxy, no answer that never ends.

A name is resolved once, every address is looked at, and the connection goes to one of those that
were looked at: a name that means something else a moment later reaches nothing.
"""

import socket
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from ipaddress import IPv4Network as Net4
from threading import Event, Timer
from urllib.parse import SplitResult, urlsplit

Network = Net4 | IPv6Network
Address = IPv4Address | IPv6Address

TIMEOUT = 5.0  # Seconds for one step: to connect, to be answered.
DEADLINE = 10.0  # For the whole.
LONGEST = 2000  # Characters of an address.
NAT64 = ip_network("64:ff9b::/96")


class UnreachableError(Exception):
    """Nothing was answered. The message is a code in a few words, without the address."""


@dataclass(frozen=True)
class Answer:
    status: int
    retry_after: str = ""


def trouble(url: str, networks: Sequence[Network] = ()) -> str:
    """Why nothing is ever sent to `url`; "" when it may be. What it resolves to is looked at each
    time that something is sent. With `networks` of our own, plain HTTP may go there."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "that is no address"
    if len(url) > LONGEST or not url.isascii() or not url.isprintable() or " " in url:
        return "an address has at most 2000 plain characters, and no spaces"
    if parts.scheme not in ("https", "http") or not parts.hostname or port == 0:
        return "an address begins with https:// and names a host"
    if parts.scheme == "http" and not networks:
        return "it has to be https://: over http:// anybody on the way could read it"
    if parts.username is not None or parts.password is not None:
        return "it holds a user or a password: the signature says who sends"
    return ""


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    networks: Sequence[Network] = (),
    *,
    timeout: float = TIMEOUT,
    deadline: float = DEADLINE,
) -> Answer:
    """Send `body` there, and say what was answered; what else the answer holds is not read.

    `networks` are addresses that may be reached besides public ones. Raises UnreachableError.
    """
    told = trouble(url, networks)
    if told:
        raise UnreachableError(told)
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = _addresses(parts.hostname or "", port)
    for address in found:
        own = any(address in network for network in networks)
        if not own and (parts.scheme == "http" or not is_public(address)):
            raise UnreachableError("address_not_allowed")
    return _send(parts, port, found[0], body, headers, timeout, deadline)


def is_public(address: Address) -> bool:
    """Whether it is an address of the open Internet, also when one of IPv4 is packed into it."""
    inner = _inner(address)
    if inner is not None:
        return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inner(address: Address) -> IPv4Address | None:
    if isinstance(address, IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address.sixtofour is not None:
        return address.sixtofour
    return address.teredo[1] if address.teredo else None


def _addresses(host: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UnreachableError("name_not_found") from None
    # An address with a zone, such as fe80::1%eth0, is one of this machine's own links.
    return [ip_address(str(each[4][0]).partition("%")[0]) for each in found]


class _Pinned(HTTPConnection):
    """Connects to one address, whatever the host's name means by now."""

    def __init__(self, host: str, port: int, to: Address, timeout: float, *, tls: bool) -> None:
        super().__init__(host, port, timeout=timeout)
        self._to, self._tls = to, tls

    def connect(self) -> None:
        plain = socket.create_connection((str(self._to), self.port), self.timeout)
        self.sock = plain
        if self._tls:
            self.sock = _tls().wrap_socket(plain, server_hostname=self.host)


@cache
def _tls() -> ssl.SSLContext:
    """With the machine's certificates, which are read once."""
    return ssl.create_default_context()


def _send(
    parts: SplitResult,
    port: int,
    to: Address,
    body: bytes,
    headers: Mapping[str, str],
    timeout: float,
    deadline: float,
) -> Answer:
    host = parts.hostname or ""
    connection = _Pinned(host, port, to, timeout, tls=parts.scheme == "https")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    over = Event()

    def give_up() -> None:
        over.set()
        if connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)  # Whoever waits for it hears so.

    timer = Timer(deadline, give_up)
    timer.daemon = True
    timer.start()
    try:
        connection.request(
            "POST",
            path,
            body,
            {"Content-Type": "application/json", "Connection": "close", **headers},
        )
        answer = connection.getresponse()
        if over.is_set():  # What was cut off looks like an end.
            raise UnreachableError("no_answer_in_time")
        return Answer(answer.status, answer.getheader("Retry-After") or "")
    except ssl.SSLError as error:
        raise UnreachableError(
            "certificate_refused" if "CERT" in str(error) else "no_tls"
        ) from None
    except TimeoutError:
        raise UnreachableError("no_answer_in_time") from None
    except ConnectionRefusedError:
        raise UnreachableError("connection_refused") from None
    except (OSError, HTTPException, ValueError) as error:
        raise UnreachableError(f"no_answer ({type(error).__name__})") from None
    finally:
        timer.cancel()
        connection.close()
