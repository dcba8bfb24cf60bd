"""Brokers do not outlive us, and a former life's broker is told from a stranger."""

import subprocess
import sys
import time

import psutil

from devkafka.process import end_orphans

_SLEEP = "import time; time.sleep(600)"


def _is_gone(process):
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def _wait_until(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_only_a_broker_of_the_same_settings_is_ended(tmp_path):
    ours, theirs = tmp_path / "server.properties", tmp_path / "other" / "server.properties"
    commands = (
        [sys.executable, "-c", _SLEEP, "kafka.Kafka", str(ours)],
        [sys.executable, "-c", _SLEEP, "kafka.Kafka", str(theirs)],
        [sys.executable, "-c", _SLEEP, "less", str(ours)],
    )
    broker, other_broker, reader = processes = [subprocess.Popen(command) for command in commands]
    try:
        end_orphans(ours)
        assert _is_gone(psutil.Process(broker.pid)) if psutil.pid_exists(broker.pid) else True
        assert other_broker.poll() is None
        assert reader.poll() is None
    finally:
        for process in processes:
            process.kill()
            process.wait()
