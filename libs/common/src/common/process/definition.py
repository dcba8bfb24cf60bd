"""What a service says of itself so that its roles can run."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from common.consumer import ConsumerRunner
from common.process.context import Context
from common.settings import ServiceSettings

Job = Callable[[asyncio.Event], Awaitable[None]]
"""Runs until the event is set."""


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
    """

    name: str
    settings: type[ServiceSettings]
    create_app: Callable[[Context], FastAPI]
    migrations: Path
    consumers: Callable[[Context], Sequence[ConsumerRunner]] = _none
    jobs: Callable[[Context], Sequence[Job]] = _none
