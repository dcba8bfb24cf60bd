"""Tables of completeness: places, the days on which they were heard from, and the counts above them."""

from datetime import date

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from reporting.orm import Base, Code, DivisionCode

_HOT = {"postgresql_with": {"fillfactor": 70}}
"""Rows that are counted up again and again stay on their page."""


class PlaceRow(Base):
    """A division that has or had an office: whether it is expected to report. Its row lock orders the two writers."""

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


class ExpectedRow(Base):
    """How many places of a subtree are expected to report."""

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
