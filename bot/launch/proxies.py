"""slack_sdk takes every call through HTTPS_PROXY or HTTP_PROXY and does not know NO_PROXY."""

import os
from ipaddress import ip_address
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")


def heed_exceptions(api_url: str) -> None:
    """Have this process use no proxy when what it calls is on this machine, or in NO_PROXY."""
    host = urlsplit(api_url).hostname or ""
    if _is_here(host) or proxy_bypass(host):
        for name in PROXIES:
            os.environ.pop(name, None)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
