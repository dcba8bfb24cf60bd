"""Bringing the packaged programmes into the database."""

from common.clock import now
from common.db import Database
from common.records.service import add_records
from reporting.programmes.catalogue import packaged_programmes
from reporting.programmes.repository import Programmes


async def seed_programmes(db: Database) -> None:
    """The policy's own programme, once; what the province has made of it since stays as it is.

    Source: O6.1a, O6.1b, O6.1c.

    Events: reporting.programme.changed.v1 for those that were not there.

    Idempotency: a programme that is there is not touched; of two at once one adds it.
    """
    async with db.transaction() as conn:
        for programme in packaged_programmes(at=now()):
            if await add_records(conn, [(programme, None)], action="reporting.programme.seed"):
                await Programmes(conn).add_version(programme)
