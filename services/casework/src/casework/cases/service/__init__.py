"""Use cases of cases. Every change is one transaction: row, audit entry and event stand or fall together."""

from casework.cases.repository import Cases, OnceKey
from casework.cases.service.changing import SeenCase, accept_case, close_case, refuse_case, withdraw_case
from casework.cases.service.reading import Slice, disclose_applicant, get_case, list_cases, search_cases
from casework.cases.service.registering import ApplicantInput, register_case
from casework.cases.service.roles import DISCLOSERS, HANDLERS, READERS, SEARCHERS
from casework.cases.service.views import CaseView, MaskedApplicant, Remember

__all__ = [
    "DISCLOSERS",
    "HANDLERS",
    "READERS",
    "SEARCHERS",
    "ApplicantInput",
    "CaseView",
    "Cases",
    "MaskedApplicant",
    "OnceKey",
    "Remember",
    "SeenCase",
    "Slice",
    "accept_case",
    "close_case",
    "disclose_applicant",
    "get_case",
    "list_cases",
    "refuse_case",
    "register_case",
    "search_cases",
    "withdraw_case",
]
