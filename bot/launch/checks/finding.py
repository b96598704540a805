"""What a check found: fine, odd (the bot works, and somebody should look), or wrong."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    about: str
    fine: bool  # Whether the bot can work with it.
    told: str  # With the fix when there is something to fix. Never a secret.
    odd: bool = False


def fine(about: str, told: str) -> Finding:
    return Finding(about, fine=True, told=told)


def odd(about: str, told: str) -> Finding:
    return Finding(about, fine=True, told=told, odd=True)


def wrong(about: str, told: str) -> Finding:
    return Finding(about, fine=False, told=told)
