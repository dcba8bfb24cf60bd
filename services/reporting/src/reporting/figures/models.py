"""Tables of the figures, and of the cases behind them."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from reporting.orm import Base, Code, DivisionCode


class AcceptedCaseRow(Base):
    """The newest version of a case that a level has accepted, and what it contributes to that level's figures."""

    __tablename__ = "accepted_cases"
    __table_args__ = {"postgresql_with": {"fillfactor": 80}}  # noqa: RUF012 - SQLAlchemy's own form

    level: Mapped[Code] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    division: Mapped[DivisionCode]
    duty: Mapped[Code]
    item_code: Mapped[Code]
    registered_on: Mapped[date]
    accepted_on: Mapped[date | None]
    refused_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    closed_on: Mapped[date | None]


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
