"""Citizens, and a place for their files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casework.settings import CaseworkSettings
from common.auth import Actor, Role
from common.divisions import Level


@pytest.fixture
def online_settings() -> dict[str, Any]:
    """Further settings of this test; parametrize to choose."""
    return {}


@pytest.fixture
def make_settings(
    make_settings: Callable[..., CaseworkSettings], tmp_path: Path, online_settings: dict[str, Any]
) -> Callable[..., CaseworkSettings]:
    """The settings of casework's tests, with a place for files."""

    def make(url: str, **changes: Any) -> CaseworkSettings:
        places = {"uploads_dir": tmp_path / "store", "uploads_spool_dir": tmp_path / "spool"}
        return make_settings(url, **(places | online_settings | changes))

    return make


@pytest.fixture(scope="session")
def citizen() -> Callable[[str], Actor]:
    """A citizen by the account's name."""
    return lambda subject: Actor(subject, "测试群众", None, Level.VILLAGE, "", frozenset({Role.CITIZEN}))
