"""Charter: the numbers and lists that a policy can change, effective-dated, each with unit, clause and document.

A rule asks `parameter("office_floor_area_min", on=day)` for the day it judges, never for "now" by itself: running the
2012 assessment today gives the 2012 result. Source: ADR 0011.
"""

from common.policy.book import ParameterNotInForce, ParameterUnknown, PolicyBook
from common.policy.parameters import UNIT_LABELS, Mark, Option, Parameter, Strength, ValueKind
from common.policy.sources import BOOK, CLAUSES, DOCUMENTS, Clause, Document, clause, parameter, parameters

__all__ = [
    "BOOK",
    "CLAUSES",
    "DOCUMENTS",
    "UNIT_LABELS",
    "Clause",
    "Document",
    "Mark",
    "Option",
    "Parameter",
    "ParameterNotInForce",
    "ParameterUnknown",
    "PolicyBook",
    "Strength",
    "ValueKind",
    "clause",
    "parameter",
    "parameters",
]
