"""A guarded child ends with its parent, whatever the parent inherited."""

import subprocess
import sys

import psutil
import pytest

SCRIPT = """
import os, signal, sys, time
from guard import GuardedProcess
for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
child = GuardedProcess(['/bin/sleep', '600'], log_fd=2, environment={}, guard=sys.argv[1],
                       death_signal=signal.Signals[sys.argv[2]])
child.start(); print(child.pid, flush=True); time.sleep(600)
"""
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")


@pytest.mark.parametrize("death_signal", ["SIGTERM", "SIGINT", "SIGQUIT"])
@pytest.mark.parametrize("guard", ["pipe", pytest.param("pdeathsig", marks=LINUX)])
def test_each_guard_ends_the_child_of_a_killed_parent_that_ignored_signals(wait_until, is_gone, guard, death_signal):
    """A background job of a shell ignores SIGINT and SIGQUIT, and its children inherit that."""
    command = [sys.executable, "-c", SCRIPT, guard, death_signal]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        child = psutil.Process(int(parent.stdout.readline()))
        wait_until(lambda: child.name() == "sleep")
        parent.kill()
    wait_until(lambda: is_gone(child))
