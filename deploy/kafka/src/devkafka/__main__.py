"""`python -m devkafka start|stop|status|run --dir DIR`: the development broker from the command line."""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

from devkafka.artifacts import kafka_libraries
from devkafka.errors import KafkaError
from devkafka.server import KafkaServer

_WATCH_SECONDS = 0.25
_START_TIMEOUT_SECONDS = 240.0
_STOP_TIMEOUT_SECONDS = 60.0
_CLOCK_SLACK_SECONDS = 5.0
_NOT_RUNNING = 3  # what init scripts answer for "status" of a stopped service


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks; the exit status."""
    options = _parse(arguments)
    options.dir = options.dir.absolute()
    if options.state_file is None:
        options.state_file = options.dir / "state.json"
    try:
        return int(options.command(options))
    except KafkaError as error:
        print(error, file=sys.stderr)
        return 1


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m devkafka", description="One real Apache Kafka for development.")
    commands = parser.add_subparsers(required=True)
    explained = {
        "start": (_start, "start in the background and print the bootstrap address"),
        "stop": (_stop, "stop the broker that start or run began"),
        "status": (_status, "say whether it runs, and where"),
        "run": (_run, "stay in the foreground; Ctrl-C stops the broker"),
        "fetch": (_fetch, "only get Kafka's files"),
    }
    for name, (command, text) in explained.items():
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(command=command, state_file=None, follow_pid=None, wipe=False)
        sub.add_argument(
            "--dir", type=Path, default=Path("var/kafka"), help="settings, data and log (default %(default)s)"
        )
        if name == "run":
            sub.add_argument("--follow-pid", type=int, help="end when this process is gone")
            sub.add_argument("--state-file", type=Path, help="where to write the address as JSON once ready")
            sub.add_argument("--wipe", action="store_true", help="delete everything at the end")
    return parser.parse_args(arguments)


def _run(options: argparse.Namespace) -> int:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    followed = psutil.Process(options.follow_pid) if options.follow_pid else None
    server = KafkaServer(options.dir)
    server.start()
    try:
        _write_state(options.state_file, server)
        print(f"Kafka is ready at {server.bootstrap_servers}", flush=True)
        while server.is_running and not stop.wait(_WATCH_SECONDS):
            if followed is not None and not _is_alive(followed):
                break
        is_asked_to_end = server.is_running
    finally:
        options.state_file.unlink(missing_ok=True)
        (server.wipe if options.wipe else server.stop)()
    return 0 if is_asked_to_end else 1


def _start(options: argparse.Namespace) -> int:
    state = _living_state(options.state_file)
    if state is None:
        kafka_libraries()  # in the foreground, where its duration and its errors are seen
        state = _start_apart(options)
    print(f"Kafka is ready at {state['bootstrap_servers']}")
    return 0


def _start_apart(options: argparse.Namespace) -> dict[str, Any]:
    options.dir.mkdir(parents=True, exist_ok=True)
    output = options.dir / "supervisor.log"
    with output.open("wb") as log:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "devkafka", "run", "--dir", str(options.dir)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    deadline = time.monotonic() + _START_TIMEOUT_SECONDS
    while supervisor.poll() is None and time.monotonic() < deadline:
        state = _living_state(options.state_file)
        if state is not None:
            supervisor.returncode = 0  # it is meant to outlive us
            return state
        time.sleep(_WATCH_SECONDS)
    supervisor.terminate()
    supervisor.wait(_STOP_TIMEOUT_SECONDS)
    raise KafkaError(output.read_text(encoding="utf-8", errors="replace").strip() or "Kafka did not start in time.")


def _stop(options: argparse.Namespace) -> int:
    state = _living_state(options.state_file)
    if state is None:
        print("Kafka is not running.")
        return 0
    with contextlib.suppress(psutil.NoSuchProcess):
        supervisor = psutil.Process(state["pid"])
        supervisor.terminate()
        try:
            supervisor.wait(_STOP_TIMEOUT_SECONDS)
        except psutil.TimeoutExpired as error:
            raise KafkaError(f"The supervisor {state['pid']} did not end.") from error
    print("Kafka has stopped.")
    return 0


def _status(options: argparse.Namespace) -> int:
    state = _living_state(options.state_file)
    if state is None:
        print("Kafka is not running.")
        return _NOT_RUNNING
    print(f"Kafka is ready at {state['bootstrap_servers']} (process {state['broker_pid']})")
    return 0


def _fetch(_: argparse.Namespace) -> int:
    print(kafka_libraries())
    return 0


def _write_state(state_file: Path, server: KafkaServer) -> None:
    state = {
        "pid": os.getpid(),
        "created": psutil.Process().create_time(),
        "broker_pid": server.pid,
        "bootstrap_servers": server.bootstrap_servers,
    }
    draft = state_file.with_suffix(".draft")
    draft.write_text(json.dumps(state), encoding="utf-8")
    draft.rename(state_file)


def _living_state(state_file: Path) -> dict[str, Any] | None:
    """The written state, if the process it names is still that process and not a later one with its number."""
    with contextlib.suppress(FileNotFoundError, json.JSONDecodeError, psutil.Error):
        state: dict[str, Any] = json.loads(state_file.read_text(encoding="utf-8"))
        process = psutil.Process(state["pid"])
        # The creation time is derived from the wall clock, which may be set while we run.
        if abs(process.create_time() - state["created"]) < _CLOCK_SLACK_SECONDS and _is_alive(process):
            return state
    return None


def _is_alive(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


if __name__ == "__main__":
    sys.exit(main())
