"""Requests and answers of accountability."""

from casework.accountability.schemas.ledger import (
    KindAnswer,
    KindsAnswer,
    LedgerEntryAnswer,
    LedgerEntryBody,
    LedgerSumsAnswer,
    ReversalBody,
    SummaryAnswer,
)
from casework.accountability.schemas.proceedings import (
    AppealBody,
    DecisionBody,
    DisclosedTexts,
    DisclosureBody,
    OutcomeBody,
    ProceedingAnswer,
    ProceedingBody,
    StatementBody,
)
from casework.accountability.schemas.warnings import AttributionAnswer, RuleAnswer, RulePeriodBody, WarningAnswer

__all__ = [
    "AppealBody",
    "AttributionAnswer",
    "DecisionBody",
    "DisclosedTexts",
    "DisclosureBody",
    "KindAnswer",
    "KindsAnswer",
    "LedgerEntryAnswer",
    "LedgerEntryBody",
    "LedgerSumsAnswer",
    "OutcomeBody",
    "ProceedingAnswer",
    "ProceedingBody",
    "ReversalBody",
    "RuleAnswer",
    "RulePeriodBody",
    "StatementBody",
    "SummaryAnswer",
    "WarningAnswer",
]
