"""What Kubernetes sees of a background process whose bus and database are away."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest


@pytest.fixture
def relay() -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "ENVIRONMENT": "test",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "BUS": "kafka",
        "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
        "OIDC_JWKS_FILE": "/nonexistent",
        "METRICS_PORT": str(port),
    }
    command = [sys.executable, "-m", "casework", "relay"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    yield process, port
    process.kill()
    process.wait(10)


def _ask(port: int, path: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read()
    except OSError:
        return 0, b""


def test_lives_is_not_ready_and_ends_in_order_while_the_bus_is_away(
    relay: tuple[subprocess.Popen[bytes], int],
) -> None:
    process, port = relay
    until = time.monotonic() + 60
    while _ask(port, "/livez")[0] != 200:
        assert time.monotonic() < until
        assert process.poll() is None
        time.sleep(0.2)
    status, body = _ask(port, "/readyz")
    assert status == 503
    assert json.loads(body)["checks"]["start"] == "failed"
    assert b"jiceng_relay_active" in _ask(port, "/metrics")[1]
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
