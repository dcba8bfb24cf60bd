"""Tables of assessments: the window service's ledger, as it was told."""

from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from reporting.orm import Base, DivisionCode


class CaseworkLedgerRow(Base):
    """An entry of casework's ledger as its last event carried it: to be read beside ours, never changed here.

    Source: O4.3d, O4.3g.
    """

    __tablename__ = "casework_ledger"
    __table_args__ = (Index(None, "division", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    division: Mapped[DivisionCode]
    year: Mapped[int]
    state: Mapped[str] = mapped_column(Text)
