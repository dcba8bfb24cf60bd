"""The table of the persons behind posts. Personal data is sealed bytes; nothing of it stands in clear."""

from datetime import datetime

from sqlalchemy import CHAR, CheckConstraint, DateTime, Index, LargeBinary, func
from sqlalchemy.orm import Mapped, mapped_column

from registry.orm import Base, Key


class StaffPerson(Base):
    """One person's file, kept by whoever leads the office of the post that names it. Source: O1.4g; ADR 0005.

    Two governments that employ one person keep a file each and share the pseudonym only; who may see a file follows
    from the posts that name it.
    """

    __tablename__ = "staff_persons"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version"),
        Index(None, "id_number_index"),
        Index(None, "pseudonym"),
    )

    id: Mapped[Key]
    version: Mapped[int]
    pseudonym: Mapped[str] = mapped_column(CHAR(64, collation="C"))
    id_number_index: Mapped[bytes] = mapped_column(LargeBinary)
    id_number: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[bytes] = mapped_column(LargeBinary)
    phone: Mapped[bytes | None] = mapped_column(LargeBinary)
    qualifications: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
