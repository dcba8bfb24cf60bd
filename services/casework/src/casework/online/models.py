"""What applicants were told last."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from casework.orm import Base, String


class ToldRow(Base):
    """What of a case its applicant has been told about: version 0 nothing yet; `due_on` is the last day that was."""

    __tablename__ = "told_cases"

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    status: Mapped[String]
    supplements: Mapped[int]
    is_decided: Mapped[bool]
    due_on: Mapped[date | None]
