"""One real Apache Kafka node (KRaft) for development and tests: start, stop, kill, start again on the same ports."""

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

from devkafka.artifacts import find_java, kafka_libraries
from devkafka.errors import KafkaError, KafkaNotAvailable, ServerAlreadyRunning
from devkafka.process import end_orphans
from devkafka.ready import answers_metadata
from devkafka.settings import HOST, free_ports, new_cluster_id, read_port, render_settings
from guard import GuardedProcess

_LOG_SETTINGS = Path(__file__).with_name("log4j2.properties")
_START_TIMEOUT_SECONDS = 180.0
_STOP_TIMEOUT_SECONDS = 30.0
_KILL_TIMEOUT_SECONDS = 15.0
_POLL_SECONDS = 0.1
_LOG_ROTATE_BYTES = 5_000_000
_TAIL_LINES = 40


class KafkaServer:
    """One Kafka node whose files and ports live in `directory`.

    The ports are chosen on the first start and kept with the data, so that clients find the broker again after a stop
    or a crash.

    Args:
        directory: settings, data and log; made on the first start.
        heap_mb: Java heap in megabytes.
    """

    def __init__(self, directory: Path, *, heap_mb: int = 384) -> None:
        self._directory = directory.absolute()
        self._heap_mb = heap_mb
        self._child: GuardedProcess | None = None
        self._lock_fd: int | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @staticmethod
    def available() -> str | None:
        """Why this machine cannot run the broker, or None when it can; fetches Kafka's files on first use."""
        try:
            find_java()
            kafka_libraries()
        except KafkaNotAvailable as error:
            return str(error)
        return None

    @property
    def is_running(self) -> bool:
        """Whether the broker we started is alive."""
        return self._child is not None and not self._child.has_ended

    @property
    def pid(self) -> int:
        """Process id of the broker."""
        if self._child is None or self._child.has_ended:
            raise KafkaError(f"The Kafka broker of {self._directory} is not running.")
        return self._child.pid

    @property
    def bootstrap_servers(self) -> str:
        """The address for clients; fixed from the first start on."""
        return f"{HOST}:{read_port(self._settings_file)}"

    @property
    def log_file(self) -> Path:
        """The broker's log."""
        return self._directory / "kafka.log"

    def start(self, *, timeout_seconds: float = _START_TIMEOUT_SECONDS) -> None:
        """Start and wait until the broker answers a metadata call; nothing happens when it runs already.

        Raises:
            KafkaNotAvailable: no Java 17, no mvn, no files.
            ServerAlreadyRunning: another living supervisor holds the directory.
            KafkaError: it did not come up; the message carries the end of its log.
        """
        if self.is_running:
            return
        java, libraries = find_java(), kafka_libraries()
        self._directory.mkdir(parents=True, exist_ok=True)
        self._take_lock()
        try:
            end_orphans(self._settings_file)
            self._prepare(java, libraries)
            self._spawn(java, libraries)
            self._await_ready(time.monotonic() + timeout_seconds)
        except BaseException:
            self.kill()
            raise

    def stop(self, *, timeout_seconds: float = _STOP_TIMEOUT_SECONDS) -> None:
        """Orderly shutdown, bounded: killed when it takes too long."""
        if self._child is not None:
            self._child.send_signal(signal.SIGTERM)
            self._child.wait(timeout_seconds)
        self.kill()

    def kill(self) -> None:
        """SIGKILL, as a crash: no goodbye to clients, no flush beyond what the system holds."""
        child, self._child = self._child, None
        if child is not None:
            child.send_signal(signal.SIGKILL)
            child.wait(_KILL_TIMEOUT_SECONDS)
        if self._lock_fd is not None:
            os.close(self._lock_fd)
            self._lock_fd = None

    def restart(self) -> None:
        """Stop and start on the same ports and data."""
        self.stop()
        self.start()

    def wipe(self) -> None:
        """Stop and delete settings, data and log."""
        self.stop()
        if self._directory.is_dir():
            self._take_lock()
            end_orphans(self._settings_file)
            shutil.rmtree(self._directory)
            self.kill()

    def log_tail(self) -> str:
        """The last lines of the broker's log."""
        with contextlib.suppress(FileNotFoundError):
            lines = self.log_file.read_text(encoding="utf-8", errors="replace").splitlines()
            return "\n".join(lines[-_TAIL_LINES:])
        return ""

    @property
    def _settings_file(self) -> Path:
        return self._directory / "server.properties"

    @property
    def _data(self) -> Path:
        return self._directory / "data"

    def _take_lock(self) -> None:
        descriptor = os.open(self._directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            raise ServerAlreadyRunning(f"Another process runs the Kafka broker of {self._directory}.") from error
        self._lock_fd = descriptor

    def _prepare(self, java: Path, libraries: Path) -> None:
        """Settings and storage, made once; settings come into place last, so that half a format starts over."""
        if self._settings_file.is_file():
            return
        shutil.rmtree(self._data, ignore_errors=True)
        port, controller_port = free_ports(2)
        draft = self._directory / "server.properties.draft"
        draft.write_text(render_settings(port=port, controller_port=controller_port, data=self._data), encoding="utf-8")
        command = [*self._java(java, libraries), "kafka.tools.StorageTool", "format", "--standalone"]
        command += ["-t", new_cluster_id(), "-c", str(draft)]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        if done.returncode != 0:
            raise KafkaError(f"Kafka's storage could not be formatted:\n{done.stdout.strip()}")
        draft.rename(self._settings_file)

    def _java(self, java: Path, libraries: Path) -> list[str]:
        return [
            str(java),
            f"-Xmx{self._heap_mb}m",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.awt.headless=true",
            f"-Dlog4j2.configurationFile={_LOG_SETTINGS}",
            "-cp",
            f"{libraries}/*",
        ]

    def _spawn(self, java: Path, libraries: Path) -> None:
        with contextlib.suppress(FileNotFoundError):
            if self.log_file.stat().st_size > _LOG_ROTATE_BYTES:
                self.log_file.rename(self.log_file.with_suffix(".log.1"))
        log_fd = os.open(self.log_file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            command = [*self._java(java, libraries), "kafka.Kafka", str(self._settings_file)]
            self._child = GuardedProcess(command, log_fd=log_fd, environment=os.environ, cwd=self._directory)
            self._child.start()
        finally:
            os.close(log_fd)

    def _await_ready(self, deadline: float) -> None:
        child = self._child
        while child is not None and not child.has_ended:
            if self._accepts_connections() and answers_metadata(self.bootstrap_servers):
                return
            if time.monotonic() > deadline:
                raise KafkaError(f"Kafka did not become ready in time. The end of its log:\n{self.log_tail()}")
            child.wait(_POLL_SECONDS)
        raise KafkaError(f"Kafka ended while starting. The end of its log:\n{self.log_tail()}")

    def _accepts_connections(self) -> bool:
        with contextlib.suppress(OSError):
            socket.create_connection((HOST, read_port(self._settings_file)), timeout=1).close()
            return True
        return False
