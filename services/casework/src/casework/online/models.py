"""Questions that were counted, and what applicants were told last."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import DateTime, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from casework.orm import Base, String


class QuestionRow(Base):
    """How often was asked from one address, or about one case, in the present window of time; both as blind indexes."""

    __tablename__ = "progress_questions"
    __table_args__ = (Index(None, "window_start"),)

    bucket: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    window_start: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    asked: Mapped[int]


class ToldRow(Base):
    """What of a case its applicant has been told about: version 0 nothing yet; `due_on` is the last day that was."""

    __tablename__ = "told_cases"

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    status: Mapped[String]
    supplements: Mapped[int]
    is_decided: Mapped[bool]
    due_on: Mapped[date | None]
