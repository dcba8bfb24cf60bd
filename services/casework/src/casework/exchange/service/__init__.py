"""Use cases of exchanges."""

from casework.exchange.service.access import EXPORTERS, LEADERS
from casework.exchange.service.exporting import Asked, Exported, export_cases, show_case
from casework.exchange.service.importing import IMPORTERS, Given, Imported, import_cases
from casework.exchange.service.registers import AskedRegister, ExportedRegister, export_register
from casework.exchange.service.validating import Validated, check_document

__all__ = [
    "EXPORTERS",
    "IMPORTERS",
    "LEADERS",
    "Asked",
    "AskedRegister",
    "Exported",
    "ExportedRegister",
    "Given",
    "Imported",
    "Validated",
    "check_document",
    "export_cases",
    "export_register",
    "import_cases",
    "show_case",
]
