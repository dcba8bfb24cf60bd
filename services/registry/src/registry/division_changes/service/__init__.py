"""Use cases of changes of divisions."""

from registry.division_changes.service.entering import enter_change, perform_change
from registry.division_changes.service.importing import ImportFault, import_changes
from registry.division_changes.service.reading import ChangeFilter, get_change, list_changes

__all__ = [
    "ChangeFilter",
    "ImportFault",
    "enter_change",
    "get_change",
    "import_changes",
    "list_changes",
    "perform_change",
]
