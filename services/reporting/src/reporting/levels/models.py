"""How far the figures of each level have come."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from reporting.orm import Base, Code


class FreshnessRow(Base):
    """One level. Source: architecture.md §5.

    `as_of` is the newest moment at which something happened that the figures hold, `accepted_at` the newest moment at
    which the level took something in, `updated_at` when the figures last changed.
    """

    __tablename__ = "freshness"

    level: Mapped[Code] = mapped_column(primary_key=True)
    as_of: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True))
    accepted_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True))
