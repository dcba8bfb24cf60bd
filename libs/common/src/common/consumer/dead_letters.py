"""Dead letters: kept in a table for people, and sent to the dead-letter topic through the outbox."""

import base64
from uuid import UUID

from common.bus import Received
from common.clock import now
from common.consumer.decode import PoisonMessage
from common.contracts.dead_letters import DeadLetter, dead_letter_topic, dead_letter_type
from common.db import Connection
from common.events import Event
from common.ids import uuid7
from common.outbox import append

DEAD_LETTERS_DDL: tuple[str, ...] = (
    """
    CREATE TABLE dead_letters (
        id uuid NOT NULL,
        consumer_group text NOT NULL,
        topic text NOT NULL,
        partition integer NOT NULL,
        "offset" bigint NOT NULL,
        code text NOT NULL,
        reason text NOT NULL,
        recorded_at timestamptz NOT NULL,
        CONSTRAINT pk_dead_letters PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX ix_dead_letters_recorded_at ON dead_letters (recorded_at, id)",
)

MAX_KEPT_BYTES = 400_000
"""In base64 and with its envelope a letter must fit into one message; the beginning of a larger one has to do."""

HOME_DIVISION = "440000000000"
"""A message that cannot be read has no division: its dead letter belongs to the site, which the province runs."""


async def bury(conn: Connection, *, service: str, group: str, message: Received, poison: PoisonMessage) -> UUID:
    """Records one dead letter in the consumer's own transaction; returns its id.

    The table holds place and reason; the bytes stay on the (access-controlled) dead-letter topic only.
    """
    letter_id, at = uuid7(), now()
    await conn.execute(
        'INSERT INTO dead_letters (id, consumer_group, topic, partition, "offset", code, reason, recorded_at) '
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        letter_id,
        group,
        message.topic,
        message.partition,
        message.offset,
        poison.code,
        poison.reason,
        at,
    )
    letter = DeadLetter(
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        consumer_group=group,
        code=poison.code,
        reason=poison.reason,
        key_base64=base64.b64encode(message.key).decode(),
        value_base64=base64.b64encode(message.value[:MAX_KEPT_BYTES]).decode(),
        is_cut=len(message.value) > MAX_KEPT_BYTES,
        headers=[(name, base64.b64encode(value).decode()) for name, value in message.headers],
        recorded_at=at,
    )
    event = Event(
        id=str(letter_id),
        type=dead_letter_type(service),
        source=f"/jiceng/{service}",
        subject=str(letter_id),
        time=at,
        division=HOME_DIVISION,
        level="province",
        recordversion=1,
        partitionkey=str(letter_id),
        data=letter.to_bytes(),
    )
    await append(conn, dead_letter_topic(message.topic, group), event)
    return letter_id
