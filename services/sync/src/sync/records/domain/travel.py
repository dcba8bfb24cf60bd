"""Where a record is: what each level of its path holds and answered, and how long each hop took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from common.contracts.sync import Outcome
from common.divisions import LEVELS, Level
from sync.receipts.domain import IssuedReceipt
from sync.records.domain.path import hop_on, way_of


class RecordHead(NamedTuple):
    """A record at one version, without its payload."""

    event_type: str
    occurred_at: datetime
    digest: bytes


class LevelState(NamedTuple):
    """What a level holds of a record now."""

    level: Level
    version: int
    accepted_at: datetime
    node: str | None = None


class StateRow(NamedTuple):
    """One record in the list of what a level has accepted."""

    record_type: str
    record_id: UUID
    version: int
    node: str
    division: str
    accepted_at: datetime


@dataclass(frozen=True, slots=True)
class Stop:
    """One level of a record's path.

    Attributes:
        level: the level.
        node: its node's division code.
        version: newest version that it holds; None where it holds none.
        outcome: its answer to the version asked for; None where that has not arrived.
        accepted_at: when it accepted that version.
        hop: time since the level below accepted that version.
    """

    level: Level
    node: str
    version: int | None
    outcome: Outcome | None
    accepted_at: datetime | None
    hop: timedelta | None


@dataclass(frozen=True, slots=True)
class Travel:
    """A record's way at one version.

    Attributes:
        record_type: of the record.
        record_id: of the record.
        division: where it was made.
        newest_version: the newest that any level has accepted, or been given where none has.
        version: the one that is told.
        head: None where no level of this site has its content.
        stops: from its origin to the province.
        receipts: of this version, oldest first.
        last_receipt: of the record at any version: changes whenever anything here does.
    """

    record_type: str
    record_id: UUID
    division: str
    newest_version: int
    version: int
    head: RecordHead | None
    stops: Sequence[Stop]
    receipts: Sequence[IssuedReceipt]
    last_receipt: str


def trace(
    division: str,
    states: Mapping[Level, LevelState],
    answers: Mapping[Level, IssuedReceipt],
    *,
    routed: str | None = None,
    straight: bool = False,
) -> list[Stop]:
    """The stops of a record's path, with the time of each hop between two acceptances of the same version.

    Where the division is no more, the stops are those of the one that took over, and every level that has the record.

    Source: O4.2a, architecture.md §5, ADR 0014; past the hierarchy G2.
    """
    stops: list[Stop] = []
    below: datetime | None = None
    on_the_way = {hop.level for hop in way_of(division, routed, straight=straight)} | states.keys()
    hops = (hop_on(division, routed, level, straight=straight) for level in reversed(LEVELS) if level in on_the_way)
    for hop in hops:
        if hop is None:
            continue
        answer, state = answers.get(hop.level), states.get(hop.level)
        accepted_at = answer.issued_at if answer is not None and answer.outcome == "accepted" else None
        stops.append(
            Stop(
                level=hop.level,
                node=hop.node if state is None or state.node is None else state.node,
                version=None if state is None else state.version,
                outcome=None if answer is None else answer.outcome,
                accepted_at=accepted_at,
                hop=None if accepted_at is None or below is None else accepted_at - below,
            )
        )
        below = accepted_at
    return stops
