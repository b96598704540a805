"""The environment, read once and checked: every problem is reported in one go, with its fix."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

SHIPPED_CONTENT = Path(__file__).resolve().parent.parent / "content"

PERSON_RATE, TEAM_RATE = 120, 3000  # Requests a minute, where the environment says nothing else.

KEY = re.compile(r"[A-Za-z0-9_-]{43}=")  # Of Fernet: 32 bytes in URL-safe base 64.

Network = IPv4Network | IPv6Network

INSTALL_FLOW = ("client_id", "client_secret")

Mode = Literal["socket", "http", "client", "offline"]


class SettingsError(Exception):
    """The environment cannot be used. `problems` holds one sentence each, with its fix."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """What design.md, section 8, lists. Secrets stay out of `repr`, and so out of any log."""

    bot_token: str = field(repr=False)
    app_token: str = field(repr=False, default="")
    signing_secret: str = field(repr=False, default="")
    client_id: str = ""  # With its secret: teams install the bot, and their tokens are kept.
    client_secret: str = field(repr=False, default="")
    api_url: str = "https://slack.com/api/"
    database_url: str = field(repr=False, default="sqlite:///safety-interview.db")
    database_pool: int = 0  # Connections of a process, at most; 0 for one for each thread.
    data_keys: tuple[str, ...] = field(repr=False, default=())  # The newest first.
    content_dir: Path = SHIPPED_CONTENT
    port: int = 3000
    host: str = "0.0.0.0"  # noqa: S104 (a platform's router comes from outside)
    metrics_port: int = 0  # 0 for none.
    metrics_host: str = "127.0.0.1"
    public_url: str = ""  # Where others reach the bot over HTTP, without a slash at its end.
    webhook_networks: tuple[Network, ...] = ()  # Of one's own, that webhooks may go to.
    log_level: str = "INFO"
    log_format: str = "text"
    person_rate: int = 0  # Requests a minute; 0 for no limit, as in a workspace of one's own.
    team_rate: int = 0


def read(environment: Mapping[str, str], mode: Mode) -> Settings:
    """The settings that `environment` holds; what it leaves out or leaves empty has a default.

    `mode` says which secret is needed: Socket Mode signs in with the app token, HTTP is checked
    with the signing secret, a client only calls Slack, and offline commands need no secret at all.
    Raises SettingsError with every problem at once.
    """
    found = {name: value.strip() for name, value in environment.items() if value.strip()}
    problems = [
        *(_bot_token_problems(found) if mode == "socket" else ()),
        *(_bot_token_problems(found) if mode == "client" and not _installs(found, mode) else ()),
        *(_install_problems(found) if mode == "http" else ()),
        *(_app_token_problems(found) if mode == "socket" else ()),
        *(_signing_secret_problems(found) if mode == "http" else ()),
        *_api_url_problems(found),
        *_content_dir_problems(found),
        *_database_problems(found),
        *_pool_problems(found),
        *_key_problems(found),
        *_port_problems(found),
        *(_host_problems(found) if mode == "http" else ()),
        *_metrics_host_problems(found),
        *_log_problems(found),
        *_rate_problems(found),
        *_network_problems(found),
        *_public_url_problems(found),
    ]
    if problems:
        raise SettingsError(problems)
    default = Settings(bot_token="")
    return Settings(
        bot_token=found.get("SLACK_BOT_TOKEN", ""),
        app_token=found.get("SLACK_APP_TOKEN", ""),
        signing_secret=found.get("SLACK_SIGNING_SECRET", ""),
        **_installs(found, mode),
        api_url=found.get("SLACK_API_URL", default.api_url).rstrip("/") + "/",
        database_url=found.get("DATABASE_URL", default.database_url),
        database_pool=int(found.get("DATABASE_POOL", default.database_pool)),
        data_keys=_keys(found),
        content_dir=Path(found["CONTENT_DIR"]) if "CONTENT_DIR" in found else SHIPPED_CONTENT,
        port=int(found.get("PORT", default.port)),
        host=found.get("HOST", default.host) if mode == "http" else default.host,
        metrics_port=int(found.get("METRICS_PORT", default.metrics_port)),
        metrics_host=found.get("METRICS_HOST", default.metrics_host),
        public_url=found.get("PUBLIC_URL", "").rstrip("/") if mode in ("http", "client") else "",
        webhook_networks=tuple(ip_network(each) for each in _networks(found)),
        log_level=found.get("LOG_LEVEL", default.log_level).upper(),
        log_format=found.get("LOG_FORMAT", default.log_format).lower(),
        person_rate=int(found.get("RATE_PER_PERSON", PERSON_RATE)),
        team_rate=int(found.get("RATE_PER_WORKSPACE", TEAM_RATE)),
    )


def _bot_token_problems(found: Mapping[str, str]) -> list[str]:
    where = "copy the “Bot User OAuth Token” from your app's page “OAuth & Permissions”"
    return _token_problems(found, "SLACK_BOT_TOKEN", "xoxb-", where)


def _installs(found: Mapping[str, str], mode: Mode) -> dict[str, str]:
    """The install flow needs an address that browsers reach, so it is there over HTTP; what works
    on its database works with its tokens, unless it has one of its own."""
    secrets = {name: found.get(f"SLACK_{name.upper()}", "") for name in INSTALL_FLOW}
    there = all(secrets.values())
    return secrets if there and (mode == "http" or "SLACK_BOT_TOKEN" not in found) else {}


def _install_problems(found: Mapping[str, str]) -> list[str]:
    names = [f"SLACK_{name.upper()}" for name in INSTALL_FLOW]
    lacking = [name for name in names if name not in found]
    if not lacking:
        return []
    if len(lacking) == len(names):
        return _bot_token_problems(found)
    [there] = [name for name in names if name in found]
    return [
        f"{lacking[0]} is not set, and {there} is: copy it from your app's page “Basic "
        "Information” too, so that workspaces can install the bot; or leave both out and set "
        "SLACK_BOT_TOKEN for one workspace."
    ]


def _app_token_problems(found: Mapping[str, str]) -> list[str]:
    where = (
        "make one with the scope connections:write on your app's page “Basic Information”, "
        "under “App-Level Tokens” (or use HTTP: `safety-interview serve`)"
    )
    return _token_problems(found, "SLACK_APP_TOKEN", "xapp-", where)


def _token_problems(found: Mapping[str, str], name: str, prefix: str, where: str) -> list[str]:
    token = found.get(name)
    if token is None:
        return [f"{name} is not set: {where}, and put it in .env."]
    if not token.startswith(prefix):
        # The value is never repeated: it may be a secret of another kind.
        return [f"{name} does not start with {prefix}: {where}."]
    if not re.fullmatch(r"[a-zA-Z0-9-]+", token):
        return [f"{name} has more in it than letters, digits and dashes: {where}."]
    return []


def _signing_secret_problems(found: Mapping[str, str]) -> list[str]:
    if "SLACK_SIGNING_SECRET" in found:
        return []
    return [
        "SLACK_SIGNING_SECRET is not set: copy the “Signing Secret” from your app's page "
        "“Basic Information”, and put it in .env (or use Socket Mode: `safety-interview run`)."
    ]


def _api_url_problems(found: Mapping[str, str]) -> list[str]:
    url = found.get("SLACK_API_URL")
    if url is None:
        return []
    parts = urlsplit(url)
    if parts.scheme in ("http", "https") and parts.netloc:
        return []
    return [
        f"SLACK_API_URL is not an address ({url!r}): leave it out for Slack itself, or give "
        "one like http://127.0.0.1:3900/api/."
    ]


def _content_dir_problems(found: Mapping[str, str]) -> list[str]:
    folder = found.get("CONTENT_DIR")
    if folder is None or Path(folder).is_dir():
        return []
    return [
        f"CONTENT_DIR is not a folder ({folder!r}): give the folder that holds questions/, "
        "or leave it out for the questions that come with the bot."
    ]


def _database_problems(found: Mapping[str, str]) -> list[str]:
    url = found.get("DATABASE_URL")
    # Platforms hand out postgres:// and postgresql://; the store turns both into psycopg 3's.
    if url is None or urlsplit(url).scheme in ("sqlite", "postgres", "postgresql"):
        return []
    if urlsplit(url).scheme == "postgresql+psycopg":
        return []
    return [
        "DATABASE_URL does not start with sqlite:/// or postgresql://: leave it out for a file "
        "beside the bot, or give one like postgresql://user:password@host/database."
    ]


def _pool_problems(found: Mapping[str, str]) -> list[str]:
    typed = found.get("DATABASE_POOL", "2")
    if typed.isascii() and typed.isdigit() and 2 <= int(typed) < 1000:
        return []
    return [
        f"DATABASE_POOL is not a number from 2 to 999 ({typed!r}): leave it out for one connection "
        "for each thread, or see how many your PostgreSQL gives to each process."
    ]


def _keys(found: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(key for key in re.split(r"[,\s]+", found.get("DATA_KEYS", "")) if key)


def _key_problems(found: Mapping[str, str]) -> list[str]:
    keys = _keys(found)
    wrong = [number for number, key in enumerate(keys, start=1) if not KEY.fullmatch(key)]
    # The value is never repeated: it is a secret.
    return [
        f"Number {number} of the {len(keys)} in DATA_KEYS is not a key: make one with "
        "`safety-interview keys new`, and put it in front of the others, with a comma between."
        for number in wrong
    ]


def _port_problems(found: Mapping[str, str]) -> list[str]:
    return [
        f"{name} is not a number from 1 to 65535 ({found[name]!r}): try {name}={usual}."
        for name, usual in (("PORT", 3000), ("METRICS_PORT", 9400))
        if name in found and not _is_port(found[name])
    ]


def _host_problems(found: Mapping[str, str]) -> list[str]:
    # Only `serve` asks: some shells and package managers set a HOST of their own.
    if _is_address(found.get("HOST", "127.0.0.1")):
        return []
    return [
        f"HOST is not an IP address of this machine ({found['HOST']!r}): leave it out for all of "
        "its addresses, or use 127.0.0.1 where a proxy on this machine stands in front."
    ]


def _metrics_host_problems(found: Mapping[str, str]) -> list[str]:
    host = found.get("METRICS_HOST", "127.0.0.1")
    if _is_address(host):
        return []
    return [
        f"METRICS_HOST is not an IP address of this machine ({host!r}): leave it out for this "
        "machine alone, or use 0.0.0.0 where a firewall lets nobody but Prometheus in."
    ]


def _is_address(typed: str) -> bool:
    try:
        ip_address(typed)
    except ValueError:
        return False
    return True


def _is_port(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and 0 < int(typed) < 65536


def _public_url_problems(found: Mapping[str, str]) -> list[str]:
    url = found.get("PUBLIC_URL")
    if url is None:
        return []
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.netloc and not (parts.query or parts.fragment):
        return []
    return [
        f"PUBLIC_URL is not where others reach the bot ({url!r}): give it like "
        "https://your.host, or leave it out, and there are no calendar feeds."
    ]


def _networks(found: Mapping[str, str]) -> list[str]:
    return [each for each in re.split(r"[,\s]+", found.get("WEBHOOK_NETWORKS", "")) if each]


def _network_problems(found: Mapping[str, str]) -> Iterator[str]:
    for each in _networks(found):
        try:
            ip_network(each)
        except ValueError:
            yield (
                f"WEBHOOK_NETWORKS holds {each!r}, which is no network: leave it out, so that "
                "webhooks go to public addresses alone, or give some like 10.2.0.0/16."
            )


def _log_problems(found: Mapping[str, str]) -> list[str]:
    choices = {
        "LOG_LEVEL": ("DEBUG", "INFO", "WARNING", "ERROR"),
        "LOG_FORMAT": ("TEXT", "JSON"),
    }
    return [
        f"{name} is {found[name]!r}: use one of {', '.join(known).lower()}."
        for name, known in choices.items()
        if found.get(name, known[0]).upper() not in known
    ]


def _rate_problems(found: Mapping[str, str]) -> list[str]:
    return [
        f"{name} is not a number of requests a minute ({found[name]!r}): try {name}={usual}, or 0 "
        "for no limit."
        for name, usual in (("RATE_PER_PERSON", PERSON_RATE), ("RATE_PER_WORKSPACE", TEAM_RATE))
        if name in found and not re.fullmatch(r"\d{1,7}", found[name], re.ASCII)
    ]
