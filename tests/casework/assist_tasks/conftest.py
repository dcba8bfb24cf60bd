"""A window with a place for files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casework.settings import CaseworkSettings


@pytest.fixture
def make_settings(make_settings: Callable[..., CaseworkSettings], tmp_path: Path) -> Callable[..., CaseworkSettings]:
    """The settings of casework's tests, with a place for files."""

    def make(url: str, **changes: Any) -> CaseworkSettings:
        places = {"uploads_dir": tmp_path / "store", "uploads_spool_dir": tmp_path / "spool"}
        return make_settings(url, **(places | changes))

    return make
