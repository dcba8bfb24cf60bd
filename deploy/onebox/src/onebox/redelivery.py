"""A fault on purpose: the bus delivers events of one case again, newest first."""

from uuid import UUID

from common.bus import open_bus
from common.db import Database
from common.process import BusAddress
from common.relay import message_of
from common.settings import ServiceSettings


async def redeliver(settings: ServiceSettings, case_id: str) -> int:
    """Sends every event of the case once more, in the wrong order; returns how many.

    Args:
        settings: as casework has them.
        case_id: of the case.
    """
    db = Database(settings.database_url.get_secret_value(), pool_size=1, application_name="redelivery")
    bus = open_bus(BusAddress.of(settings))
    producer = bus.producer()
    try:
        async with db.autocommit() as conn:
            rows = await conn.fetch("SELECT * FROM outbox WHERE subject = $1 ORDER BY id DESC", str(UUID(case_id)))
        await bus.start()
        await producer.start()
        await producer.send([message_of(row) for row in rows])
    finally:
        await producer.stop()
        await bus.stop()
        await db.dispose()
    return len(rows)
