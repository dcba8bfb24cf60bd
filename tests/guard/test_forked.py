"""Forked children: what they are told, and that none outlives us."""

import os
import signal
import subprocess
import sys

import psutil
import pytest

from guard import Nursery

TOLD = """
import os, sys
print("said", sys.argv, sorted(os.environ), os.getsid(0) == os.getpid(), "decimal" in sys.modules, flush=True)
print("warned", file=sys.stderr)
sys.exit(int(sys.argv[1]))
"""
IDLE = "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ntime.sleep(600)\n"
SUPERVISOR = """
import pathlib, sys, time
from guard import Nursery
nursery = Nursery(["decimal"])
children = [nursery.child(["idle"], log=pathlib.Path(sys.argv[1]), environment={"PYTHONPATH": ""}) for _ in range(2)]
for child in children:
    child.start()
print(*(child.pid for child in children), flush=True)
time.sleep(600)
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Two modules that can be run: one tells what it was told, one does nothing for long."""
    (tmp_path / "told.py").write_text(TOLD)
    (tmp_path / "idle.py").write_text(IDLE)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def test_a_child_is_the_module_with_its_arguments_its_environment_and_its_log(folder):
    log = folder / "log"
    child = Nursery(["decimal"]).child(["told", "7"], log=log, environment={"ONLY": "this"})
    child.start()
    assert child.wait(20)
    assert (child.has_ended, child.returncode) == (True, 7)
    assert log.read_text().splitlines() == [f"said {[str(folder / 'told.py'), '7']} ['ONLY'] True True", "warned"]
    assert log.stat().st_mode & 0o777 == 0o600
    child.send_signal(signal.SIGTERM)


def test_a_killed_child_is_noticed_and_its_sister_lives(folder):
    nursery = Nursery(["decimal"])
    first, second = (nursery.child(["idle"], log=folder / "log", environment={}) for _ in range(2))
    with pytest.raises(RuntimeError):
        assert first.pid
    first.start()
    second.start()
    os.kill(first.pid, signal.SIGKILL)
    assert first.wait(20)
    assert (first.returncode, second.has_ended) == (-signal.SIGKILL, False)
    second.send_signal(signal.SIGTERM)
    assert second.wait(20)


@pytest.mark.parametrize("who", ["supervisor", "nursery"])
def test_children_end_with_whom_they_came_from(folder, wait_until, is_gone, who):
    if who == "nursery" and sys.platform != "linux":
        pytest.skip("Linux only")
    command = [sys.executable, "-c", SUPERVISOR, str(folder / "log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as supervisor:
        try:
            children = [psutil.Process(int(pid)) for pid in supervisor.stdout.readline().split()]
            (nursery,) = {child.parent() for child in children}
            assert nursery.pid != supervisor.pid
            os.kill(nursery.pid if who == "nursery" else supervisor.pid, signal.SIGKILL)
            wait_until(lambda: all(is_gone(child) for child in children))
        finally:
            supervisor.kill()
    wait_until(lambda: is_gone(nursery))
