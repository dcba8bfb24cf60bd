"""Which file of the store is whose."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from casework.orm import Base


class StoredUpload(Base):
    """The file of an upload; the row goes when the upload is removed, and the file after it.

    That it is evidence stands here and in no state: a state is told, and would tell who has complained.
    """

    __tablename__ = "upload_files"

    key: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    upload_id: Mapped[UUID] = mapped_column(unique=True)
    stored_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    is_evidence: Mapped[bool] = mapped_column(server_default=false())
