"""All SQL of pay."""

from registry.pay.repository.facts import (
    Facts,
    insert_checks,
    insert_posts,
    pays_of,
    post_of,
    put_pays,
    put_roster,
    roster_of,
)
from registry.pay.repository.tasks import Claim, TaskFilter, Tasks, put_claims, withdraw_claims

__all__ = [
    "Claim",
    "Facts",
    "TaskFilter",
    "Tasks",
    "insert_checks",
    "insert_posts",
    "pays_of",
    "post_of",
    "put_claims",
    "put_pays",
    "put_roster",
    "roster_of",
    "withdraw_claims",
]
