"""The keyring: one active key, and older ones that still open what was written under them.

File: `{"active": "<id>", "keys": [{"id", "suite", "encryption_key", "index_key"}]}`, keys in base64.
"""

import base64
import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from common import clock
from common.crypto.errors import KeyringRefused
from common.crypto.suites import INDEX_KEY_BYTES, Suite

_KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,32}")


@dataclass(frozen=True, slots=True)
class FieldKey:
    """One key pair; its secrets never show in a representation."""

    id: str
    suite: Suite
    encryption_key: bytes = field(repr=False)
    index_key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Raises KeyringRefused where id or lengths are wrong."""
        if not _KEY_ID.fullmatch(self.id):
            raise KeyringRefused("密钥标识不合法")
        if len(self.encryption_key) != self.suite.encryption_key_bytes or len(self.index_key) != INDEX_KEY_BYTES:
            raise KeyringRefused("密钥长度不符合算法要求")


@dataclass(frozen=True)
class Keyring:
    """All keys of a service, the active one named."""

    active: str
    keys: tuple[FieldKey, ...]

    def __post_init__(self) -> None:
        """Raises KeyringRefused unless ids are unique and the active one is there."""
        ids = [key.id for key in self.keys]
        if len(set(ids)) != len(ids) or self.active not in ids:
            raise KeyringRefused("密钥环缺少当前密钥或标识重复")

    @property
    def active_key(self) -> FieldKey:
        """The key under which new fields are written."""
        return next(key for key in self.keys if key.id == self.active)

    @classmethod
    def load(cls, path: Path) -> "Keyring":
        """Reads the file.

        Raises:
            KeyringRefused: the file is missing or not of the form.
        """
        try:
            return cls.from_document(json.loads(path.read_bytes()))
        except OSError:
            raise KeyringRefused("密钥文件无法读取") from None
        except (ValueError, RecursionError):
            raise KeyringRefused("密钥文件格式不正确") from None

    @classmethod
    def from_document(cls, document: Any) -> "Keyring":
        """Reads the parsed file.

        Raises:
            KeyringRefused: not of the form.
        """
        try:
            keys = tuple(
                FieldKey(
                    id=entry["id"],
                    suite=Suite(entry["suite"]),
                    encryption_key=base64.b64decode(entry["encryption_key"], validate=True),
                    index_key=base64.b64decode(entry["index_key"], validate=True),
                )
                for entry in document["keys"]
            )
            return cls(active=document["active"], keys=keys)
        except (KeyError, TypeError, ValueError):
            raise KeyringRefused("密钥文件格式不正确") from None

    def to_document(self) -> dict[str, Any]:
        """What `from_document` reads; it holds the secrets."""
        return {
            "active": self.active,
            "keys": [
                {
                    "id": key.id,
                    "suite": key.suite.value,
                    "encryption_key": base64.b64encode(key.encryption_key).decode(),
                    "index_key": base64.b64encode(key.index_key).decode(),
                }
                for key in self.keys
            ],
        }

    def save(self, path: Path) -> None:
        """Writes the file, readable by its owner alone, whole or not at all."""
        part = path.with_name(f".{path.name}.{os.getpid()}")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(self.to_document(), stream, indent=2)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)


def generate_keyring(suite: Suite | str = Suite.AES_GCM_SHA256) -> Keyring:
    """A new keyring with one fresh key."""
    key = _fresh(Suite(suite), taken=())
    return Keyring(active=key.id, keys=(key,))


def rotated(ring: Keyring, suite: Suite | str | None = None) -> Keyring:
    """The same keyring with one fresh key in front, which becomes the active one; old fields stay readable."""
    key = _fresh(Suite(suite) if suite is not None else ring.active_key.suite, taken=[key.id for key in ring.keys])
    return Keyring(active=key.id, keys=(key, *ring.keys))


def _fresh(suite: Suite, taken: Iterable[str]) -> FieldKey:
    name = _day(clock.now())
    number = sum(1 for other in taken if other.startswith(name))
    return FieldKey(
        id=name if number == 0 else f"{name}.{number + 1}",
        suite=suite,
        encryption_key=os.urandom(suite.encryption_key_bytes),
        index_key=os.urandom(INDEX_KEY_BYTES),
    )


def _day(instant: datetime) -> str:
    return clock.beijing_day(instant).strftime("%Y%m%d")
