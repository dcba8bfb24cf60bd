"""Watching processes that are not ours to reap."""

import time

import psutil
import pytest


@pytest.fixture
def wait_until():
    """`wait_until(condition)`: fails when it does not come true in time."""

    def wait(condition):
        deadline = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < deadline, "it did not happen in time"
            time.sleep(0.02)

    return wait


@pytest.fixture
def is_gone():
    """`is_gone(process)`: it has ended, whether or not anybody has reaped it."""
    return lambda process: not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
