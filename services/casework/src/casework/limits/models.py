"""Questions that were counted."""

from datetime import datetime

from sqlalchemy import DateTime, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from casework.orm import Base


class QuestionRow(Base):
    """How often was asked from one address, or about one number, in the present window; both as blind indexes."""

    __tablename__ = "progress_questions"
    __table_args__ = (Index(None, "window_start"),)

    bucket: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    window_start: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    asked: Mapped[int]
