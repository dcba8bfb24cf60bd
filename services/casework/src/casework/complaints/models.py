"""The table of filings: what a second sending of the same complaint meets."""

from uuid import UUID

from sqlalchemy import LargeBinary, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from casework.orm import Base


class FilingRow(Base):
    """Under which key a complaint was filed, and what it said: keyed hashes of both, nothing to read. Source: O4.3f.

    The secret that the complainant was given follows from the key, so that it need not be stored to be told again.
    """

    __tablename__ = "complaint_filings"

    filing_key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    content_index: Mapped[bytes] = mapped_column(LargeBinary)
    complaint_id: Mapped[UUID] = mapped_column(Uuid)
