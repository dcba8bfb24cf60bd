"""Tables of calendars: every version is whole and is never changed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.orm import Base, Key, String


class CalendarVersionRow(Base):
    """One version of what is known; the one with the highest ordinal holds. Source: O4.3c."""

    __tablename__ = "calendar_versions"
    __table_args__ = (UniqueConstraint("ordinal"), CheckConstraint("mark IN ('V', 'P', 'K')", name="mark"))

    id: Mapped[Key]
    ordinal: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    document: Mapped[String]
    mark: Mapped[String]
    note: Mapped[String]


class CalendarYearRow(Base):
    """One year of a version."""

    __tablename__ = "calendar_years"

    version: Mapped[Key] = mapped_column(ForeignKey("calendar_versions.id"))
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_official: Mapped[bool]
    document: Mapped[String]


class CalendarDayRow(Base):
    """One day that a year's notice, or the law, names."""

    __tablename__ = "calendar_days"
    __table_args__ = (CheckConstraint("kind IN ('holiday', 'in_lieu', 'make_up')", name="kind"),)

    version: Mapped[Key] = mapped_column(ForeignKey("calendar_versions.id"))
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[String]
    name: Mapped[String]
