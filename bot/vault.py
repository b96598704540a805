"""What people wrote and Slack's tokens, as they lie in the database: encrypted where the
environment has keys, readable where it has none.

Each database has its own keys (`use`); the two column types find them by its dialect. A value
says itself whether it is encrypted, so keys can be added to a database that was readable before.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import JSON, Dialect, Engine, String
from sqlalchemy.types import TypeDecorator, TypeEngine

SEALED, PLAIN = "sealed:", "plain:"  # How a text begins that is encrypted, or only looks so.


class VaultError(Exception):
    """A value cannot be read with the keys at hand. The message says what to do."""


class Vault:
    """Keys, the newest first: it encrypts, and all of them decrypt. Without any, texts are kept as
    they are."""

    def __init__(self, keys: Sequence[str] = ()) -> None:
        """Raises ValueError for what is no key of `safety-interview keys new`."""
        self.prints = [fingerprint(key) for key in keys]
        each = [Fernet(key) for key in keys]
        self._all = MultiFernet(each) if each else None
        self._newest = each[0] if each else None

    def close(self, text: str) -> str:
        if self._newest is not None:
            return SEALED + self._newest.encrypt(text.encode()).decode()
        return PLAIN + text if text.startswith((SEALED, PLAIN)) else text

    def open(self, kept: str) -> str:
        """Raises VaultError when none of the keys fits."""
        if not kept.startswith(SEALED):
            return kept.removeprefix(PLAIN)
        if self._all is not None:
            try:
                return self._all.decrypt(kept.removeprefix(SEALED)).decode()
            except InvalidToken:
                pass
        raise VaultError("The key of this text is missing: put it back into DATA_KEYS, at the end.")

    def is_current(self, kept: str) -> bool:
        """Whether `kept` is as `close` would keep it now."""
        if self._newest is None or not kept.startswith(SEALED):
            return self._newest is None and not kept.startswith(SEALED)
        try:
            self._newest.decrypt(kept.removeprefix(SEALED))
        except InvalidToken:
            return False
        return True


def fingerprint(key: str) -> str:
    """By which a key can be named without giving it away."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]


_vaults: WeakKeyDictionary[Dialect, Vault] = WeakKeyDictionary()
_READABLE = Vault()


def use(engine: Engine, vault: Vault) -> None:
    """Read and write the columns of this database with `vault`."""
    _vaults[engine.dialect] = vault


def of(dialect: Dialect) -> Vault:
    return _vaults.get(dialect, _READABLE)


class Sealed:
    """What the two column types share: `raw` is the type of what really lies in the column."""

    raw: TypeEngine[Any]


class SealedText(Sealed, TypeDecorator[str]):
    """A text that is encrypted at rest. It cannot be searched in the database."""

    impl = String
    raw = String()
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else of(dialect).close(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else of(dialect).open(value)


class SealedJson(Sealed, TypeDecorator[Any]):
    """JSON that is encrypted at rest as a whole: a text in the place of the object."""

    impl = JSON
    raw = JSON()
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        vault = of(dialect)
        return vault.close(json.dumps(value)) if vault.prints else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return json.loads(of(dialect).open(value)) if isinstance(value, str) else value
