"""All SQL of cases, raw: this is the hot path. Source: ADR 0004."""

from casework.cases.repository.cases import CaseFilter, Cases, StoredCase
from casework.cases.repository.statements import INDEX_CONTEXT, OnceKey, Written
from casework.cases.repository.states import EVERYWHERE, CaseStates, LockedCase
from casework.cases.repository.worklists import NEVER, Narrowed, Tally, Whose, Worklists

__all__ = [
    "EVERYWHERE",
    "INDEX_CONTEXT",
    "NEVER",
    "CaseFilter",
    "CaseStates",
    "Cases",
    "LockedCase",
    "Narrowed",
    "OnceKey",
    "StoredCase",
    "Tally",
    "Whose",
    "Worklists",
    "Written",
]
