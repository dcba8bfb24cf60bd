"""The brokers that an earlier life left behind."""

import contextlib
import signal
from pathlib import Path

import psutil

_END_TIMEOUT_SECONDS = 15.0


def end_orphans(settings_file: Path) -> None:
    """End every broker that still runs from `settings_file`: asked first, then killed.

    A process is known by its command line, never by a stored pid: numbers are reused.
    """
    orphans = []
    for process in psutil.process_iter(["cmdline"]):
        command = process.info["cmdline"] or []
        if "kafka.Kafka" in command and str(settings_file) in command:
            orphans.append(process)
    for number in (signal.SIGTERM, signal.SIGKILL):
        for process in orphans:
            with contextlib.suppress(psutil.Error):
                process.send_signal(number)
        _, orphans = psutil.wait_procs(orphans, timeout=_END_TIMEOUT_SECONDS)
