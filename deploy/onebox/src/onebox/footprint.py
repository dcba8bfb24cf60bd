"""How much memory all processes take together, shared pages counted once."""

from collections.abc import Mapping
from pathlib import Path

import psutil

LIMIT_MB = 700


def family_mb(root_pid: int, names: Mapping[int, str]) -> dict[str, float]:
    """Resident megabytes by kind of process, of a process and everything below it.

    Args:
        names: of those that their command lines do not tell, by process id.

    On Linux the proportional set size (each shared page divided among its users) makes the sum true; elsewhere the
    resident set size, which counts shared pages again in every process.
    """
    root = psutil.Process(root_pid)
    sizes: dict[str, float] = {}
    for process in [root, *root.children(recursive=True)]:
        try:
            kind, size = names.get(process.pid) or _kind(process, root_pid), _megabytes(process)
        except (psutil.Error, OSError):
            continue
        sizes[kind] = sizes.get(kind, 0.0) + size
    return sizes


def _megabytes(process: psutil.Process) -> float:
    rollup = Path(f"/proc/{process.pid}/smaps_rollup")
    if rollup.exists():
        for line in rollup.read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return float(process.memory_info().rss) / 1024 / 1024


def _kind(process: psutil.Process, root_pid: int) -> str:
    command = process.cmdline()
    if process.pid == root_pid:
        return "onebox"
    if command and "postgres" in command[0]:
        return "postgres"
    if command and command[0].endswith("java"):
        return "kafka"
    if "-m" in command:
        return command[command.index("-m") + 1]
    return "nursery" if any("multiprocessing" in part for part in command) else process.name()
