"""Tables of notices: how far open cases have been brought to one, and whose due date it moved."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import DateTime, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from casework.orm import Base, Key


class RecalculationRow(Base):
    """How far a recalculation has come; written in the transaction of each batch. Source: O4.3c."""

    __tablename__ = "holiday_recalculations"

    notice_id: Mapped[Key]
    round: Mapped[int]
    after: Mapped[UUID | None] = mapped_column(Uuid)
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class UncountedCaseRow(Base):
    """A case that could not be brought to a notice, until it is counted or ends. Source: O4.3c."""

    __tablename__ = "uncounted_cases"

    notice_id: Mapped[Key]
    case_id: Mapped[Key]
    case_number: Mapped[str | None] = mapped_column(Text)
    again_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class DueDateChangeRow(Base):
    """A case whose due date a notice moved. Source: O4.3c."""

    __tablename__ = "due_date_changes"

    notice_id: Mapped[Key]
    case_id: Mapped[Key]
    case_number: Mapped[str | None] = mapped_column(Text)
    due_before: Mapped[date | None]
    due_after: Mapped[date | None]
    statutory_before: Mapped[date | None]
    statutory_after: Mapped[date | None]
