"""Become a command that cannot outlive the process which asked for it, as another account if told.

Run as a plain script (`python -I -S launcher.py …`), so it imports nothing of ours: it drops privileges, ties the life
of the command to its parent, and replaces itself with the command, so that nothing of Python stays in memory.

`--guard pdeathsig` uses Linux's parent-death signal; `--guard pipe` leaves a small watcher that waits for the end of
the pipe whose other end the parent holds (other systems have no such signal); `--guard none` ties nothing.
"""

import argparse
import ctypes
import os
import select
import signal
import sys

_PR_SET_PDEATHSIG = 1
_WATCH_SECONDS = 1.0
ENDING = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
"""A background job of a shell inherits some of these as ignored, and would then outlive us."""


def _drop_to(uid: int, gid: int) -> None:
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def die_with_parent(parent_pid: int, death_signal: int) -> None:
    """Asks Linux for a signal when the parent ends."""
    # After the change of account, because the kernel forgets the request when credentials change.
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent_pid:
        sys.exit("the parent process ended before the command began")


def _leave_watcher(pipe_fd: int, death_signal: int) -> None:
    os.set_inheritable(pipe_fd, False)
    command_pid = os.getpid()
    if os.fork() != 0:
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while os.getppid() == command_pid:
        readable, _, _ = select.select([pipe_fd], [], [], _WATCH_SECONDS)
        if readable and os.read(pipe_fd, 1) == b"":
            if os.getppid() == command_pid:
                os.kill(command_pid, death_signal)
            break
    os._exit(0)


def main() -> None:
    """Drop privileges, tie to the parent, become the command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--guard", choices=("pdeathsig", "pipe", "none"), required=True)
    parser.add_argument("--parent", type=int, default=0)
    parser.add_argument("--pipe-fd", type=int, default=-1)
    parser.add_argument("--signal", type=int, default=int(signal.SIGINT))
    parser.add_argument("--uid", type=int, default=None)
    parser.add_argument("--gid", type=int, default=None)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if options.uid is not None:
        _drop_to(options.uid, options.gid)
    if options.guard == "pdeathsig":
        die_with_parent(options.parent, options.signal)
    elif options.guard == "pipe":
        _leave_watcher(options.pipe_fd, options.signal)
    for number in ENDING:
        signal.signal(number, signal.SIG_DFL)
    os.umask(0o077)
    os.execv(command[0], command)  # noqa: S606 - the point of this script


if __name__ == "__main__":
    main()
