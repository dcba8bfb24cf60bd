"""The port: a question about some divisions on a day, and its answer with what every number rests on."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.clock import BEIJING, now
from common.contracts.reporting.circulars import QueryState
from common.db import Connection
from common.divisions import Level
from reporting.circulars.domain import Cell, Column
from reporting.circulars.errors import QueryUnknown


@dataclass(frozen=True, slots=True)
class Question:
    """One query of a circular.

    Attributes:
        session, conn: one transaction.
        level: whose accepted records count: the issuer's.
        scope: the division compared as a whole.
        divisions: its children on the day.
        on: the Beijing day whose end is meant.
    """

    session: AsyncSession
    conn: Connection
    query: QueryState
    level: Level
    scope: str
    divisions: tuple[str, ...]
    on: date

    @property
    def places(self) -> list[str]:
        """The children, then the scope."""
        return [*self.divisions, self.scope]

    @property
    def moment(self) -> datetime:
        """The end of the day, or now when it is not over."""
        return min(datetime.combine(self.on, time.max, BEIJING), now())

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
