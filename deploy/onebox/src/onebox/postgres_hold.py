"""Hold one PostgreSQL server until told to end, or until a process it follows is gone.

python -m onebox.postgres_hold --data var/postgres              # in the foreground, Ctrl-C ends it
python -m onebox.postgres_hold --data DIR --follow-pid 4711 …   # for test sessions that share one server
"""

import argparse
import contextlib
import json
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import psutil

from onebox.postgres import PostgresError, PostgresServer, ServerOptions

_WATCH_SECONDS = 0.25


def main(arguments: Sequence[str] | None = None) -> int:
    """Start, announce, hold, stop."""
    options = _parse(arguments)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    followed = _followed(options.follow_pid)
    settings = ServerOptions(durable=not options.fast, tcp=options.tcp, max_connections=options.max_connections)
    server = PostgresServer(options.data, options=settings)
    try:
        server.start()
    except PostgresError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        _announce(server, options.state_file, tcp=options.tcp)
        while server.is_running and not stop.wait(_WATCH_SECONDS):
            if followed is not None and not _is_alive(followed):
                break
        is_asked_to_end = server.is_running
    finally:
        if options.state_file:
            options.state_file.unlink(missing_ok=True)
        (server.wipe if options.wipe else server.stop)()
    return 0 if is_asked_to_end else 1


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m onebox.postgres_hold", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the data")
    parser.add_argument("--tcp", action="store_true", help="also listen on a free port of 127.0.0.1, with a password")
    parser.add_argument("--fast", action="store_true", help="for tests: no fsync")
    parser.add_argument("--max-connections", type=int, default=ServerOptions().max_connections)
    parser.add_argument("--follow-pid", type=int, help="end when this process is gone")
    parser.add_argument("--state-file", type=Path, help="write the address as JSON here once the server is ready")
    parser.add_argument("--wipe", action="store_true", help="delete the data at the end")
    return parser.parse_args(arguments)


def _followed(pid: int | None) -> psutil.Process | None:
    return psutil.Process(pid) if pid else None


def _is_alive(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def _announce(server: PostgresServer, state_file: Path | None, *, tcp: bool) -> None:
    state = {"pid": server.pid, "url": server.url("postgres"), "binaries": str(server.binaries)}
    if state_file:
        draft = state_file.with_suffix(".draft")
        draft.write_text(json.dumps(state), encoding="utf-8")
        draft.rename(state_file)
    else:
        print(f"PostgreSQL is ready: {server.binaries / 'psql'} '{state['url']}'", flush=True)
        if tcp:
            print(f"over TCP: {server.tcp_url('postgres')}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
