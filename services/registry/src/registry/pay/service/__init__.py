"""Use cases of pay."""

from registry.pay.repository import Claim, TaskFilter
from registry.pay.service.facts import keep_facts
from registry.pay.service.rates import NewRate, end_rate, set_rate
from registry.pay.service.recoveries import Closing, close_recovery, look_through
from registry.pay.service.rosters import RosterEntry, end_roster_entry, import_roster
from registry.pay.service.runs import NewRun, cancel_run, draft_run, settle_run
from registry.pay.service.tasks import (
    accept_task,
    assign_task,
    get_task,
    keep_tasks,
    list_tasks,
    reject_task,
)

__all__ = [
    "Claim",
    "Closing",
    "NewRate",
    "NewRun",
    "RosterEntry",
    "TaskFilter",
    "accept_task",
    "assign_task",
    "cancel_run",
    "close_recovery",
    "draft_run",
    "end_rate",
    "end_roster_entry",
    "get_task",
    "import_roster",
    "keep_facts",
    "keep_tasks",
    "list_tasks",
    "look_through",
    "reject_task",
    "set_rate",
    "settle_run",
]
