"""Migrations: one head a service, models and tables agree, and nothing in the SQL that would hold a busy table.

    python tools/check_migrations.py

Starts a PostgreSQL of its own, migrates an empty database of every service, runs `alembic check` on it, and gives the
SQL to squawk.
"""

import os
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from common.process import ServiceDefinition
from common.process.migrations import heads_of, sql_of
from onebox.postgres import PostgresServer, ServerOptions

ROOT = Path(__file__).resolve().parent.parent
SERVICES = ("registry", "casework", "sync", "reporting")
ALLOWED = (
    "prefer-robust-stmts",  # Alembic runs each migration in one transaction: IF NOT EXISTS would hide a mistake
    "require-concurrent-index-creation",  # judged by hand in reviews: first migrations work on empty tables
    "prefer-bigint-over-int",  # versions and partitions are small; ids are bigint or uuid
    "prefer-text-field",  # char(12) COLLATE "C" is the form of a division code (architecture.md §9)
    "ban-char-field",
    "require-timeout-settings",  # set by common.process.migrations for every run
    "prefer-identity",  # the outbox names its sequence, because the partition keeper reads it
    "require-enum-value-ordering",
)


def definition_of(service: str) -> ServiceDefinition:
    """The service's definition."""
    definition: ServiceDefinition = import_module(f"{service}.__main__").DEFINITION
    return definition


def check_service(service: str, server: PostgresServer) -> list[str]:
    """Findings about one service."""
    folder = definition_of(service).migrations
    findings = []
    heads = heads_of(folder)
    if len(heads) != 1:
        findings.append(f"{service}: {len(heads)} heads: {', '.join(heads)}")
    server.create_database(service)
    environment = {**os.environ, "ENVIRONMENT": "test", "DATABASE_URL": server.url(service)}
    for command in ("migrate", "check-migrations"):
        done = subprocess.run(
            [sys.executable, "-m", service, command], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            findings.append(f"{service}: {command} failed\n{(done.stdout + done.stderr)[-2000:]}")
    return findings + squawk(service, sql_of(folder))


def squawk(service: str, sql: str) -> list[str]:
    """What squawk says of the SQL."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{service}.sql"
        path.write_text(sql, encoding="utf-8")
        done = subprocess.run(
            [str(Path(sys.executable).parent / "squawk"), "--assume-in-transaction", "--pg-version", "18",
             *(f"--exclude={rule}" for rule in ALLOWED), str(path)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    return [] if done.returncode == 0 else [f"{service}: squawk\n{(done.stdout + done.stderr)[-3000:]}"]


def main() -> int:
    """Prints findings; 1 if there are any."""
    with tempfile.TemporaryDirectory() as folder:
        server = PostgresServer(Path(folder) / "postgres", options=ServerOptions(durable=False))
        server.start()
        try:
            findings = [finding for service in SERVICES for finding in check_service(service, server)]
        finally:
            server.stop()
            server.wipe()
    for finding in findings:
        print(finding)
    print(f"migrations: {len(SERVICES)} services, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
