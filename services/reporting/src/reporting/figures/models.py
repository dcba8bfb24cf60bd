"""Tables of the figures, and of the records behind them."""

from datetime import date
from uuid import UUID

from sqlalchemy import CHAR, BigInteger, Column, Date, Table, Text
from sqlalchemy.orm import Mapped, mapped_column

from reporting.figures.domain import MONTH_MEASURES
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


FIGURE_MONTHS = Table(
    "figure_months",
    Base.metadata,
    Column("level", Text(collation="C"), primary_key=True),
    Column("division", CHAR(12, collation="C"), primary_key=True),
    Column("part", Text(collation="C"), primary_key=True),
    Column("item_code", Text(collation="C"), primary_key=True),
    Column("duty", Text(collation="C"), primary_key=True),
    Column("month", Date, primary_key=True),
    *(Column(name, BigInteger) for name in MONTH_MEASURES),
    postgresql_with={"fillfactor": 70},
)
"""The sums of a month: per item, and of everything (item and duty empty). See `figures.domain.MonthKey`."""
