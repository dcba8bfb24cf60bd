"""Which item may be taken where, for whom and when, and on which terms it is handled. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, Literal

from casework.items.errors import ApplicantKindNotServed, DutyNotInForce, ItemNotEffective, ItemNotTakenAtLevel
from common.contracts.casework.cases import Limit, PauseReason, Stage
from common.divisions import LEVEL_LABELS, Level

Handling = Literal["immediate", "promised", "both"]
Starts = Literal["accepted", "application_received", "case_filed"]


class Extent(StrEnum):
    """How far a level handles an item."""

    HANDLE = "handle"
    ACCEPT = "accept"
    NONE = "none"


CATALOGUED_LEVELS: tuple[Level, ...] = (Level.TOWN, Level.VILLAGE)
"""The catalogue speaks of service offices and stations; the bureaus above them decide for themselves."""

_CLAUSE_AT: Mapping[Level, str] = {Level.TOWN: "O4.1c", Level.VILLAGE: "O1.1d"}


@dataclass(frozen=True, slots=True)
class Material:
    """What an applicant brings; None where nobody has confirmed it yet."""

    name: str
    is_required: bool | None
    originals: int | None
    copies: int | None


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms an item is handled: its process and its limits. Source: O4.1b, O4.3c.

    Attributes:
        basic_code: 12 digits; own provisional ones begin with 9 and never change.
        handling: whether it is settled at once (即办件), within a promise (承诺件), or may be either.
        steps: the stages of its process, in order.
        promised: the promise in force where it was asked for; None where nobody has promised anything.
        statutory: None where no act gives a number.
        starts: which day the handling clock begins after.
        extension: by how much the limit may be extended; None where no act allows it.
        acceptance: how long the office may be silent before it has accepted.
        materials: all of them.
        pausing: special procedures during which its clock stands still.
        is_silence_acceptance: whether the law takes the office's silence beyond it for acceptance.
        step_limits: how long a stage may take; only of stages that have a limit of their own.
    """

    basic_code: str
    handling: Handling
    steps: tuple[Stage, ...]
    promised: Limit | None
    statutory: Limit | None
    starts: Starts
    extension: Limit | None
    acceptance: Limit
    materials: tuple[Material, ...]
    pausing: tuple[PauseReason, ...]
    is_silence_acceptance: bool = False
    step_limits: Mapping[Stage, Limit] = field(default_factory=dict)


@lru_cache(maxsize=1024)
def terms_of(text: str) -> Terms:
    """The terms that a version of an item is stored with; parsed once in a process.

    Source: O4.1b.
    """
    stored: dict[str, Any] = json.loads(text)
    limits = {name: _limit(stored[name]) for name in ("promised", "statutory", "extension")}
    return Terms(
        basic_code=stored["basic_code"],
        handling=stored["handling"],
        steps=tuple(stored["steps"]),
        starts=stored["starts"],
        acceptance=Limit(**stored["acceptance"]),
        materials=tuple(Material(**material) for material in stored["materials"]),
        pausing=tuple(stored["pausing"]),
        is_silence_acceptance=stored.get("is_silence_acceptance", False),
        step_limits={stage: Limit(**limit) for stage, limit in stored.get("step_limits", {}).items()},
        **limits,
    )


def _limit(stored: Mapping[str, Any] | None) -> Limit | None:
    return None if stored is None else Limit(**stored)


@dataclass(frozen=True, slots=True)
class Item:
    """What the rules need to know of an item.

    Attributes:
        code: the catalogue's own code, unique for ever.
        name: for people.
        duty: the one of the eight duties it belongs to.
        duty_label: for people.
        applicants: kinds of applicants it serves.
        extents: how far each catalogued level handles it.
        effective_from: first Beijing day on which it is offered.
        effective_to: first Beijing day on which it is no longer offered.
        is_duty_in_force: whether the offices bear the duty on the day that was asked for.
        version: of the definition that held on the day.
        terms: its process and its limits.
    """

    code: str
    name: str
    duty: str
    duty_label: str
    applicants: frozenset[str]
    extents: Mapping[Level, Extent]
    effective_from: date
    effective_to: date | None
    is_duty_in_force: bool
    version: int
    terms: Terms

    def extent_at(self, level: Level) -> Extent:
        """How far offices of a level handle the item.

        Source: O1.1d, O4.1c.
        """
        return self.extents.get(level, Extent.HANDLE)


def require_takeable(item: Item, *, level: Level, applicant_kind: str, on: date) -> None:
    """Raises unless an office of this level may take the item for such an applicant on this Beijing day.

    The catalogue is the province's one definition of an item, so what it says is hard whatever the mark of the
    entry; an entry that turns out wrong is corrected there and nowhere else.

    Source: O1.1a, O1.1d, O4.1b, O4.1c.

    Raises:
        ItemNotEffective: not offered on the day.
        DutyNotInForce: the offices do not bear its duty on the day.
        ItemNotTakenAtLevel: not taken at this level.
        ApplicantKindNotServed: not for such applicants.
    """
    if on < item.effective_from or (item.effective_to is not None and on >= item.effective_to):
        raise ItemNotEffective(item_code=item.code)
    if not item.is_duty_in_force:
        raise DutyNotInForce(item_code=item.code, duty=item.duty)
    if item.extent_at(level) is Extent.NONE:
        raise ItemNotTakenAtLevel(
            f"事项 {item.code} 不在{LEVEL_LABELS[level]}级办理",
            clause=_CLAUSE_AT.get(level),
            item_code=item.code,
            level=level.value,
        )
    if applicant_kind not in item.applicants:
        raise ApplicantKindNotServed(item_code=item.code, applicant_kind=applicant_kind)
