"""The table of sendings: which version of a case went out in which form, and how often it was corrected."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, Text
from sqlalchemy.orm import Mapped, mapped_column

from casework.orm import Base, Key


class Sending(Base):
    """How often a case was sent in one form; a resend of the same version is the same sending.

    Source: standards.md §5 (VERSION starts at 1 and grows by one with each corrected resend).
    """

    __tablename__ = "exchange_sendings"
    __table_args__ = (CheckConstraint("number >= 1", name="number"),)

    case_id: Mapped[Key]
    form: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int]
    case_version: Mapped[int]
    sent_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
