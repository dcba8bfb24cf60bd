"""Every version of a programme, whole, so that what held on a day can be read when it no longer does."""

from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from reporting.orm import Base


class ProgrammeVersionRow(Base):
    """One version of a programme. Source: O6.1a."""

    __tablename__ = "programme_versions"

    programme_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[Any] = mapped_column(JSONB)
