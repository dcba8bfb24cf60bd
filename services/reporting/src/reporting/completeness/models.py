"""Tables of completeness: places, the days on which they were heard from, and the counts above them."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from reporting.orm import Base, Code, DivisionCode

_HOT = {"postgresql_with": {"fillfactor": 70}}
"""Rows that are counted up again and again stay on their page."""


class PlaceRow(Base):
    """A division that has or had an office: whether it is expected to report by what is known last.

    Its row lock orders the two writers.
    """

    __tablename__ = "places"

    division: Mapped[DivisionCode] = mapped_column(primary_key=True)
    is_expected: Mapped[bool]


class PlaceDayRow(Base):
    """How many facts of one day a level has accepted from one place itself, not from places below it."""

    __tablename__ = "place_days"
    __table_args__ = _HOT

    level: Mapped[Code] = mapped_column(primary_key=True)
    division: Mapped[DivisionCode] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    facts: Mapped[int] = mapped_column(BigInteger)


class OfficeStateRow(Base):
    """A state of an office that takes cases: from which day it is where, and whether it operates. Source: ADR 0014."""

    __tablename__ = "office_states"
    __table_args__ = (Index(None, "division"),)

    office_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    division: Mapped[DivisionCode]
    effective_on: Mapped[date]
    is_expected: Mapped[bool]


class PlacePeriodRow(Base):
    """Days on which a place is expected to report; `until` is the first on which it no longer is."""

    __tablename__ = "place_periods"

    division: Mapped[DivisionCode] = mapped_column(primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    until: Mapped[date | None]


class ExpectedStepRow(Base):
    """By how many the expected places of a subtree change from one day on; their sum up to a day is their number."""

    __tablename__ = "expected_steps"

    division: Mapped[DivisionCode] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    change: Mapped[int] = mapped_column(BigInteger)


class ExpectedRow(Base):
    """How many places of a subtree were expected before they were counted by day; written no more."""

    __tablename__ = "expected_places"

    division: Mapped[DivisionCode] = mapped_column(primary_key=True)
    expected: Mapped[int] = mapped_column(BigInteger)


class ReportedRow(Base):
    """How many expected places of a subtree a level has heard from on one day."""

    __tablename__ = "reported_places"
    __table_args__ = _HOT

    level: Mapped[Code] = mapped_column(primary_key=True)
    division: Mapped[DivisionCode] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    reported: Mapped[int] = mapped_column(BigInteger)
