"""Tables of the records: their contents once per site, and what each level knows of them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.dialects.postgresql import BYTEA, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from sync.orm import Base, DivisionCode


class RecordPayloadRow(Base):
    """The content of one record at one version, stored once per site whatever the number of its tiers.

    Source: ADR 0010. `data` is the canonical JSON whose SHA-256 is `digest`.
    """

    __tablename__ = "record_payloads"

    record_type: Mapped[str] = mapped_column(Text, primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[bytes] = mapped_column(BYTEA)
    division: Mapped[DivisionCode]
    level: Mapped[str] = mapped_column(Text)
    event_type: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True))
    data: Mapped[str] = mapped_column(Text)


class LevelStateRow(Base):
    """What one level has accepted of one record: the newest version only. Source: O4.2a, architecture.md §5.

    The five rows of a record lie side by side; nothing indexed changes with a new version, so updates stay on the page.
    """

    __tablename__ = "level_states"
    __table_args__ = (Index(None, "level", "division", "record_type", "record_id"),)

    record_type: Mapped[str] = mapped_column(Text, primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    level: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int]
    node: Mapped[DivisionCode]
    division: Mapped[DivisionCode]
    accepted_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True))
