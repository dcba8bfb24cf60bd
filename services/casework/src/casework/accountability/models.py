"""How far the day's look at everything has come."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import DateTime, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from casework.orm import Base


class WarningRun(Base):
    """One working day's look at everything that may be warned of; several workers share it page by page.

    Attributes:
        stage: which kind of thing is looked at.
        after: the last one that was.
        finished_at: None while there is more.
    """

    __tablename__ = "warning_runs"

    day: Mapped[date] = mapped_column(primary_key=True)
    stage: Mapped[int]
    after: Mapped[UUID | None] = mapped_column(Uuid)
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
