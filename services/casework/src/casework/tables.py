"""Every table of the service, so that the metadata is complete for migrations."""

from casework.cases.models import CaseRow
from casework.contacts.models import ReceiptSerial
from casework.items.models import DictionaryRow, DutyRow, ItemRow, ItemVersionRow
from casework.orm import Base
from casework.records.models import StoredRecord

metadata = Base.metadata

__all__ = [
    "CaseRow",
    "DictionaryRow",
    "DutyRow",
    "ItemRow",
    "ItemVersionRow",
    "ReceiptSerial",
    "StoredRecord",
    "metadata",
]
