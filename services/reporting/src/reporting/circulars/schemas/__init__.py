"""Requests and answers about circulars."""

from reporting.circulars.schemas.answers import CircularAnswer, CircularSummary
from reporting.circulars.schemas.bodies import CircularBody, CorrectionBody, ReasonBody, SignatureBody
from reporting.circulars.schemas.figures import LinksAnswer, TablesAnswer, VerificationAnswer

__all__ = [
    "CircularAnswer",
    "CircularBody",
    "CircularSummary",
    "CorrectionBody",
    "LinksAnswer",
    "ReasonBody",
    "SignatureBody",
    "TablesAnswer",
    "VerificationAnswer",
]
