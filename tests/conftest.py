"""What every test may use: one PostgreSQL and one Kafka per session, a database per test, no network but loopback.

Servers shared by all xdist workers are started by whoever needs one first, under a file lock, in a process of its own
that follows the pytest controller: it ends with the session, and also when pytest is killed.
"""

import contextlib
import fcntl
import ipaddress
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import hypothesis
import psutil
import pytest

from common.testing.databases import TestDatabases
from devkafka.server import KafkaServer
from onebox.postgres import run_psql

_CONTROLLER_PID = "JICENG_TEST_CONTROLLER_PID"
_SHARED_DIR = "JICENG_TEST_SHARED_DIR"
_FOLDER_PREFIX = "jiceng-tests-"
_START_TIMEOUT_SECONDS = 180.0
_STOP_TIMEOUT_SECONDS = 30.0
_MIGRATE_TIMEOUT_SECONDS = 120.0

hypothesis.settings.register_profile("default", deadline=None, print_blob=True)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=False, print_blob=True, max_examples=60)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "default"))


# --- the session: its shared folder, and the end of what it started -----------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    """The controller makes the shared folder; xdist workers inherit its name."""
    _refuse_foreign_sockets()
    if not hasattr(config, "workerinput"):
        _sweep_killed_sessions()
        folder = Path(tempfile.mkdtemp(prefix=f"{_FOLDER_PREFIX}{os.getpid()}-"))
        folder.chmod(0o711)
        os.environ[_SHARED_DIR] = str(folder)
        os.environ[_CONTROLLER_PID] = str(os.getpid())


def _sweep_killed_sessions() -> None:
    """Folders of sessions that were killed; their servers ended by themselves."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER_PREFIX}*"):
        pid = folder.name.removeprefix(_FOLDER_PREFIX).split("-")[0]
        with contextlib.suppress(OSError):
            facts = folder.stat()
            is_old = time.time() - facts.st_mtime > _STOP_TIMEOUT_SECONDS
            if facts.st_uid == os.getuid() and is_old and not (pid.isdigit() and psutil.pid_exists(int(pid))):
                shutil.rmtree(folder, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever uses the broker carries its mark, so that `-m "not kafka"` leaves out exactly those."""
    for item in items:
        if "kafka_server" in getattr(item, "fixturenames", ()):
            item.add_marker("kafka")


def pytest_unconfigure(config: pytest.Config) -> None:
    """The controller ends the shared servers and removes the folder."""
    if hasattr(config, "workerinput") or os.environ.get(_CONTROLLER_PID) != str(os.getpid()):
        return
    folder = Path(os.environ.pop(_SHARED_DIR))
    del os.environ[_CONTROLLER_PID]
    holders = []
    for pid_file in folder.glob("*.holder"):
        with contextlib.suppress(psutil.Error):
            holder = psutil.Process(int(pid_file.read_text(encoding="ascii")))
            holder.send_signal(signal.SIGTERM)
            holders.append(holder)
    psutil.wait_procs(holders, timeout=_STOP_TIMEOUT_SECONDS)
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _locked(name: str) -> Iterator[Path]:
    """Hold the session-wide lock `name`; gives the shared folder. A crashed worker's lock is free again."""
    folder = Path(os.environ[_SHARED_DIR])
    with (folder / f"{name}.guard").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def _hold(name: str, module: str, arguments: Sequence[str]) -> dict[str, Any]:
    """The state of the shared server `name`, started now if no worker did before."""
    with _locked(name) as folder:
        state_file, log_file = folder / f"{name}.json", folder / f"{name}.log"
        if not state_file.exists() or not _is_held(folder / f"{name}.holder"):
            state_file.unlink(missing_ok=True)
            command = [sys.executable, "-m", module, *arguments]
            command += ["--state-file", str(state_file), "--follow-pid", os.environ[_CONTROLLER_PID]]
            holder = _spawn_apart(command, log_file)
            (folder / f"{name}.holder").write_text(str(holder), encoding="ascii")
            deadline = time.monotonic() + _START_TIMEOUT_SECONDS
            while not state_file.exists() and os.waitpid(holder, os.WNOHANG)[0] == 0 and time.monotonic() < deadline:
                time.sleep(0.02)
            if not state_file.exists():
                pytest.fail(f"the shared {name} did not start:\n{log_file.read_text(encoding='utf-8')}", pytrace=False)
        state: dict[str, Any] = json.loads(state_file.read_text(encoding="utf-8"))
        return state


def _is_held(pid_file: Path) -> bool:
    """Whether the process that holds the server lives; a test may have killed it."""
    with contextlib.suppress(psutil.Error):
        return psutil.Process(int(pid_file.read_text(encoding="ascii"))).status() != psutil.STATUS_ZOMBIE
    return False


def _spawn_apart(command: Sequence[str], log_file: Path) -> int:
    """Start a process that Ctrl-C does not reach and that may outlive this worker; gives its pid."""
    descriptor = os.open(log_file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        actions = [(os.POSIX_SPAWN_DUP2, descriptor, 1), (os.POSIX_SPAWN_DUP2, descriptor, 2)]
        return os.posix_spawn(command[0], command, os.environ, file_actions=actions, setpgroup=0)
    finally:
        os.close(descriptor)


# --- PostgreSQL -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SharedPostgres:
    """The session's PostgreSQL: fsync off, everything else as in a real run."""

    maintenance_url: str
    binaries: Path

    def url(self, database: str) -> str:
        """Address of one database."""
        return self.maintenance_url.replace("/postgres?", f"/{quote(database, safe='')}?", 1)

    def run_sql(self, database: str, sql: str) -> str:
        """Run a script with psql; rows as unaligned text."""
        return run_psql(self.url(database), sql, binaries=self.binaries)

    def create_database(self, name: str, template: str | None = None) -> str:
        """Create a database, empty or copied; gives its address. file_copy took 10 ms here, wal_log 25."""
        copied = f' TEMPLATE "{template}" STRATEGY file_copy' if template else ""
        self.run_sql("postgres", f'CREATE DATABASE "{name}"{copied}')
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database, cutting off whoever is connected."""
        self.run_sql("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def has_database(self, name: str) -> bool:
        """Whether it exists."""
        return self.run_sql("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{name}'").strip() == "1"


@pytest.fixture(scope="session")
def postgres_server() -> SharedPostgres:
    """The session's PostgreSQL server, shared by all workers."""
    data = Path(os.environ[_SHARED_DIR]) / "postgres"
    state = _hold("postgres", "onebox.postgres_hold", ["--data", str(data), "--fast", "--wipe"])
    return SharedPostgres(state["url"], Path(state["binaries"]))


@pytest.fixture(scope="session")
def _test_databases(postgres_server: SharedPostgres) -> Iterator[TestDatabases]:
    """The databases that this worker's tests use one after another."""
    databases = TestDatabases(postgres_server.url)
    yield databases
    databases.close()


@pytest.fixture
def clone_database(postgres_server: SharedPostgres, _test_databases: TestDatabases) -> Iterator[Callable[..., str]]:
    """`clone_database(template=None) -> url`: a database of this test alone, as the template is."""
    names: list[str] = []

    def clone(template: str | None = None) -> str:
        names.append(_test_databases.take(template))
        return postgres_server.url(names[-1])

    yield clone
    for name in names:
        _test_databases.give_back(name)


@pytest.fixture
def database_url(clone_database: Callable[..., str]) -> str:
    """A fresh empty database for this test."""
    return clone_database()


@pytest.fixture(scope="session")
def service_template(postgres_server: SharedPostgres) -> Callable[..., str]:
    """`service_template(service, **environment) -> template name`: the service's migrated database, made once.

    Runs `python -m <service> migrate` with `DATABASE_URL`; give the name to `clone_database`.
    """

    def template(service: str, **environment: str) -> str:
        name = f"template_{service}"
        with _locked(name):
            if not postgres_server.has_database(name):
                _migrate(postgres_server, service, name, environment)
        return name

    return template


def _migrate(server: SharedPostgres, service: str, name: str, environment: dict[str, str]) -> None:
    """Into a draft first: an interrupted migration must not look like a template."""
    draft = f"{name}_draft"
    server.drop_database(draft)
    url = server.create_database(draft)
    done = subprocess.run(
        [sys.executable, "-m", service, "migrate"],
        env={**os.environ, "ENVIRONMENT": "test", "DATABASE_URL": url, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_MIGRATE_TIMEOUT_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        pytest.fail(f"python -m {service} migrate failed:\n{done.stdout[-4000:]}", pytrace=False)
    server.run_sql("postgres", f'ALTER DATABASE "{draft}" RENAME TO "{name}"')


@pytest.fixture
def service_database(service_template: Callable[..., str], clone_database: Callable[..., str]) -> Callable[..., str]:
    """`service_database(service, **environment) -> url`: a migrated database of this test alone."""

    def make(service: str, **environment: str) -> str:
        return clone_database(service_template(service, **environment))

    return make


# --- Kafka --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def kafka_server() -> str:
    """`bootstrap_servers` of the session's Kafka, shared by all workers; tests that use it carry the mark `kafka`."""
    reason = KafkaServer.available()
    if reason and os.environ.get("CI") == "true":
        pytest.fail(f"Kafka must be there under CI=true: {reason}", pytrace=False)
    if reason:
        pytest.skip(reason)
    directory = Path(os.environ[_SHARED_DIR]) / "kafka"
    address: str = _hold("kafka", "devkafka", ["run", "--dir", str(directory), "--wipe"])["bootstrap_servers"]
    return address


# --- the network -------------------------------------------------------------------------------------------------


def _is_local(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a unix socket's path
    host = address[0]
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse_foreign_sockets() -> None:
    """Tests that reach out depend on the world; a connection to anything but loopback is an error of the test."""
    for name in ("connect", "connect_ex", "sendto"):
        original = getattr(socket.socket, name)
        if hasattr(original, "guarded"):
            continue

        def guarded(self: socket.socket, *values: Any, original: Callable[..., Any] = original) -> Any:
            address = values[-1]  # the only argument of connect, the last one of sendto
            if not _is_local(address):
                raise RuntimeError(f"a test tried to reach {address!r}; only loopback and unix sockets are allowed")
            return original(self, *values)

        guarded.guarded = True  # type: ignore[attr-defined]
        setattr(socket.socket, name, guarded)
