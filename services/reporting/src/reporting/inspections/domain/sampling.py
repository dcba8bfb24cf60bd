"""Drawing a sample that anybody can draw again: a frozen frame, a recorded seed, SHA-256. Pure.

The algorithm: every office of the frame gets the key SHA-256 of seed, line feed and office id (36 lower-case
characters) in hexadecimal. Within each stratum the offices are put in the order of their keys (then of their ids), and
the first `size` are drawn. A replacement is the next one in the order of its stratum. The frame's digest is SHA-256
over one line `office id|division|kind|stratum` and a line feed per office, in the order of ids.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from common.contracts.reporting.inspections import OfficeKind, SampledOfficeState
from common.divisions import contains
from reporting.inspections.errors import NoReplacementLeft, NotInSample, ScopeNotBelow


@dataclass(frozen=True, slots=True)
class FrameOffice:
    """One office that may be drawn."""

    office_id: UUID
    division: str
    kind: OfficeKind
    name: str
    stratum: str


def require_scope_below(organiser: str, roots: Iterable[str]) -> None:
    """One inspects what lies below the own division.

    Source: S5.

    Raises:
        ScopeNotBelow: a root lies elsewhere.
    """
    if not all(contains(organiser, root) for root in roots):
        raise ScopeNotBelow


def digest_of(frame: Iterable[FrameOffice]) -> str:
    """What identifies a frame: the same offices give the same digest, whatever their order.

    Source: S5.
    """
    digest = hashlib.sha256()
    for one in sorted(frame, key=lambda office: str(office.office_id)):
        digest.update(f"{one.office_id}|{one.division}|{one.kind}|{one.stratum}\n".encode())
    return digest.hexdigest()


def key_of(seed: str, office_id: UUID) -> str:
    """The place of an office in the draw.

    Source: S5.
    """
    return hashlib.sha256(f"{seed}\n{office_id}".encode()).hexdigest()


def order_of(frame: Iterable[FrameOffice], *, seed: str) -> Mapping[str, Sequence[FrameOffice]]:
    """The offices of each stratum in the order in which they are drawn.

    Source: S5.
    """
    strata: dict[str, list[FrameOffice]] = {}
    for one in frame:
        strata.setdefault(one.stratum, []).append(one)
    return {
        stratum: sorted(offices, key=lambda one: (key_of(seed, one.office_id), str(one.office_id)))
        for stratum, offices in sorted(strata.items())
    }


def draw(frame: Iterable[FrameOffice], *, seed: str, size: int) -> tuple[SampledOfficeState, ...]:
    """The first offices of each stratum; all of a stratum that has no more than that.

    Source: S5.
    """
    return tuple(
        _sampled(one, position)
        for offices in order_of(frame, seed=seed).values()
        for position, one in enumerate(offices[:size], 1)
    )


def replaced(
    sample: Sequence[SampledOfficeState],
    frame: Iterable[FrameOffice],
    *,
    seed: str,
    office_id: UUID,
    reason: str,
) -> tuple[SampledOfficeState, ...]:
    """The sample with the next office of the same stratum instead of one that cannot be visited.

    Source: S5.

    Raises:
        NotInSample: that office was not drawn, or is out already.
        NoReplacementLeft: the stratum has no other one.
    """
    out = next((one for one in sample if one.office_id == office_id and not one.is_out), None)
    if out is None:
        raise NotInSample
    taken = {one.office_id for one in sample}
    for position, one in enumerate(order_of(frame, seed=seed).get(out.stratum, ()), 1):
        if one.office_id not in taken:
            instead = _sampled(one, position).model_copy(update={"replaces": office_id, "reason": reason})
            kept = (other.model_copy(update={"is_out": True}) if other is out else other for other in sample)
            return (*kept, instead)
    raise NoReplacementLeft


def _sampled(one: FrameOffice, position: int) -> SampledOfficeState:
    return SampledOfficeState(
        office_id=one.office_id,
        division=one.division,
        kind=one.kind,
        name=one.name,
        stratum=one.stratum,
        position=position,
    )
