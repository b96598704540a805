"""Who sends slowly, or too much, keeps nobody else waiting."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.launch.requests import LARGEST, LARGEST_HEAD, expected
from bot.launch.service import ANSWERS
from tests.test_http import PATIENCE, Served, free_port, post, served, wait_until_healthy

SLOW = 3 * ANSWERS  # As many would hold every thread of a server that waits for them.
HASTY = """
import sys
from bot.launch import http, patience
patience.WHOLE = patience.LINGER = 1.0

def answer(environ, start_response):
    start_response("200 OK", [])
    body = environ["wsgi.input"].read() or environ["PATH_INFO"].encode()
    return [b"ok\\n" if body == b"/healthz" else body]

http.Server(lambda: answer, int(sys.argv[1]), "127.0.0.1").run()
"""

__all__ = ["served"]


@pytest.fixture(scope="module")
def hasty() -> Iterator[int]:
    """The port of a server that waits one second for a whole request."""
    port = free_port()
    command = [sys.executable, "-c", HASTY, str(port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}")
            yield port
        finally:
            process.terminate()


@contextmanager
def sending(port: int, begun: bytes) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
        client.sendall(begun)
        yield client


def answer(client: socket.socket) -> tuple[int, str]:
    found = http.client.HTTPResponse(client)
    found.begin()
    return found.status, found.read().decode()


def port_of(served: Served) -> int:
    return int(served.url.rpartition(":")[2])


BEGINNINGS = {
    "nothing": b"",
    "half a head": b"POST /slack/events HTTP/1.1\r\nHost: a\r\nX-Slow: ",
    "half a body": b"POST /slack/events HTTP/1.1\r\nContent-Length: 100\r\n\r\ncommand=",
}


@pytest.mark.parametrize("begun", BEGINNINGS.values(), ids=BEGINNINGS.keys())
def test_others_are_answered_while_many_drip(served: Served, begun: bytes) -> None:
    with ExitStack() as held:
        slow = [held.enter_context(sending(port_of(served), begun)) for _ in range(SLOW)]
        for byte in b"abc":
            for client in slow:
                if begun:
                    client.sendall(bytes([byte]))
            assert post(served.url, secret=served.play.signing_secret) == 200
        assert served.play.person("Recruiting coordinator").slash("/safety-interview") == {
            "ok": True
        }


def test_who_drips_for_too_long_is_told(hasty: int) -> None:
    with sending(hasty, BEGINNINGS["half a head"]) as client:
        client.settimeout(0.2)
        until, came = time.monotonic() + PATIENCE, b""
        while not came and time.monotonic() < until:
            with suppress(TimeoutError):
                client.sendall(b"x")
                came = client.recv(12)
    assert came == b"HTTP/1.1 408"


def test_a_connection_without_a_request_is_closed(hasty: int) -> None:
    with sending(hasty, b"") as client:
        assert client.recv(1) == b""


def test_a_request_that_says_it_is_too_large_is_refused_unread(served: Served) -> None:
    head = f"POST /slack/events HTTP/1.1\r\nContent-Length: {LARGEST + 1}\r\n\r\n".encode()
    with sending(port_of(served), head) as client:
        status, told = answer(client)
    assert status == 413
    assert "at most 1024 KiB" in told


def test_the_answer_reaches_who_sends_all_the_same(served: Served) -> None:
    head = f"POST /slack/events HTTP/1.1\r\nContent-Length: {2 * LARGEST}\r\n\r\n".encode()
    with sending(port_of(served), head) as client:
        for _ in range(8):
            client.sendall(b"x" * 1000)
        assert answer(client)[0] == 413


def test_a_request_of_unknown_length_is_refused(served: Served) -> None:
    head = b"POST /slack/events HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    with sending(port_of(served), head) as client:
        assert answer(client)[0] == 411


def test_an_endless_head_is_refused(served: Served) -> None:
    with sending(port_of(served), b"GET / HTTP/1.1\r\nX: " + b"x" * LARGEST_HEAD) as client:
        assert answer(client)[0] == 431


def test_two_requests_at_once_are_both_answered(hasty: int) -> None:
    both = b"GET /one HTTP/1.1\r\nHost: a\r\n\r\nGET /two HTTP/1.1\r\nHost: a\r\n"
    with sending(hasty, both) as client:
        first = client.recv(1000)
        while b"/one" not in first:
            first += client.recv(1000)
        client.sendall(b"Connection: close\r\n\r\n")
        second = b""
        while piece := client.recv(1000):
            second += piece
    assert b"/two" in second


def test_what_is_as_large_as_allowed_arrives_whole(hasty: int) -> None:
    link = http.client.HTTPConnection("127.0.0.1", hasty, timeout=PATIENCE)
    for size in (LARGEST, 3, LARGEST - 1):  # On one connection, kept alive.
        link.request("POST", "/", b"x" * size)
        assert len(link.getresponse().read()) == size
    link.close()


@given(body=st.binary(max_size=50), cut=st.integers(0, 200))
def test_the_length_is_known_as_soon_as_the_head_is_there(body: bytes, cut: int) -> None:
    head = f"POST / HTTP/1.1\r\nHost: a\r\ncontent-LENGTH : {len(body)}\r\n\r\n".encode()
    whole = head + body
    found = expected(whole[:cut])
    assert found == (len(whole) if cut >= len(head) else -1)


@pytest.mark.parametrize("length", ["x", "-1", "", "1\r\nContent-Length: 2"])
def test_a_broken_length_is_left_to_the_server_to_refuse(hasty: int, length: str) -> None:
    with sending(hasty, f"POST / HTTP/1.1\r\nContent-Length: {length}\r\n\r\n".encode()) as client:
        assert answer(client)[0] == 400


def test_a_length_of_thousands_of_digits_is_too_large() -> None:
    head = b"POST / HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n"
    assert expected(head) == "413 Content Too Large"
