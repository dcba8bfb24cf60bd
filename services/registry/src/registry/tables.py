"""Every table of the service, so that the metadata is complete for migrations."""

from registry.division_changes.models import DivisionChange
from registry.divisions.models import Division
from registry.history.models import JudgedDay, OfficeMark, RecordVersion, StoredRecord, WaitingOffice
from registry.offices.models import NamingReportEntry, Office, OfficeFacet
from registry.orm import Base
from registry.pay.models import (
    PaidTask,
    PayCheck,
    PayTask,
    ProvincePay,
    ProvincePost,
    ProvinceRosterEntry,
)
from registry.seeding.models import SeedLoad
from registry.sheets.models import SheetImport, SheetImportError, SheetImportFile
from registry.staff.models import StaffPerson

metadata = Base.metadata

__all__ = [
    "Division",
    "DivisionChange",
    "JudgedDay",
    "NamingReportEntry",
    "Office",
    "OfficeFacet",
    "OfficeMark",
    "PaidTask",
    "PayCheck",
    "PayTask",
    "ProvincePay",
    "ProvincePost",
    "ProvinceRosterEntry",
    "RecordVersion",
    "SeedLoad",
    "SheetImport",
    "SheetImportError",
    "SheetImportFile",
    "StaffPerson",
    "StoredRecord",
    "WaitingOffice",
    "metadata",
]
