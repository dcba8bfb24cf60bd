"""The table that says what was loaded from the committed file, and when."""

from datetime import date, datetime

from sqlalchemy import DateTime, func
from sqlalchemy.orm import Mapped, mapped_column

from registry.orm import Base, String


class SeedLoad(Base):
    """One part of the file, loaded once. Source: S0, ADR 0006."""

    __tablename__ = "seed_loads"

    part: Mapped[String] = mapped_column(primary_key=True)
    file_sha256: Mapped[String]
    as_of: Mapped[date]
    added: Mapped[int]
    loaded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
