"""Use cases of cases. Every change is one transaction: row, audit entry and event stand or fall together."""

from casework.cases.repository import NEVER, CaseFilter, Cases, OnceKey, StoredCase, Tally
from casework.cases.service.answering import (
    accept_case,
    ask_for_supplement,
    deem_silent_cases,
    receive_materials,
    refuse_case,
    supply_case,
    supply_tolerated_material,
)
from casework.cases.service.apart import apart
from casework.cases.service.context import SeenCase
from casework.cases.service.counting import count_accepted_cases
from casework.cases.service.ending import close_case, collect_result, withdraw_case
from casework.cases.service.explaining import Explanation, explain_case
from casework.cases.service.holding import decline_case, offer_case, recall_case, take_case, take_over_case
from casework.cases.service.reading import (
    Slice,
    disclose_applicant,
    find_case_by_number,
    get_case,
    get_case_state,
    hold_case_state,
    list_application_cases,
    list_cases,
    search_cases,
)
from casework.cases.service.recalculating import Moved, Uncounted, recalculate_cases, recalculate_due_dates
from casework.cases.service.registering import ApplicantInput, register_case, register_online
from casework.cases.service.roles import DISCLOSERS, HANDLERS, HEADS, READERS, SEARCHERS
from casework.cases.service.stepping import (
    begin_special_procedure,
    complete_case_step,
    end_special_procedure,
    extend_case,
    return_case_step,
)
from casework.cases.service.views import CaseView, MaskedApplicant, Remember
from casework.cases.service.worklists import ListKind, list_next_cases, narrowed_to, tally_open_cases

__all__ = [
    "DISCLOSERS",
    "HANDLERS",
    "HEADS",
    "NEVER",
    "READERS",
    "SEARCHERS",
    "ApplicantInput",
    "CaseFilter",
    "CaseView",
    "Cases",
    "Explanation",
    "ListKind",
    "MaskedApplicant",
    "Moved",
    "OnceKey",
    "Remember",
    "SeenCase",
    "Slice",
    "StoredCase",
    "Tally",
    "Uncounted",
    "accept_case",
    "apart",
    "ask_for_supplement",
    "begin_special_procedure",
    "close_case",
    "collect_result",
    "complete_case_step",
    "count_accepted_cases",
    "decline_case",
    "deem_silent_cases",
    "disclose_applicant",
    "end_special_procedure",
    "explain_case",
    "extend_case",
    "find_case_by_number",
    "get_case",
    "get_case_state",
    "hold_case_state",
    "list_application_cases",
    "list_cases",
    "list_next_cases",
    "narrowed_to",
    "offer_case",
    "recalculate_cases",
    "recalculate_due_dates",
    "recall_case",
    "receive_materials",
    "refuse_case",
    "register_case",
    "register_online",
    "return_case_step",
    "search_cases",
    "supply_case",
    "supply_tolerated_material",
    "take_case",
    "take_over_case",
    "tally_open_cases",
    "withdraw_case",
]
