"""Tables of the figures, and of the records behind them."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from reporting.orm import Base, Code, DivisionCode


class AcceptedFactsRow(Base):
    """The newest version of a record that a level has accepted, and what it contributes to that level's figures.

    `facts` is a JSON list of `[measure, day, amount]`, sorted.
    """

    __tablename__ = "accepted_facts"
    __table_args__ = {"postgresql_with": {"fillfactor": 80}}  # noqa: RUF012 - SQLAlchemy's own form

    level: Mapped[Code] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    record: Mapped[Code]
    version: Mapped[int]
    division: Mapped[DivisionCode]
    duty: Mapped[Code]
    item_code: Mapped[Code]
    facts: Mapped[Code]


class FigureRow(Base):
    """One figure as a level knows it: `value` counts the division with all below it, `own` its own office alone."""

    __tablename__ = "figures"
    __table_args__ = {"postgresql_with": {"fillfactor": 70}}  # noqa: RUF012

    level: Mapped[Code] = mapped_column(primary_key=True)
    division: Mapped[DivisionCode] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    duty: Mapped[Code] = mapped_column(primary_key=True)
    item_code: Mapped[Code] = mapped_column(primary_key=True)
    measure: Mapped[Code] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)
    own: Mapped[int] = mapped_column(BigInteger)


class FigureMonthRow(Base):
    """The sum of a month, of all measures: per item, per duty (item empty), and of everything (both empty)."""

    __tablename__ = "figure_months"
    __table_args__ = {"postgresql_with": {"fillfactor": 70}}  # noqa: RUF012

    level: Mapped[Code] = mapped_column(primary_key=True)
    division: Mapped[DivisionCode] = mapped_column(primary_key=True)
    item_code: Mapped[Code] = mapped_column(primary_key=True)
    duty: Mapped[Code] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    measure: Mapped[Code] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)
    own: Mapped[int] = mapped_column(BigInteger)
