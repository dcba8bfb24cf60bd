"""The table of divisions: one row for one division during one validity."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, DateTime, Index, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.orm import Base, Code, Key, String


class Division(Base):
    """A division during one validity; the key is (code, level), because a filler carries the code of its city.

    A code begins once (`is_first`) and is never reused: whoever goes on under it has itself among its predecessors.

    Source: standards.md §1, §11.
    """

    __tablename__ = "divisions"
    __table_args__ = (
        UniqueConstraint("code", "level", "valid_from"),
        Index("uq_divisions_code_level_open", "code", "level", unique=True, postgresql_where=text("valid_to IS NULL")),
        Index("uq_divisions_code_level_first", "code", "level", unique=True, postgresql_where=text("is_first")),
        Index(None, "parent_code", "code"),
        CheckConstraint("level IN ('province', 'city', 'county', 'town', 'village')", name="level"),
        CheckConstraint("kind <> 'filler' OR level = 'county'", name="filler"),
        CheckConstraint("valid_to > valid_from", name="validity"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("is_first OR code::text = ANY (predecessors)", name="first"),
    )

    id: Mapped[Key]
    code: Mapped[Code]
    level: Mapped[String]
    name: Mapped[String]
    kind: Mapped[String]
    parent_code: Mapped[Code | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    version: Mapped[int]
    predecessors: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    successors: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    change_id: Mapped[UUID | None]
    is_first: Mapped[bool] = mapped_column(server_default=text("true"))
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
