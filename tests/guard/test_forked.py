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
SLOW = """
import pathlib, signal, sys, time
def end(*_):
    print("ending", flush=True)
    while not pathlib.Path(__file__).with_name("go").exists():
        time.sleep(0.02)
    print("ended", flush=True)
    sys.exit()
signal.signal(signal.SIGTERM, end)
print("ready", flush=True)
time.sleep(600)
"""
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


@pytest.mark.skipif(sys.platform != "linux", reason="Linux only")
def test_a_child_that_outlives_the_nursery_for_a_while_has_not_ended(folder, wait_until):
    """Whoever starts it again, or ends what it needs, waits for it."""
    (folder / "slow.py").write_text(SLOW)
    log = folder / "log"
    child = Nursery(["decimal"]).child(["slow"], log=log, environment={})
    child.start()
    wait_until(lambda: log.exists() and "ready" in log.read_text())
    os.kill(psutil.Process(child.pid).ppid(), signal.SIGKILL)
    wait_until(lambda: "ending" in log.read_text())
    assert (child.has_ended, child.returncode, child.wait(0.1)) == (False, None, False)
    (folder / "go").touch()
    assert child.wait(20)
    assert "ended" in log.read_text()


def test_what_ends_our_group_ends_neither_nursery_nor_child(folder, wait_until):
    """Ctrl-C and SIGTERM reach a whole group; services end in order, when they are told."""
    child = Nursery(["decimal"]).child(["idle"], log=folder / "log", environment={})
    child.start()
    nursery = psutil.Process(psutil.Process(child.pid).ppid())
    assert os.getsid(nursery.pid) == nursery.pid
    wait_until(lambda: os.getsid(child.pid) == child.pid)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        nursery.send_signal(number)
    assert not child.wait(0.2)
    child.send_signal(signal.SIGTERM)
    assert child.wait(20)
    assert nursery.is_running()


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
