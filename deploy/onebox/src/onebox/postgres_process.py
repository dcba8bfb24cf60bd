"""PostgreSQL's processes: what they run with, and how those of an earlier life are found."""

import os
from pathlib import Path

import psutil


def child_environment() -> dict[str, str]:
    """A small environment: no `PG…` settings of the user may change what our server and its clients do.

    glibc raises its own trim threshold with the largest block that it ever freed, and then keeps the memory of one
    large batch for the life of a backend; a fixed one gives it back.
    """
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "LOCPATH", "TMPDIR") if name in os.environ}
    given = {"HOME": "/", "LANG": "C.UTF-8", "LC_MESSAGES": "C", "TZ": "UTC", "MALLOC_TRIM_THRESHOLD_": "131072"}
    return {**kept, **given}


def processes_of(cluster_dir: Path) -> list[psutil.Process]:
    """Every PostgreSQL process that works in `cluster_dir`: the postmaster and its children all stand in it.

    A pid alone proves nothing (files survive reboots, numbers are reused); the working directory does.
    """
    wanted = str(cluster_dir.resolve())
    found = []
    for process in psutil.process_iter(["name"]):
        if not (process.info["name"] or "").startswith("postgres"):
            continue
        try:
            if process.status() != psutil.STATUS_ZOMBIE and process.cwd() == wanted:
                found.append(process)
        except psutil.Error:
            continue
    return found
