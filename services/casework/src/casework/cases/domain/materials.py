"""Which materials the office has received, and what is missing of those that the item demands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.cases.errors import StillMissing
from common.contracts.casework.cases import (
    CaseFile,
    CaseTerms,
    DemandState,
    MaterialForm,
    MaterialMedium,
    ReceivedState,
)

FORM_LABELS: Mapping[MaterialForm, str] = {"original": "原件", "copy": "复印件"}
MEDIUM_LABELS: Mapping[MaterialMedium, str] = {"paper": "纸质", "upload": "上传"}


@dataclass(frozen=True, slots=True)
class Brought:
    """Pieces of a material that somebody brings now; members as in `ReceivedState`."""

    material: str
    form: MaterialForm | None
    count: int
    medium: MaterialMedium = "paper"


def receive(brought: Sequence[Brought], *, by: str, at: datetime) -> tuple[ReceivedState, ...]:
    """What is noted of what was brought. Source: O4.3b; standards.md §4 (表5)."""
    return tuple(
        ReceivedState(material=one.material, form=one.form, count=one.count, medium=one.medium, received_at=at, by=by)
        for one in brought
    )


def counted_missing(file: CaseFile) -> tuple[str, ...]:
    """What is missing of a case, where that can be told: its reception was noted material by material when it began.

    Of a case whose paper was never noted, a file that comes later says nothing about the rest: the office may hold it.

    Source: O4.3c; standards.md §6 (行政许可法32条).
    """
    if file.terms is None or not file.terms.demands or not file.is_itemised:
        return ()
    return missing_materials(file.terms, file.received)


def missing_materials(terms: CaseTerms, received: Sequence[ReceivedState]) -> tuple[str, ...]:
    """The required materials of which too few pieces were received, in the order of the item's guide.

    An upload stands for its material whatever its number: originals are shown when the result is collected. Where
    nobody has confirmed how many pieces the item demands, one is enough; a surplus original may serve as a copy.

    Source: O4.3c; standards.md §4 (表4), §6 (行政许可法32条).
    """
    return tuple(one.material for one in _required(terms) if shortage(one, received))


def shortage(demand: DemandState, received: Sequence[ReceivedState]) -> tuple[Brought, ...]:
    """The pieces of one material that are missing; none of what was uploaded, or noted without its form.

    Source: O4.3c; standards.md §4 (表4).
    """
    pieces = [one for one in received if one.material == demand.material]
    if any(one.medium == "upload" or one.form is None for one in pieces):
        return ()
    originals = sum(one.count for one in pieces if one.form == "original")
    copies = sum(one.count for one in pieces if one.form == "copy")
    wanted, copied = demand.originals or 0, demand.copies or 0
    if not wanted and not copied:
        return () if pieces else (Brought(demand.material, None, 1),)
    spare = max(0, originals - wanted)
    short: tuple[tuple[MaterialForm, int], ...] = (("original", wanted - originals), ("copy", copied - copies - spare))
    return tuple(Brought(demand.material, form, count) for form, count in short if count > 0)


def complete(
    terms: CaseTerms, asked: Sequence[str], brought: Sequence[Brought], received: Sequence[ReceivedState], at: datetime
) -> tuple[Brought, ...]:
    """What is noted when everything that was asked for is said to be there.

    Who tells no pieces says that those came that were missing; who tells them tells all.

    Source: O4.3c; standards.md §6.

    Raises:
        StillMissing: of something that was asked for too few pieces are told.
    """
    demands = {one.material: one for one in _required(terms)}
    asked_for = [demands.get(name, DemandState(material=name, is_required=True)) for name in asked]
    if not brought:
        return tuple(piece for one in asked_for for piece in shortage(one, received) or (_again(one),))
    there = (*received, *receive(brought, by="", at=at))
    named = {one.material for one in brought}
    lacking = [one.material for one in asked_for if one.material not in named or shortage(one, there)]
    if lacking:
        raise StillMissing(missing=[*lacking])
    return tuple(brought)


def _again(demand: DemandState) -> Brought:
    """It was there before, and asked for because something was wrong with it."""
    return Brought(demand.material, None, 1)


def _required(terms: CaseTerms) -> tuple[DemandState, ...]:
    """Cases of before name what must be there, and not how many pieces."""
    if terms.demands:
        return tuple(one for one in terms.demands if one.is_required)
    return tuple(DemandState(material=name, is_required=True) for name in terms.required_materials)
