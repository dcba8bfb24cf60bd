"""Requests and answers about circulars."""

from reporting.circulars.schemas.answers import CircularAnswer, CircularSummary, MarkAnswer
from reporting.circulars.schemas.bodies import CircularBody, CorrectionBody, MarkBody, ReasonBody, SignatureBody
from reporting.circulars.schemas.figures import LinksAnswer, TablesAnswer, VerificationAnswer

__all__ = [
    "CircularAnswer",
    "CircularBody",
    "CircularSummary",
    "CorrectionBody",
    "LinksAnswer",
    "MarkAnswer",
    "MarkBody",
    "ReasonBody",
    "SignatureBody",
    "TablesAnswer",
    "VerificationAnswer",
]
