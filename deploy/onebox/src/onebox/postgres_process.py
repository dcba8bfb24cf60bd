"""PostgreSQL's processes: what they run with, and how those of an earlier life are found."""

import os
from pathlib import Path

import psutil


def child_environment() -> dict[str, str]:
    """A small environment: no `PG…` settings of the user may change what our server and its clients do."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "LOCPATH", "TMPDIR") if name in os.environ}
    return {**kept, "HOME": "/", "LANG": "C.UTF-8", "LC_MESSAGES": "C", "TZ": "UTC"}


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
