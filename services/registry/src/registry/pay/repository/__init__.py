"""All SQL of pay."""

from registry.pay.repository.facts import (
    Checks,
    Facts,
    insert_checks,
    insert_posts,
    insert_returns,
    pays_of,
    post_of,
    put_pays,
    put_roster,
    roster_of,
)
from registry.pay.repository.tasks import Claim, TaskFilter, Tasks, offices_with_tasks, put_claims, withdraw_claims

__all__ = [
    "Checks",
    "Claim",
    "Facts",
    "TaskFilter",
    "Tasks",
    "insert_checks",
    "insert_posts",
    "insert_returns",
    "offices_with_tasks",
    "pays_of",
    "post_of",
    "put_claims",
    "put_pays",
    "put_roster",
    "roster_of",
    "withdraw_claims",
]
