"""Servers of their own for tests that kill, starve or misplace them."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from onebox.postgres import PostgresServer, ServerOptions

FAST = ServerOptions(durable=False, shared_buffers_mb=16, max_connections=20)


@pytest.fixture
def open_dir() -> Iterator[Path]:
    """A folder that any account can reach; pytest's own is closed to all but its owner."""
    folder = Path(tempfile.mkdtemp(prefix="jiceng-pgtest-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def server(open_dir: Path) -> Iterator[PostgresServer]:
    """A server with its data in `open_dir`, not started yet."""
    made = PostgresServer(open_dir / "pg", options=FAST)
    yield made
    made.wipe()


@pytest.fixture
def as_root() -> None:
    """Only root can change accounts."""
    if os.geteuid() != 0:
        pytest.skip("needs root: it proves how root drops its privileges")
