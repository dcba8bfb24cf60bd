"""The store of a deployment that has named none."""

# ruff: noqa: ARG002 - it refuses whatever it is asked

from collections.abc import AsyncIterator
from pathlib import Path

from casework.uploads.errors import StoreNotConfigured
from casework.uploads.stores.port import StoredFile


class NoStore:
    """Refuses; everything else of the service works."""

    async def put(self, key: str, source: Path) -> None:
        """Refuses."""
        raise StoreNotConfigured

    async def get(self, key: str) -> AsyncIterator[bytes]:
        """Refuses."""
        raise StoreNotConfigured
        yield b""

    async def has(self, key: str) -> bool:
        """Refuses."""
        raise StoreNotConfigured

    async def remove(self, key: str) -> None:
        """Refuses."""
        raise StoreNotConfigured

    async def list(self) -> AsyncIterator[StoredFile]:
        """Refuses."""
        raise StoreNotConfigured
        yield StoredFile

    async def aclose(self) -> None:
        """Nothing to give back."""
