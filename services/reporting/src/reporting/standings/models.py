"""Tables of standings: the states of offices, since when each holds at a level, and the sums above them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from reporting.orm import Base, Code, DivisionCode


class StandingRow(Base):
    """An office as a level knows it last; its row lock orders the writers of the office at that level."""

    __tablename__ = "standings"
    __table_args__ = {"postgresql_with": {"fillfactor": 80}}  # noqa: RUF012 - SQLAlchemy's own form

    level: Mapped[Code] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]


class StandingStateRow(Base):
    """One state of one office, kept once for all levels: what it adds to sums. Never changed."""

    __tablename__ = "standing_states"

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    office_id: Mapped[UUID]
    division: Mapped[DivisionCode]
    effective_on: Mapped[date]
    status: Mapped[Code]
    counts: Mapped[Any] = mapped_column(JSONB)


class StandingPeriodRow(Base):
    """The days on which a level takes a state to hold; `until` is the first on which it no longer does.

    A state that a later one has overtaken on its very first day holds on no day: its `until` is its `since`.
    """

    __tablename__ = "standing_periods"
    __table_args__ = (Index(None, "level", "division", "record_id"), {"postgresql_with": {"fillfactor": 80}})

    level: Mapped[Code] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    division: Mapped[DivisionCode]
    since: Mapped[date]
    until: Mapped[date | None]


class StandingSumRow(Base):
    """Sums over the offices of a subtree: what changes from a day on; under the day `infinity`, where all has come to.

    What holds on a day is that last row less everything that changes later: one index range, short for a recent day.
    `counts` is of the division with all below it, `own` of its own office alone (villages have nothing below them:
    theirs is empty, and means the same as `counts`). Measures that come to nothing are absent.
    """

    __tablename__ = "standing_sums"
    __table_args__ = {"postgresql_with": {"fillfactor": 70}}  # noqa: RUF012

    level: Mapped[Code] = mapped_column(primary_key=True)
    division: Mapped[DivisionCode] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    counts: Mapped[Any] = mapped_column(JSONB)
    own: Mapped[Any] = mapped_column(JSONB)


class StandingFreshnessRow(Base):
    """How far the standings of one level have come; as `freshness` is for cases."""

    __tablename__ = "standing_freshness"

    level: Mapped[Code] = mapped_column(primary_key=True)
    as_of: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True))
    accepted_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True))
