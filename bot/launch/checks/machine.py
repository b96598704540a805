"""The machine that the bot runs on: its ports, its disk, its clock."""

import shutil
import socket
import urllib.request
from datetime import datetime, timedelta
from http.client import HTTPException
from pathlib import Path

from bot.launch.checks.finding import Finding, fine, odd, wrong
from bot.settings import Settings

PATIENCE = 3  # Seconds for somebody on this machine to answer.
MEGABYTE, GIGABYTE = 10**6, 10**9
LITTLE, FEW = 100 * MEGABYTE, GIGABYTE  # Bytes left: too few to go on, and few.
# Where somebody who listens at all addresses is asked.
NEAR = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (asked about, not listened on)
APART, FAR_APART = timedelta(seconds=5), timedelta(minutes=2)


def metrics_port(settings: Settings) -> Finding:
    if not settings.metrics_port:
        return fine("metrics", "none; METRICS_PORT=9400 has Prometheus read them there")
    about, port = "metrics", settings.metrics_port
    if _is_free(settings.metrics_host, port):
        return fine(about, f"port {port} is free; the bot answers Prometheus there")
    if "safety_interview_build_info" in _page(_url(settings.metrics_host, port, "metrics")):
        return fine(about, f"a bot answers Prometheus at port {port}")
    told = f"port {port} of {settings.metrics_host} cannot be used: choose another METRICS_PORT"
    return wrong(about, told)


def port(settings: Settings) -> Finding:
    """Where `serve` listens."""
    if _is_free(settings.host, settings.port):
        return fine("port", f"{settings.port} is free; the bot answers Slack there")
    if _page(_url(settings.host, settings.port, "healthz")) == "ok\n":
        return fine("port", f"a bot answers at {settings.port}")
    return wrong("port", f"{settings.port} is taken by something else: choose another PORT")


def _is_free(host: str, number: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, number))
        except OSError:
            return False
    return True


def _url(host: str, port: int, page: str) -> str:
    near = NEAR.get(host, host)
    return f"http://[{near}]:{port}/{page}" if ":" in near else f"http://{near}:{port}/{page}"


def _page(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310 (our own http://)
            return str(answer.read(MEGABYTE).decode("utf-8", "replace"))
    except (OSError, HTTPException):
        return ""


def disk(folder: Path, size: int) -> Finding:
    """Where SQLite's file is, which has so many bytes."""
    return space(shutil.disk_usage(folder).free, size)


def space(free: int, size: int) -> Finding:
    told = f"{_bytes(free)} free, and the database has {_bytes(size)}"
    if free < LITTLE:
        return wrong("disk", f"{told}: make room, or soon nothing can be saved")
    if free < max(FEW, size):
        return odd("disk", f"{told}: make room, a backup and an upgrade need as much again")
    return fine("disk", told)


def _bytes(number: int) -> str:
    return f"{number / GIGABYTE:.1f} GB" if number >= GIGABYTE else f"{number / MEGABYTE:.1f} MB"


def clocks(whose: str, theirs: datetime, ours: datetime) -> Finding:
    """`theirs` is the clock of `whose`, read at `ours`."""
    about, skew = f"clock and {whose}", abs(theirs - ours)
    told = f"{skew.total_seconds():.1f} s apart"
    fix = "have this machine follow NTP (timedatectl set-ntp true)"
    if skew > FAR_APART:
        return wrong(about, f"{told}: {fix}; at five minutes Slack's signatures are refused")
    if skew > APART:
        return odd(about, f"{told}: {fix}")
    return fine(about, told)
