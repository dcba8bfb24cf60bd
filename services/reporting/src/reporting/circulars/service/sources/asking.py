"""The port: a question about some divisions on a day, and its answer with what every number rests on."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.clock import BEIJING, now
from common.contracts.reporting.circulars import QueryState
from common.db import Connection
from common.divisions import Level
from reporting.circulars.domain import Cell, Column
from reporting.circulars.errors import QueryUnknown


def moment_of(on: date, asked_at: datetime) -> datetime:
    """The end of a Beijing day, or the moment of the question when the day was not over.

    Source: O6.3b.
    """
    return min(datetime.combine(on, time.max, BEIJING), asked_at)


@dataclass(frozen=True, slots=True)
class Question:
    """One query of a circular.

    Attributes:
        session, conn: one transaction.
        level: whose accepted records count: the issuer's.
        scope: the division compared as a whole.
        divisions: its children on the day.
        on: the Beijing day whose end is meant.
        asked_at: the same for all questions of a snapshot.
    """

    session: AsyncSession
    conn: Connection
    query: QueryState
    level: Level
    scope: str
    divisions: tuple[str, ...]
    on: date
    asked_at: datetime = field(default_factory=now)

    @property
    def places(self) -> list[str]:
        """The children, then the scope."""
        return [*self.divisions, self.scope]

    @property
    def moment(self) -> datetime:
        """The end of the day, or when it was asked if it was not over then."""
        return moment_of(self.on, self.asked_at)

    def subject_id(self) -> UUID:
        """The subject as the id of a record.

        Raises:
            QueryUnknown: it is none.
        """
        try:
            return UUID(self.query.subject or "")
        except ValueError:
            raise QueryUnknown(query=self.query.code) from None


@dataclass(frozen=True, slots=True)
class Found:
    """The answer: columns, and one cell for each in every division that the source knows."""

    columns: tuple[Column, ...]
    cells: Mapping[str, tuple[Cell, ...]]


SnapshotSource = Callable[[Question], Awaitable[Found]]
