"""Rules of applications: what is asked for together, which materials once, how far it is. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from casework.applications.errors import ItemsMissing, ItemsRepeat
from casework.cases.domain import Brought, Case
from casework.items.domain import Material
from common.contracts.casework.applications import MaterialNeed

ApplicationStatus = Literal["open", "ended"]
STATUS_LABELS: Mapping[ApplicationStatus, str] = {"open": "办理中", "ended": "全部办结"}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an application is, as its cases tell.

    Attributes:
        status: open until every case has ended.
        ended: how many have.
        latest_due_on: the day by which everything is due; None once all have ended, and while one of them has no day.
        is_paused: an open case has no due day now, because its clock stands still or nothing limits it.
        is_provisional: that day rests on a calendar that is not official yet.
        is_overdue: an open case is past its day.
    """

    status: ApplicationStatus
    ended: int
    total: int
    latest_due_on: date | None
    is_paused: bool
    is_provisional: bool
    is_overdue: bool


def require_items(bundle: Sequence[str] | None, items: Sequence[str] | None) -> tuple[str, ...]:
    """The items that are asked for: of a bundle, or one by one.

    Source: O4.1c.

    Raises:
        ItemsMissing: neither or both.
        ItemsRepeat: one is asked for twice.
    """
    if (bundle is None) == (items is None):
        raise ItemsMissing
    wanted = tuple(bundle or items or ())
    if not wanted:
        raise ItemsMissing
    if len(set(wanted)) < len(wanted):
        raise ItemsRepeat
    return wanted


def share_out(brought: Sequence[Brought], asked: Sequence[Sequence[Material]]) -> list[tuple[Brought, ...]]:
    """What was brought, for each of the items: what it asks for; the first has also what none of them asks for.

    A material that several items ask for is brought once and received for each of them.

    Source: O4.1c.
    """
    names = [{material.name for material in materials} for materials in asked]
    known = set[str]().union(*names)
    return [
        tuple(one for one in brought if one.material in mine or (place == 0 and one.material not in known))
        for place, mine in enumerate(names)
    ]


def materials_once(asked: Iterable[tuple[str, Sequence[Material]]]) -> tuple[MaterialNeed, ...]:
    """Every material of all the items once: the most that any of them asks for.

    Source: O4.1c.

    Args:
        asked: item and its materials, in the order asked for.
    """
    needs: dict[str, MaterialNeed] = {}
    for item_code, materials in asked:
        for one in materials:
            known = needs.get(one.name)
            if known is None:
                needs[one.name] = MaterialNeed(
                    name=one.name,
                    originals=one.originals,
                    copies=one.copies,
                    is_required=one.is_required,
                    item_codes=(item_code,),
                )
            elif item_code not in known.item_codes:
                needs[one.name] = MaterialNeed(
                    name=one.name,
                    originals=_most(known.originals, one.originals),
                    copies=_most(known.copies, one.copies),
                    is_required=_any(known.is_required, one.is_required),
                    item_codes=(*known.item_codes, item_code),
                )
    return tuple(needs.values())


def read_progress(cases: Sequence[Case], *, on: date) -> Progress:
    """How far an application is on a day. Computed from its cases, which alone know: nothing can disagree with them.

    Source: O4.1c, O4.3c.
    """
    still = [case for case in cases if case.is_open]
    days = [case.due_on for case in still if case.due_on is not None]
    is_paused = len(days) < len(still)
    return Progress(
        status="open" if still else "ended",
        ended=len(cases) - len(still),
        total=len(cases),
        latest_due_on=max(days) if days and not is_paused else None,
        is_paused=is_paused,
        is_provisional=any(case.is_due_provisional for case in still),
        is_overdue=any(on > day for day in days),
    )


def _most(one: int | None, other: int | None) -> int | None:
    known = [number for number in (one, other) if number is not None]
    return max(known) if known else None


def _any(one: bool | None, other: bool | None) -> bool | None:  # noqa: FBT001 - two marks of the catalogue
    return True if one or other else None if one is None or other is None else False
