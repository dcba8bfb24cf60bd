"""Rules of an office's life: kind, edges, status, name, who may change what. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

from common.auth import Actor, OutOfScope, Role, require_role, require_scope
from common.divisions import Level, parent_of
from registry.offices.errors import OfficeClosed, OfficeNameNeedsApproval, OfficeNameRefused, OfficeStatusChangeRefused
from registry.offices.naming import OFFICE_KIND_LABELS, NameFault, OfficeKind, Unnamed, UnnamedReason

__all__ = ["OFFICE_KIND_LABELS", "OfficeKind"]

READERS = (Role.OFFICE_HEAD, Role.BUREAU_SUPERVISOR, Role.STATISTICIAN, Role.AUDITOR)
"""Who may read, within the own subtree, what is not public: staff, training, money, dossiers. Source: O1.3a."""

_NAMESPACE = UUID("5c0c1f0e-53b8-5b1a-8a44-0d5e3a9b7c21")


class OfficeStatus(StrEnum):
    """Where an office stands in its life."""

    PLANNED = "planned"
    BUILDING = "building"
    OPERATING = "operating"
    SUSPENDED = "suspended"
    CLOSED = "closed"


STATUS_LABELS: Mapping[OfficeStatus, str] = {
    OfficeStatus.PLANNED: "规划",
    OfficeStatus.BUILDING: "建设中",
    OfficeStatus.OPERATING: "运行",
    OfficeStatus.SUSPENDED: "暂停",
    OfficeStatus.CLOSED: "撤销",
}

TRANSITIONS: Mapping[OfficeStatus, frozenset[OfficeStatus]] = {
    OfficeStatus.PLANNED: frozenset({OfficeStatus.BUILDING, OfficeStatus.OPERATING, OfficeStatus.CLOSED}),
    OfficeStatus.BUILDING: frozenset({OfficeStatus.OPERATING, OfficeStatus.CLOSED}),
    OfficeStatus.OPERATING: frozenset({OfficeStatus.SUSPENDED}),
    OfficeStatus.SUSPENDED: frozenset({OfficeStatus.OPERATING, OfficeStatus.CLOSED}),
    OfficeStatus.CLOSED: frozenset(),
}
"""An operating office is suspended before it is closed, so that its open cases find another place first."""

INITIAL_STATUSES = frozenset({OfficeStatus.PLANNED, OfficeStatus.BUILDING, OfficeStatus.OPERATING})

NEEDS_DECISION = frozenset(
    {
        UnnamedReason.NOT_HAN,
        UnnamedReason.FOREIGN_PREFIX,
        UnnamedReason.ENDING_UNKNOWN,
        UnnamedReason.KIND_CONFLICT,
        UnnamedReason.NAME_COLLISION,
    }
)
"""A village or community that should have a station and waits for people to name it; the others have none by rule."""

_KIND_AT: Mapping[Level, OfficeKind] = {
    Level.PROVINCE: OfficeKind.BUREAU,
    Level.CITY: OfficeKind.BUREAU,
    Level.COUNTY: OfficeKind.BUREAU,
    Level.TOWN: OfficeKind.SERVICE_OFFICE,
    Level.VILLAGE: OfficeKind.SERVICE_STATION,
}


def kind_at(level: Level) -> OfficeKind:
    """The kind of office that a level has.

    Source: O1.1d, O2.1a, O2.1b.
    """
    return _KIND_AT[level]


def clause_of_name(kind: OfficeKind) -> str:
    """The clause that rules the names of a kind.

    Source: O2.1a, O2.1b, S6.
    """
    return {OfficeKind.SERVICE_OFFICE: "O2.1a", OfficeKind.SERVICE_STATION: "O2.1b"}.get(kind, "S6")


def office_id(division: str) -> UUID:
    """The id of the office that the naming rule gives to a division, the same at every site that loads it.

    Source: ADR 0006.
    """
    return uuid5(_NAMESPACE, division)


def unnamed_reason_labels() -> dict[UnnamedReason, str]:
    """Every reason of the naming report in words.

    Source: ADR 0006.
    """
    return {reason: Unnamed("", Level.VILLAGE, "", reason).explanation for reason in UnnamedReason}


def report_entry_id(entry: Unnamed) -> UUID:
    """The id of an entry of the naming report, the same at every site.

    Source: ADR 0006.
    """
    return uuid5(_NAMESPACE, f"{entry.code}/{entry.level}")


class Edge(StrEnum):
    """On which side of an office an actor must stand. Source: O1.3a, O1.3c."""

    LEADERSHIP = "leadership"
    GUIDANCE = "guidance"


@dataclass(frozen=True, slots=True)
class Edges:
    """The two edges of an office, as divisions.

    Attributes:
        leadership: 领导, whose government leads it; staff and budget follow this one.
        guidance: 业务指导, where the office above stands; business data follows this one. None for a province.
    """

    leadership: str
    guidance: str | None


def edges_of(division: str) -> Edges:
    """Led by the government of its own level, guided by the next level that exists above.

    Source: O1.3a, O1.3c.
    """
    return Edges(leadership=division, guidance=parent_of(division))


def require_transition(current: OfficeStatus, wanted: OfficeStatus) -> None:
    """Lets an office go only where its life leads.

    Source: ADR 0006.

    Raises:
        OfficeStatusChangeRefused: not from here; the answer lists what would do.
    """
    if wanted not in TRANSITIONS[current]:
        detail = f"“{STATUS_LABELS[current]}”的机构不能变更为“{STATUS_LABELS[wanted]}”"
        raise OfficeStatusChangeRefused(
            detail, status=current.value, allowed=[status.value for status in sorted(TRANSITIONS[current])]
        )


def require_alive(status: OfficeStatus) -> None:
    """A closed office is history: nothing of it changes any more.

    Source: ADR 0006.

    Raises:
        OfficeClosed: it is closed.
    """
    if status is OfficeStatus.CLOSED:
        raise OfficeClosed


def end_of_validity(status: OfficeStatus, today: date) -> date | None:
    """The first day on which the office is no more: a closed one still is on the day of its closing.

    Source: ADR 0006.
    """
    return today + timedelta(days=1) if status is OfficeStatus.CLOSED else None


@dataclass(frozen=True, slots=True)
class NameApproval:
    """Why a name may differ from the ruled one, and the document that says so."""

    reason: str
    document: str


def require_name(faults: Sequence[NameFault], approval: NameApproval | None) -> None:
    """A hard fault refuses a name, a soft one wants an approval.

    Source: O2.1a, O2.1b, S6.

    Raises:
        OfficeNameRefused: the fixed words or the level are wrong.
        OfficeNameNeedsApproval: only the ×× part differs, and no approval was given.
    """
    hard = next((fault for fault in faults if fault.is_hard), None)
    if hard is not None:
        raise OfficeNameRefused(hard.explanation, clause=hard.clause, expected=hard.expected)
    if faults and approval is None:
        raise OfficeNameNeedsApproval(faults[0].explanation, clause=faults[0].clause, expected=faults[0].expected)


def require_supervisor(actor: Actor, division: str, level: Level) -> None:
    """Setting up, naming, suspending and closing is for supervisors above; at the top, for the province's own.

    Source: O1.3a, O1.3c.

    Raises:
        RoleRequired: no supervisor.
        OutOfScope: the division is not below the supervisor's own.
    """
    require_role(actor, Role.BUREAU_SUPERVISOR)
    if not is_supervised_by(actor, division, level):
        raise OutOfScope(clause="O1.3a")


def is_supervised_by(actor: Actor, division: str, level: Level) -> bool:
    """True if the actor's division stands above, or is the province itself.

    Source: O1.3a.
    """
    if actor.division == division:
        return level is Level.PROVINCE
    above = parent_of(division)
    while above is not None and above != actor.division:
        above = parent_of(above)
    return above is not None


def require_leader(actor: Actor, *, leadership_division: str, level: Level) -> None:
    """Staff, establishment, pay and money belong to the government that leads the office, not to who guides it.

    A town's office is led by its town, or by the county where it is a branch of the county (O1.3b); a village has no
    government, so its station's staff and money are in the hands of the town as well.

    Source: O1.3a, O1.3b, O1.3c.

    Raises:
        RoleRequired: neither head nor supervisor.
        OutOfScope: of another government.
    """
    require_role(actor, Role.OFFICE_HEAD, Role.BUREAU_SUPERVISOR)
    leaders = {leadership_division}
    if level is Level.VILLAGE:
        leaders.add(parent_of(leadership_division) or leadership_division)
    if actor.division not in leaders:
        raise OutOfScope(clause="O1.3a")


def require_worker(actor: Actor, division: str) -> None:
    """What the business needs (premises, windows, equipment, training) is told by the office and by who guides it.

    Source: O1.3a, O1.3c.

    Raises:
        RoleRequired: neither head nor supervisor.
        OutOfScope: the office is not in the actor's subtree.
    """
    require_role(actor, Role.OFFICE_HEAD, Role.BUREAU_SUPERVISOR)
    require_scope(actor, division)
