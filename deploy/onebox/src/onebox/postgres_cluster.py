"""How our cluster is made (initdb, once) and set (the settings of every start)."""

import os
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from guard import Identity, launcher_command
from onebox.postgres_place import PostgresError, give_tree, named_identity
from onebox.postgres_process import child_environment

SUPERUSER = "jiceng"
MAJOR_VERSION = "18"
PASSWORD_FILE = "jiceng.password"  # noqa: S105 - a file name
_INITDB_TIMEOUT_SECONDS = 300
# pg_trgm classifies characters by the C library's LC_CTYPE even under the builtin provider; "C" would make every
# Chinese character a separator and every search empty. Not every system calls its UTF-8 locale the same.
_CTYPES = ("C.UTF-8", "C.utf8", "en_US.UTF-8", "zh_CN.UTF-8", "UTF-8")
# Personal data must not reach the log: no statement, no parameter, no DETAIL (it quotes key values), and no message of
# a failed statement (it quotes wrong input); the client gets those and applies its own redaction.
_LOGGING = {
    "log_destination": "stderr",
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] ",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
    "log_autovacuum_min_duration": "-1",
    "log_lock_waits": "off",
}
_HBA = """\
# The socket lies in a folder that only its owner (and root) can enter.
local all all trust
host  all all 127.0.0.1/32 scram-sha-256
"""


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """What may differ between a real run and a test run.

    `durable=False` turns fsync off: a power cut may then destroy the data, a killed process may not.
    """

    durable: bool = True
    shared_buffers_mb: int = 64
    max_connections: int = 120
    tcp: bool = False


def settings_for(options: ServerOptions, *, socket_dir: Path, port: int) -> dict[str, str]:
    """Every setting that differs from PostgreSQL's own, by name."""
    on = "on" if options.durable else "off"
    return {
        "listen_addresses": "127.0.0.1" if options.tcp else "",
        "port": str(port),
        "unix_socket_directories": str(socket_dir),
        "unix_socket_permissions": "0700",
        "max_connections": str(options.max_connections),
        "shared_buffers": f"{options.shared_buffers_mb}MB",
        "fsync": on,
        "full_page_writes": on,
        "synchronous_commit": "on",  # in tests too: a commit survives a killed server, and costs nothing without fsync
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_logical_replication_workers": "0",
        "wal_compression": "on",
        "min_wal_size": "80MB",
        "max_wal_size": "1GB",
        "io_method": "sync",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        **_LOGGING,
    }


def is_initialised(cluster_dir: Path) -> bool:
    """Whether a complete cluster of our major version stands there.

    Raises:
        PostgresError: another major version, or a folder with foreign content.
    """
    version_file = cluster_dir / "PG_VERSION"
    if version_file.is_file():
        version = version_file.read_text(encoding="ascii").strip()
        if version != MAJOR_VERSION:
            raise PostgresError(
                f"{cluster_dir} holds data of PostgreSQL {version}; this program brings {MAJOR_VERSION}."
            )
        return True
    if cluster_dir.is_dir() and any(cluster_dir.iterdir()):
        raise PostgresError(f"{cluster_dir} is not empty and holds no PostgreSQL data; choose another folder.")
    return False


def initialise(cluster_dir: Path, *, binaries: Path, identity: Identity, durable: bool) -> None:
    """Make the cluster in a folder beside and move it into place whole: a crash in between leaves nothing half made."""
    for leftover in cluster_dir.parent.glob(f"{cluster_dir.name}.init-*"):
        shutil.rmtree(leftover)
    maker = named_identity(identity)
    workshop = Path(tempfile.mkdtemp(dir=cluster_dir.parent, prefix=f"{cluster_dir.name}.init-"))
    try:
        password_file = workshop / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(secrets.token_urlsafe(24) + "\n", encoding="ascii")
        give_tree(workshop, maker)
        made = _run_initdb(workshop, binaries=binaries, maker=maker, durable=durable)
        (made / "pg_hba.conf").write_text(_HBA, encoding="ascii")
        password_file.rename(made / PASSWORD_FILE)
        if maker != identity:
            give_tree(made, identity)
        made.rename(cluster_dir)
        _sync_folder(cluster_dir.parent)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _run_initdb(workshop: Path, *, binaries: Path, maker: Identity, durable: bool) -> Path:
    output = ""
    for number, ctype in enumerate(_CTYPES):
        made = workshop / f"cluster-{number}"
        command = [
            str(binaries / "initdb"),
            f"--pgdata={made}",
            f"--username={SUPERUSER}",
            f"--pwfile={workshop / 'password'}",
            "--auth-local=trust",
            "--auth-host=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            f"--lc-ctype={ctype}",
            "--no-instructions",
            *([] if durable else ["--no-sync"]),
        ]
        done = subprocess.run(
            launcher_command(command, maker, "--guard", "none"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=child_environment(),
            cwd="/",
            text=True,
            errors="replace",
            timeout=_INITDB_TIMEOUT_SECONDS,
            check=False,
        )
        if done.returncode == 0:
            return made
        output = done.stdout
        if "locale" not in output:
            break
    raise PostgresError(f"initdb failed:\n{output.strip()}")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
