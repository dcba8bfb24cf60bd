"""Charter: a service's own copy of the registry's divisions and offices, fed by the registry's events.

No SQL crosses services: who must know whether a station exists asks this copy. Source: architecture.md §2, ADR 0008.
"""

from common.directory.ddl import DIRECTORY_DDL, HEIRS_DDL, REACH_DDL
from common.directory.errors import DivisionRetired, DivisionUnknown, OfficeNotOperating, OfficeUnknown
from common.directory.feed import DIRECTORY_TYPES, apply_directory, directory_runner, directory_topics, find_untold
from common.directory.queries import (
    OPERATING_OFFICE,
    WITHIN,
    DirectoryOffice,
    find_crossed,
    find_heirs,
    find_places,
    find_successions,
    operating_office_of,
    require_division,
    require_operating_office,
)

__all__ = [
    "DIRECTORY_DDL",
    "DIRECTORY_TYPES",
    "HEIRS_DDL",
    "OPERATING_OFFICE",
    "REACH_DDL",
    "WITHIN",
    "DirectoryOffice",
    "DivisionRetired",
    "DivisionUnknown",
    "OfficeNotOperating",
    "OfficeUnknown",
    "apply_directory",
    "directory_runner",
    "directory_topics",
    "find_crossed",
    "find_heirs",
    "find_places",
    "find_successions",
    "find_untold",
    "operating_office_of",
    "require_division",
    "require_operating_office",
]
