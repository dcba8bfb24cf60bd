"""Requests and answers about pay."""

from registry.pay.schemas.rates import RateAnswer, RateBody, RatePatch
from registry.pay.schemas.recoveries import ClosingBody, RecoveryAnswer
from registry.pay.schemas.rosters import PublicEmployeeAnswer, PublicEmployeeEnding, RosterAnswer, RosterBody
from registry.pay.schemas.runs import CancelBody, LineAnswer, RunAnswer, RunBody
from registry.pay.schemas.tasks import AcceptBody, AssignBody, RejectBody, TaskAnswer, wanted_tasks

__all__ = [
    "AcceptBody",
    "AssignBody",
    "CancelBody",
    "ClosingBody",
    "LineAnswer",
    "PublicEmployeeAnswer",
    "PublicEmployeeEnding",
    "RateAnswer",
    "RateBody",
    "RatePatch",
    "RecoveryAnswer",
    "RejectBody",
    "RosterAnswer",
    "RosterBody",
    "RunAnswer",
    "RunBody",
    "TaskAnswer",
    "wanted_tasks",
]
