"""The packaged starting rules: what e-supervision warns of, how is decided, what counts how much.

`accountability.json` keeps for each entry how sure it is; nobody takes a guess for a rule. Source: O4.3c, O4.3d, O4.3g.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid5

from casework.accountability.domain import DecisionKind, Grade, GradeScale, LedgerKind
from common.contracts.casework.accountability import RulePeriod, WarningKind

NAMESPACE = UUID("6c1c7f0e-52ab-5d0f-9d31-0a8d3c1e4b77")
"""Of ids that follow from what they are about, so that the same is never written twice."""


@dataclass(frozen=True, slots=True)
class StartingRule:
    """A rule as it is first stored."""

    id: UUID
    number: str
    kind: WarningKind
    title: str
    period: RulePeriod


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All starting data of accountability."""

    rules: tuple[StartingRule, ...]
    decision_kinds: tuple[DecisionKind, ...]
    ledger_kinds: tuple[LedgerKind, ...]
    grade_scales: tuple[GradeScale, ...]


def rule_id(number: str) -> UUID:
    """The id of the rule with a number."""
    return uuid5(NAMESPACE, f"rule:{number}")


@lru_cache(maxsize=1)
def load_catalogue() -> Catalogue:
    """Reads the packaged file.

    Raises:
        ValueError: it lacks a member, or a member is of the wrong form.
    """
    read: dict[str, Any] = json.loads(
        files("casework.accountability").joinpath("accountability.json").read_text("utf-8")
    )
    return Catalogue(
        rules=tuple(map(_rule, read["warning_rules"])),
        decision_kinds=tuple(DecisionKind(**_validity(row)) for row in read["decision_kinds"]),
        ledger_kinds=tuple(LedgerKind(**_validity(row)) for row in read["ledger_kinds"]),
        grade_scales=tuple(map(_scale, read["grade_scales"])),
    )


def _rule(row: Mapping[str, Any]) -> StartingRule:
    told = {name: row[name] for name in RulePeriod.model_fields if name in row}
    period = RulePeriod.model_validate_json(json.dumps({**told, "is_active": True}))
    return StartingRule(rule_id(row["number"]), row["number"], row["kind"], row["title"], period)


def _scale(row: Mapping[str, Any]) -> GradeScale:
    return GradeScale(**{**_validity(row), "grades": tuple(Grade(**grade) for grade in row["grades"])})


def _validity(row: Mapping[str, Any]) -> dict[str, Any]:
    ends = row["effective_to"]
    return {
        **row,
        "effective_from": date.fromisoformat(row["effective_from"]),
        "effective_to": None if ends is None else date.fromisoformat(ends),
    }
