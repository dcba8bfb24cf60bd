"""The parts that a running application holds, typed, in one place."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from common.auth import TokenVerifier
from common.crypto import FieldCipher
from common.db import Database
from common.settings import ServiceSettings
from common.uow import UnitOfWorkFactory

Check = Callable[[], Awaitable[object]]
"""A readiness check: raises, or takes too long, when its part is not usable."""


@dataclass
class Parts:
    """Set once while the application starts.

    Attributes:
        name: name of the service.
        settings: as loaded.
        verifier: of bearer tokens.
        db: the service's database; None until the lifespan has attached it.
        units: makes units of work; None until then.
        readiness: named checks of /readyz.
        cipher: under its keys what is stored of requests is hashed; None where the service has none.
    """

    name: str
    settings: ServiceSettings
    verifier: TokenVerifier
    db: Database | None = None
    units: UnitOfWorkFactory | None = None
    readiness: dict[str, Check] = field(default_factory=dict)
    cipher: FieldCipher | None = None


def attach(
    app: Any,
    *,
    db: Database | None = None,
    units: UnitOfWorkFactory | None = None,
    readiness: dict[str, Check] | None = None,
    cipher: FieldCipher | None = None,
) -> None:
    """Gives the application its parts; called by a service's lifespan (and by tests).

    Args:
        cipher: of a service that takes personal data; only such services are given the keys.
    """
    parts = parts_of(app)
    parts.db = db or parts.db
    parts.units = units or parts.units
    parts.readiness.update(readiness or {})
    parts.cipher = cipher


def parts_of(app: Any) -> Parts:
    """The parts of an application made by `create_service_app`."""
    parts: Parts = app.state.parts
    return parts
