"""What a store of files can do."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

PIECE_BYTES = 256 * 1024
_KEY = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as a store lists it."""

    key: str
    stored_at: datetime


class Store(Protocol):
    """Keeps files by their keys. Both adapters pass one contract suite (tests/casework/uploads/test_stores.py).

    Every method raises StoreUnavailable when the store does not answer.
    """

    async def put(self, key: str, source: Path) -> None:
        """Keeps a copy of a file, whole or not at all; a second time changes nothing.

        Args:
            key: SHA-256 of its bytes, 64 lower-case hexadecimal digits.
        """

    def get(self, key: str) -> AsyncIterator[bytes]:
        """The file in pieces; raises UploadLost with the first one if it is not there."""

    async def has(self, key: str) -> bool:
        """Is it there?"""

    async def remove(self, key: str) -> None:
        """Forgets a file; one that is not there is no matter."""

    def list(self) -> AsyncIterator[StoredFile]:
        """All files, in no particular order."""

    async def aclose(self) -> None:
        """Gives back what the store holds."""


def path_of(key: str) -> str:
    """Where a file lies below the root: two steps, so that no folder grows without measure.

    Raises:
        ValueError: it is no key; nothing else ever becomes a path.
    """
    if _KEY.fullmatch(key) is None:
        message = "not a key"
        raise ValueError(message)
    return f"{key[:2]}/{key[2:4]}/{key}"


def key_of(name: str) -> str | None:
    """The key that a file's name is; None for files that are none of ours."""
    return name if _KEY.fullmatch(name) else None
