"""`python -m devkafka`: what `make kafka` calls."""

import json
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from devkafka.errors import ServerAlreadyRunning
from devkafka.ready import answers_metadata
from devkafka.server import KafkaServer

pytestmark = pytest.mark.kafka


def _devkafka(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "devkafka", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )


def _is_gone(pid):
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_start_status_crash_start_stop(kafka_server, tmp_path):
    folder = tmp_path / "kafka"
    assert _devkafka("status", "--dir", folder).returncode == 3
    started = _devkafka("start", "--dir", folder)
    assert started.returncode == 0, started.stderr
    state = json.loads((folder / "state.json").read_text())
    assert state["bootstrap_servers"] in started.stdout
    assert answers_metadata(state["bootstrap_servers"])
    assert str(state["broker_pid"]) in _devkafka("status", "--dir", folder).stdout
    with pytest.raises(ServerAlreadyRunning):
        KafkaServer(folder).start()

    os.kill(state["pid"], signal.SIGKILL)
    deadline = time.monotonic() + 30
    while not _is_gone(state["broker_pid"]):
        assert time.monotonic() < deadline, "the broker outlived its supervisor"
        time.sleep(0.05)
    assert _devkafka("status", "--dir", folder).returncode == 3

    again = _devkafka("start", "--dir", folder)
    assert again.stdout == started.stdout
    second = json.loads((folder / "state.json").read_text())
    assert _devkafka("start", "--dir", folder).stdout == started.stdout
    assert json.loads((folder / "state.json").read_text()) == second
    assert _devkafka("stop", "--dir", folder).returncode == 0
    assert _is_gone(second["pid"])
    assert _is_gone(second["broker_pid"])
    assert not answers_metadata(state["bootstrap_servers"])
    assert _devkafka("stop", "--dir", folder).stdout == "Kafka is not running.\n"


def test_a_broker_that_cannot_start_says_why(kafka_server, tmp_path):
    folder = tmp_path / "kafka"
    folder.mkdir()
    (folder / "server.properties").write_text("listeners=PLAINTEXT://127.0.0.1:20001,\nprocess.roles=nonsense\n")
    started = _devkafka("start", "--dir", folder)
    assert started.returncode == 1
    assert "process.roles" in started.stderr
    assert not (folder / "state.json").exists()
