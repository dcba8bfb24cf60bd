"""`python -m onebox run | token | wipe`: what `make run`, `make token` and `make wipe` call."""

import asyncio
import contextlib
import os
import resource
import signal
import sys
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer

from onebox.display import Display
from onebox.footprint import LIMIT_MB, family_mb
from onebox.issuer import PEOPLE, DevelopmentIssuer, find_person
from onebox.places import Places
from onebox.platform import Platform
from onebox.platform import wipe as wipe_data
from onebox.postgres import PostgresError
from onebox.services import ServiceFailed

DEFAULT_DATA = Path("var/onebox")
app = typer.Typer(add_completion=False, no_args_is_help=True, help="基层 Jiceng on one machine.")
_INTERRUPTED = 130
_MALLOC = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}
"""For every Python that we start: memory that is free goes back; the C library reads this when a process begins."""
Data = Annotated[Path, typer.Option("--data", help="The folder that holds everything.")]


@app.command()
def run(
    data: Data = DEFAULT_DATA,
    bus: Annotated[str, typer.Option(help="embedded or kafka")] = "embedded",
    port: Annotated[int, typer.Option(help="Port of the gateway.")] = 8080,
    once: Annotated[bool, typer.Option("--once", help="Run the scenario, print, end with its exit code.")] = False,  # noqa: FBT002 - typer makes it a flag
) -> None:
    """Start the whole platform; Ctrl-C ends it."""
    if bus not in {"embedded", "kafka"}:
        raise typer.BadParameter("embedded or kafka", param_hint="--bus")
    display = Display()
    os.environ.update(_MALLOC)
    try:
        code = asyncio.run(_run(Places.at(data), bus=bus, port=port, once=once, display=display))
    except (ServiceFailed, PostgresError, RuntimeError) as error:
        display.say(f"✗ {error}")
        code = 1
    raise SystemExit(code)


@app.command()
def token(
    key: Annotated[str | None, typer.Argument(help="role@division, such as window_clerk@440304002000")] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Print a development token, or who there is."""
    if key is None:
        for person in PEOPLE:
            typer.echo(f"{person.key:<34} {person.level_label}  {person.name}")
        return
    try:
        person = find_person(key)
    except Exception as error:
        raise typer.BadParameter("write role@division, such as window_clerk@440304002000") from error
    typer.echo(DevelopmentIssuer(Places.at(data)).token(person))


@app.command()
def wipe(data: Data = DEFAULT_DATA) -> None:
    """Remove the data of `make run`."""
    try:
        wipe_data(Places.at(data))
    except (PostgresError, RuntimeError) as error:
        typer.echo(f"✗ {error}", err=True)
        raise SystemExit(1) from error
    typer.echo(f"{data} is gone.")


async def _run(places: Places, *, bus: str, port: int, once: bool, display: Display) -> int:
    began = time.monotonic()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    _allow_many_files()
    display.say(f"基层 Jiceng · bus={bus} · data in {places.root}")
    platform = Platform(places, bus=bus, display=display)
    try:
        await asyncio.to_thread(platform.prepare)
        await _unless_stopped(platform.start(port), stop)
        display.say(f"  ready in {time.monotonic() - began:.1f} s")
        _print_footprint(platform, display)
        code = await _scenario(platform, stop, display)
        _print_footprint(platform, display)
        if not once and not stop.is_set():
            _print_welcome(platform, display, code)
            await _serve(platform, stop)
            code = 0
    except asyncio.CancelledError:
        code = _INTERRUPTED
    finally:
        display.say("  stopping ...")
        await platform.stop()
    return code


async def _unless_stopped(work: Coroutine[Any, Any, None], stop: asyncio.Event) -> None:
    """Waits for the work, or gives it up when somebody wants to stop."""
    task, stopped = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not task.done():
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        raise asyncio.CancelledError
    await task


async def _serve(platform: Platform, stop: asyncio.Event) -> None:
    assert platform.services is not None  # noqa: S101 - it has been started
    watch = asyncio.create_task(platform.services.watch(stop))
    await stop.wait()
    await watch


async def _scenario(platform: Platform, stop: asyncio.Event, display: Display) -> int:
    """Runs the scenario as its own process, so that its memory is gone afterwards.

    Returns its exit code, or that of an interrupted command.
    """
    environment = {
        **os.environ,
        **platform.environment("casework"),
        "ONEBOX_URL": f"http://127.0.0.1:{platform.port}",
        "ONEBOX_DATA": str(platform.places.root),
    }
    display.say()
    child = await asyncio.create_subprocess_exec(sys.executable, "-m", "onebox.scenario", env=environment)
    stopped = asyncio.ensure_future(stop.wait())
    waiting = asyncio.ensure_future(child.wait())
    await asyncio.wait({stopped, waiting}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not stop.is_set():
        return await waiting
    with contextlib.suppress(ProcessLookupError):  # the interrupt reached it too, and it has ended
        child.terminate()
    await waiting
    return _INTERRUPTED


def _print_footprint(platform: Platform, display: Display) -> None:
    assert platform.services is not None  # noqa: S101 - it has been started
    sizes = family_mb(os.getpid(), {pid: name for name, pid in platform.services.pids.items()})
    own = sum(size for kind, size in sizes.items() if kind != "kafka")
    parts = ", ".join(f"{kind} {size:.0f}" for kind, size in sorted(sizes.items()))
    display.say(f"  memory: {own:.0f} MB of at most {LIMIT_MB} MB resident ({parts})")


def _print_welcome(platform: Platform, display: Display, code: int) -> None:
    display.say()
    display.say("The platform runs." if code == 0 else "The platform runs, but its scenario FAILED: see above.")
    display.say(f"  http://127.0.0.1:{platform.port}/                 首页: 接口文档、演示人员与令牌")
    for person in PEOPLE:
        display.say(f"  make token AS={person.key:<34} {person.level_label} {person.name}")
    display.say("  Ctrl-C stops it; `make run` again is quick; `make wipe` removes all data.")


def _allow_many_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 4096:  # noqa: PLR2004 - enough for connections and sockets of all processes
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))


if __name__ == "__main__":
    app()
