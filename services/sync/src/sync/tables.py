"""Every table of the service, so that the metadata is complete for migrations."""

from sync.dispatches.models import DispatchMoveRow, DispatchNodeRow, DispatchRow
from sync.orm import Base
from sync.receipts.models import ReceiptRow
from sync.records.models import LevelStateRow, RecordPayloadRow

metadata = Base.metadata

__all__ = [
    "DispatchMoveRow",
    "DispatchNodeRow",
    "DispatchRow",
    "LevelStateRow",
    "ReceiptRow",
    "RecordPayloadRow",
    "metadata",
]
