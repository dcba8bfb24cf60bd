"""Who asks, for endpoints that need no token."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import Depends, Request

from casework.deps import Cipher
from casework.limits.domain import client_network
from casework.limits.service import Asker, require_seldom
from casework.settings import CaseworkSettings
from common.http import PROBLEM_JSON, parts_of

TOO_MANY: dict[int | str, dict[str, Any]] = {
    429: {
        "description": "操作过于频繁",
        "headers": {"Retry-After": {"description": "多少秒后可再试。", "schema": {"type": "integer"}}},
        "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}
Count = Callable[[str | None], Awaitable[None]]
"""Counts one question about a number, or one filing about none."""


async def asker_of(request: Request) -> Asker:
    """Dependency: who asks, as far as that is known, and how often one may."""
    settings = parts_of(request.app).settings
    assert isinstance(settings, CaseworkSettings)  # noqa: S101 - of this service
    header = ",".join(request.headers.getlist("x-forwarded-for"))
    network = client_network(
        request.client.host if request.client is not None else None,
        [part.strip() for part in header.split(",") if part.strip()],
        trusted_proxies=settings.http_trusted_proxies,
    )
    return Asker(network, settings.progress_per_address, settings.progress_per_case, settings.progress_window_seconds)


AskedBy = Annotated[Asker, Depends(asker_of)]


async def counting(request: Request, asker: AskedBy, cipher: Cipher) -> Count:
    """Dependency: counts on a connection that is given back at once, before the unit of work takes its own."""
    db = parts_of(request.app).db
    assert db is not None, "the lifespan has attached no database"  # noqa: S101

    async def count(number: str | None) -> None:
        async with db.autocommit() as conn:
            await require_seldom(conn, cipher=cipher, asker=asker, number=number)

    return count


Counting = Annotated[Count, Depends(counting)]
