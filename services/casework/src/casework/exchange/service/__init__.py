"""Use cases of exchanges."""

from casework.exchange.service.exporting import (
    EXPORTERS,
    LEADERS,
    Asked,
    Exported,
    export_cases,
    show_case,
)
from casework.exchange.service.importing import IMPORTERS, Given, Imported, import_cases
from casework.exchange.service.validating import Validated, check_document

__all__ = [
    "EXPORTERS",
    "IMPORTERS",
    "LEADERS",
    "Asked",
    "Exported",
    "Given",
    "Imported",
    "Validated",
    "check_document",
    "export_cases",
    "import_cases",
    "show_case",
]
