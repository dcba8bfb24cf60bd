"""The scenario as a process of its own."""

import asyncio
import sys
from types import SimpleNamespace

import pytest

from onebox import __main__ as command
from onebox.display import Display


@pytest.mark.parametrize(("is_stopped", "code"), [(True, 130), (False, 7)])
async def test_whoever_interrupts_gets_130_and_otherwise_the_scenario_decides(tmp_path, monkeypatch, is_stopped, code):
    """An interrupt reaches the whole group: the child may end by itself before it is told to, with whatever code."""
    child = tmp_path / "child"
    child.write_text("#!/bin/sh\nexit 7\n")
    child.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(child))
    places = SimpleNamespace(root=tmp_path)
    platform = SimpleNamespace(port=1, places=places, environment=lambda _: {})
    stop = asyncio.Event()
    if is_stopped:
        stop.set()
    assert await command._scenario(platform, stop, Display()) == code
