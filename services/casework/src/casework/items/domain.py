"""Which item may be taken where, for whom and when. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from casework.items.errors import ApplicantKindNotServed, DutyNotInForce, ItemNotEffective, ItemNotTakenAtLevel
from common.divisions import LEVEL_LABELS, Level


class Extent(StrEnum):
    """How far a level handles an item."""

    HANDLE = "handle"
    ACCEPT = "accept"
    NONE = "none"


EXTENT_LABELS: Mapping[Extent, str] = {
    Extent.HANDLE: "可办结",
    Extent.ACCEPT: "受理、代收、初审",
    Extent.NONE: "不办",
}
HANDLING_LABELS: Mapping[str, str] = {"immediate": "即办件", "promised": "承诺件", "both": "即办件和承诺件"}
APPLICANT_KIND_LABELS: Mapping[str, str] = {"natural_person": "自然人", "organisation": "法人或其他组织"}

CATALOGUED_LEVELS: tuple[Level, ...] = (Level.TOWN, Level.VILLAGE)
"""The catalogue speaks of service offices and stations; the bureaus above them decide for themselves."""

_CLAUSE_AT: Mapping[Level, str] = {Level.TOWN: "O4.1c", Level.VILLAGE: "O1.1d"}


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
