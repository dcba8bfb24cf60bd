"""Requests and answers about offices."""

from registry.offices.schemas.answers import NamingReportAnswer, OfficeAnswer, OfficeVersionAnswer, OfficeWarning
from registry.offices.schemas.insights import DutyCoverageAnswer, NameProposal, SignCoverage
from registry.offices.schemas.querying import OfficeQuery, Within, office_query
from registry.offices.schemas.requests import OfficeBody, OfficePatch

__all__ = [
    "DutyCoverageAnswer",
    "NameProposal",
    "NamingReportAnswer",
    "OfficeAnswer",
    "OfficeBody",
    "OfficePatch",
    "OfficeQuery",
    "OfficeVersionAnswer",
    "OfficeWarning",
    "SignCoverage",
    "Within",
    "office_query",
]
