"""How long a request over HTTP is, from its first bytes."""

import re

LARGEST = 1024 * 1024  # Bytes of a body. Slack's own payloads stay far below.
LARGEST_HEAD = 32 * 1024

LENGTH = re.compile(rb"\r\ncontent-length[ \t]*:[ \t]*([^\r\n]*)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding[ \t]*:", re.IGNORECASE)


def expected(came: bytes | bytearray) -> int | str:
    """The length of head and body together; -1 while that cannot be known; or the HTTP status with
    which the request is refused."""
    end = came.find(b"\r\n\r\n")
    if max(end, len(came) if end < 0 else 0) > LARGEST_HEAD:
        return "431 Request Header Fields Too Large"
    if end < 0:
        return -1
    head, whole = bytes(came[:end]), end + 4
    if CHUNKED.search(head):
        return "411 Length Required"
    lengths = {found.strip() for found in LENGTH.findall(head)}
    if len(lengths) != 1:
        return whole
    [length] = lengths
    if not length.isdigit():
        return whole  # gunicorn refuses it, as it does any head that is broken.
    too_large = len(length.lstrip(b"0")) > len(str(LARGEST)) or int(length) > LARGEST
    return "413 Content Too Large" if too_large else whole + int(length)
