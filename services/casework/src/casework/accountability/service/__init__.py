"""Use cases of accountability."""

from casework.accountability.service.attributing import attribute_case
from casework.accountability.service.grounds import NewProceeding
from casework.accountability.service.ledger import (
    NewEntry,
    PeriodSums,
    enter,
    get_entry,
    list_entries,
    list_kinds,
    reverse_entry,
    sum_entries,
)
from casework.accountability.service.proceedings import (
    appeal,
    decide,
    decision_labels,
    disclose_texts,
    finalise_lapsed,
    get_proceeding,
    hear_appeal,
    list_proceedings,
    open_proceeding,
    state_side,
)
from casework.accountability.service.rules import change_rule, list_rules, standing_rules
from casework.accountability.service.running import look_at_case, look_at_page
from casework.accountability.service.summaries import Summary, SummaryBy, summarise_cases
from casework.accountability.service.warnings import LookedFor, get_warning, list_warnings, settle_warnings
from casework.accountability.service.watching import Subject

__all__ = [
    "LookedFor",
    "NewEntry",
    "NewProceeding",
    "PeriodSums",
    "Subject",
    "Summary",
    "SummaryBy",
    "appeal",
    "attribute_case",
    "change_rule",
    "decide",
    "decision_labels",
    "disclose_texts",
    "enter",
    "finalise_lapsed",
    "get_entry",
    "get_proceeding",
    "get_warning",
    "hear_appeal",
    "list_entries",
    "list_kinds",
    "list_proceedings",
    "list_rules",
    "list_warnings",
    "look_at_case",
    "look_at_page",
    "open_proceeding",
    "reverse_entry",
    "settle_warnings",
    "standing_rules",
    "state_side",
    "sum_entries",
    "summarise_cases",
]
