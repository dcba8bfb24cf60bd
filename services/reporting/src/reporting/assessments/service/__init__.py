"""Use cases of assessments and the ledger of rewards and penalties."""

from reporting.assessments.service.ledger import (
    NewEntry,
    OfficeLedger,
    enter,
    get_office_ledger,
    keep_casework_entries,
    list_entries,
    reverse_entry,
)
from reporting.assessments.service.reading import (
    get_result,
    get_round,
    list_own_results,
    list_results,
    list_rounds,
)
from reporting.assessments.service.rounds import (
    Assessed,
    NewRound,
    Seen,
    add_assessed,
    compute_round,
    confirm_round,
    enter_values,
    object_to_result,
    open_round,
    review_objection,
    withdraw_round,
)
from reporting.assessments.service.schemes import (
    SchemeWords,
    find_scheme,
    issue_scheme,
    issue_scheme_version,
    list_schemes,
)

__all__ = [
    "Assessed",
    "NewEntry",
    "NewRound",
    "OfficeLedger",
    "SchemeWords",
    "Seen",
    "add_assessed",
    "compute_round",
    "confirm_round",
    "enter",
    "enter_values",
    "find_scheme",
    "get_office_ledger",
    "get_result",
    "get_round",
    "issue_scheme",
    "issue_scheme_version",
    "keep_casework_entries",
    "list_entries",
    "list_own_results",
    "list_results",
    "list_rounds",
    "list_schemes",
    "object_to_result",
    "open_round",
    "reverse_entry",
    "review_objection",
    "withdraw_round",
]
