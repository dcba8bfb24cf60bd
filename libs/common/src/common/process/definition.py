"""What a service says of itself so that its roles can run."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from common.consumer import ConsumerRunner
from common.db import Database
from common.process.context import Context
from common.settings import ServiceSettings

Job = Callable[[asyncio.Event], Awaitable[None]]
"""Runs until the event is set."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command of one service beside the common ones: `python -m <service> <name>`.

    Attributes:
        help: one line.
        run: does it with the service's database and the values of the arguments; returns the exit code.
        arguments: names of what must follow the command.
    """

    help: str
    run: Callable[..., Awaitable[int]]
    arguments: tuple[str, ...] = ()


def _none(_: Context) -> Sequence[Any]:
    return ()


@dataclass(frozen=True, slots=True)
class ServiceDefinition:
    """One service.

    Attributes:
        name: directory = import name = topic word = metric label.
        settings: the service's settings class; read from the environment.
        create_app: builds the API; must not touch the network before the app's lifespan starts.
        migrations: folder of the Alembic migrations.
        consumers: the runners of the worker role.
        jobs: further loops of the worker role.
        commands: administrative commands of this service alone.
        seed: brings packaged reference data into the database, after every `migrate`; idempotent.
    """

    name: str
    settings: type[ServiceSettings]
    create_app: Callable[[Context], FastAPI]
    migrations: Path
    consumers: Callable[[Context], Sequence[ConsumerRunner]] = _none
    jobs: Callable[[Context], Sequence[Job]] = _none
    commands: Mapping[str, Command] = field(default_factory=dict)
    seed: Callable[[Database], Awaitable[None]] | None = None
