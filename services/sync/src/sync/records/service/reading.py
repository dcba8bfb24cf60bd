"""Where a record is, and what a level knows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from common.auth import Actor
from common.clock import now
from common.db import Connection
from common.directory import find_heirs
from common.divisions import Level
from sync.receipts.service import count_rejections, find_newest_version, list_receipts_of_version
from sync.records import repository
from sync.records.domain import StateRow, Travel, is_straight, trace
from sync.records.errors import RecordNotFound
from sync.scope import reading_bounds


async def locate_record(
    conn: Connection, actor: Actor, *, record_type: str, record_id: UUID, version: int | None
) -> Travel:
    """Where a record is: what each level of its path holds and answered, with the time of each hop.

    Source: O4.2a, architecture.md §5.

    Args:
        conn: for reading.
        actor: who asks; a record outside their subtree does not exist for them.
        record_type: of the record.
        record_id: of the record.
        version: which one; None for the newest that any level has accepted.

    Raises:
        RoleRequired: the actor reads no records.
        RecordNotFound: nobody here knows it at this version, or the actor may not see it.
    """
    bounds = reading_bounds(actor)
    newest, last_receipt = await find_newest_version(conn, bounds, record_type=record_type, record_id=record_id)
    if newest is None or last_receipt is None:
        raise RecordNotFound
    chosen = newest if version is None else version
    receipts, answers = await list_receipts_of_version(
        conn, bounds, record_type=record_type, record_id=record_id, version=chosen
    )
    if not receipts:
        raise RecordNotFound
    division = next(iter(answers.values())).division
    heirs = await find_heirs(conn, [division])
    states = await repository.states_of(conn, record_type, record_id, bounds)
    return Travel(
        record_type=record_type,
        record_id=record_id,
        division=division,
        newest_version=newest,
        version=chosen,
        head=await repository.find_head(conn, record_type, record_id, chosen, bounds),
        stops=trace(division, states, answers, routed=heirs.get(division), straight=is_straight(record_type)),
        receipts=receipts,
        last_receipt=last_receipt,
    )


async def list_level_records(
    conn: Connection,
    actor: Actor,
    level: Level,
    *,
    record_type: str | None,
    division: str | None,
    after: tuple[str, str, UUID] | None,
    limit: int,
) -> list[StateRow]:
    """What a level has accepted in the actor's subtree, by division; the newest version of each record only.

    Source: architecture.md §5 and §6.
    """
    bounds = reading_bounds(actor, division)
    return await repository.page_of_level(conn, level, bounds, record_type=record_type, after=after, limit=limit)


@dataclass(frozen=True, slots=True)
class LevelSummary:
    """How much a level has accepted and rejected.

    Attributes:
        level: the level.
        division: whose subtree is counted.
        as_of: when.
        records: distinct records per type.
        rejections: receipts that say no.
    """

    level: Level
    division: str
    as_of: datetime
    records: Mapping[str, int]
    rejections: int


async def summarise_level(conn: Connection, actor: Actor, level: Level, *, division: str | None) -> LevelSummary:
    """Counts what a level has accepted and rejected in the actor's subtree, now.

    Source: architecture.md §5 and §6.
    """
    bounds = reading_bounds(actor, division)
    as_of = now()
    return LevelSummary(
        level=level,
        division=division or actor.division,
        as_of=as_of,
        records=await repository.count_by_type(conn, level, bounds),
        rejections=await count_rejections(conn, bounds, level),
    )


async def find_names(conn: Connection, codes: Collection[str]) -> dict[str, str]:
    """What the directory calls each division; codes that it does not know are absent."""
    return await repository.names_of(conn, codes)
