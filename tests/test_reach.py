"""What somebody typed as an address reaches nothing of ours."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot import reach
from bot.reach import UnreachableError
from tests.receivers import receiver

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1",
        "fd00:ec2::254",
        "ff02::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:80ff:fffe", "2001:db8::1",
    ],
)  # fmt: skip
def test_what_is_not_of_the_open_internet_is_none_of_it(address: str) -> None:
    assert not reach.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07::1", "::ffff:8.8.8.8"])
def test_public_addresses_are_public(address: str) -> None:
    assert reach.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/", "https://localhost/", "https://[::1]/", "https://2130706433/",
        "https://0x7f.1/", "https://[::ffff:127.0.0.1]/", "https://169.254.169.254/latest",
    ],
)  # fmt: skip
def test_no_spelling_of_an_address_of_ours_is_connected_to(url: str) -> None:
    with pytest.raises(UnreachableError, match=r"address_not_allowed|name_not_found"):
        reach.post(url, b"{}", {})


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://example.com/", "https"),
        ("ftp://example.com/", "https"),
        ("https:///path", "names a host"),
        ("https://user:secret@example.com/", "password"),
        ("https://example.com:99999/", "no address"),
        ("https://example.com/ x", "spaces"),
        ("https://example.com/\r\nX: y", "spaces"),
        ("https://" + "x" * 2000, "2000"),
        ("file:///etc/passwd", "https"),
    ],
)
def test_what_can_never_be_sent_to_is_said_at_once(url: str, why: str) -> None:
    assert why in reach.trouble(url)


def test_a_public_address_needs_nothing_more() -> None:
    assert reach.trouble("https://example.com/hook?key=1") == ""


def test_a_network_of_ours_may_be_reached_when_it_is_allowed() -> None:
    with receiver() as there:
        assert reach.post(there.url, b'{"a":1}', {"X-Own": "1"}, LOOPBACK).status == 204
    [came] = there.came
    assert came.body == b'{"a":1}'
    assert came.headers["content-type"] == "application/json"
    assert came.headers["x-own"] == "1"


def test_plain_http_goes_to_no_other_network() -> None:
    own = (ipaddress.ip_network("10.0.0.0/8"),)
    with receiver() as there, pytest.raises(UnreachableError, match="address_not_allowed"):
        reach.post(there.url, b"{}", {}, own)
    assert there.came == []


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with receiver() as there, receiver() as elsewhere:
        there.answers = [(307, {"Location": elsewhere.url})]
        assert reach.post(there.url, b"{}", {}, LOOPBACK).status == 307
    assert elsewhere.came == []


def test_nobody_there_is_said_in_a_word() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(UnreachableError, match="connection_refused"):
        reach.post(f"http://127.0.0.1:{port}/", b"{}", {}, LOOPBACK)


def test_an_answer_that_never_ends_is_left_at_the_deadline() -> None:
    """Each byte of it comes in time; the whole never does."""
    with dripping() as url, pytest.raises(UnreachableError, match="no_answer"):
        reach.post(url, b"{}", {}, LOOPBACK, timeout=30, deadline=0.3)


def test_a_certificate_of_nobody_we_know_is_refused(tmp_path: Path) -> None:
    with self_signed(tmp_path) as url, pytest.raises(UnreachableError, match="certificate_refused"):
        reach.post(url, b"{}", {}, LOOPBACK)


@contextmanager
def dripping() -> Iterator[str]:
    stop = threading.Event()

    def drip() -> None:
        peer, _ = server.accept()
        with peer:
            try:
                peer.sendall(b"HTTP/1.1 200 OK\r\n")
                while not stop.wait(0.05):
                    peer.sendall(b"X-More: x\r\n")
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=drip, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        stop.set()


@contextmanager
def self_signed(folder: Path) -> Iterator[str]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    pem = folder / "both.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)

    def shake() -> None:
        peer, _ = server.accept()
        with peer:
            try:
                context.wrap_socket(peer, server_side=True).close()
            except (ssl.SSLError, OSError):
                return

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=shake, daemon=True).start()
        yield f"https://127.0.0.1:{server.getsockname()[1]}/"
