"""Become a command that cannot outlive the process which asked for it.

Run as a plain script (`python -I -S launcher.py …`), never imported. Linux: the kernel's parent-death signal; other
systems: a small watcher that waits for the end of the pipe whose other end the parent holds.
"""

import ctypes
import os
import select
import signal
import sys

_PR_SET_PDEATHSIG = 1
_WATCH_SECONDS = 1.0


def _die_with_parent(parent_pid: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent_pid:
        sys.exit("the parent process ended before the command began")


def _leave_watcher(pipe_fd: int) -> None:
    os.set_inheritable(pipe_fd, False)
    command_pid = os.getpid()
    if os.fork() != 0:
        return
    while os.getppid() == command_pid:
        readable, _, _ = select.select([pipe_fd], [], [], _WATCH_SECONDS)
        if readable and os.read(pipe_fd, 1) == b"":
            if os.getppid() == command_pid:
                os.kill(command_pid, signal.SIGTERM)
            break
    os._exit(0)


def main() -> None:
    """`launcher.py pdeathsig|pipe <parent pid> <pipe fd> command…`."""
    guard, parent_pid, pipe_fd, *command = sys.argv[1:]
    if guard == "pdeathsig":
        _die_with_parent(int(parent_pid))
    else:
        _leave_watcher(int(pipe_fd))
    os.execv(command[0], command)  # noqa: S606 - the point of this script


if __name__ == "__main__":
    main()
