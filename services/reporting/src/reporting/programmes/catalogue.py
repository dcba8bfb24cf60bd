"""The programmes that come with the platform: the policy's own; its days and numbers are parameters."""

import json
from datetime import date, datetime
from importlib.resources import files
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from common.contracts.reporting.programmes import (
    Cohort,
    LegalDocument,
    MembershipRule,
    Milestone,
    ProgrammeChange,
    ProgrammeState,
    Target,
)
from common.divisions import level_of
from common.policy import DOCUMENTS, parameter

SEEDED_BY = "system"


def packaged_programmes(*, at: datetime) -> list[ProgrammeState]:
    """First states of the packaged programmes; only the instant differs from start to start."""
    rows = json.loads(files("reporting.programmes").joinpath("packaged.json").read_text(encoding="utf-8"))
    return [_programme(row, at) for row in rows]


def programme_id(division: str, code: str) -> UUID:
    """The id of a packaged programme."""
    return uuid5(NAMESPACE_URL, f"jiceng/reporting/programme/{division}/{code}")


def _programme(row: dict[str, Any], at: datetime) -> ProgrammeState:
    documents = tuple(LegalDocument(**{"title": DOCUMENTS[one["number"]].title, **one}) for one in row["documents"])
    issued_on = DOCUMENTS[documents[0].number].issued_on
    change = ProgrammeChange(version=1, act="seed", at=at, by=SEEDED_BY, reason=f"据{documents[0].number}")
    return ProgrammeState(
        id=programme_id(row["division"], row["code"]),
        version=1,
        division=row["division"],
        level=level_of(row["division"]),
        changed_at=at,
        code=row["code"],
        title=row["title"],
        starts_on=_day(row["starts_on"], issued_on),
        ends_on=_day(row["ends_on"], issued_on),
        documents=documents,
        cohorts=tuple(_cohort(one, issued_on) for one in row["cohorts"]),
        milestones=tuple(Milestone(**{**one, "on": _day(one["on"], issued_on)}) for one in row["milestones"]),
        origin="packaged",
        status="in_force",
        in_force_from=issued_on,
        history=(change,),
    )


def _cohort(row: dict[str, Any], on: date) -> Cohort:
    target = row["target"]
    if target is not None:
        target = Target(**{**target, "offices": parameter(target["offices"], on=on).number})
    rules = tuple(MembershipRule(kind=one["kind"], divisions=tuple(one.get("divisions", ()))) for one in row["rules"])
    return Cohort(**{**row, "rules": rules, "due_on": _day(row["due_on"], on), "target": target})


def _day(code: str, on: date) -> date:
    return parameter(code, on=on).day
