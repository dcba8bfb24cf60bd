"""What a change of divisions does to offices: they go where their division goes, merge with it, or are planned anew."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from common.clock import now
from common.contracts.registry import OfficeState
from common.divisions import Level, ancestors_of, level_of, node_at, parent_of
from common.ids import uuid7
from common.uow import UnitOfWork
from registry.data.rows import DivisionRow
from registry.history.service import remember_offices
from registry.offices.domain import NEEDS_DECISION, OfficeStatus, edges_of, kind_at
from registry.offices.models import Office
from registry.offices.naming import NamedOffice, Unnamed, UnnamedReason, name_offices
from registry.offices.repository import NamingReports, Offices, put_terms, state_of
from registry.offices.service.finding import terms_of
from registry.offices.service.recording import RECORD

Outcome = NamedOffice | UnnamedReason


@dataclass(frozen=True, slots=True)
class Relocation:
    """A change of divisions as offices see it.

    Attributes:
        homes: division of before → the division to which its office goes; the same for one that only changes its name.
        fresh: new divisions to which no office comes.
        retired: codes that are no more.
        before, after: divisions by code, with everything above them, in the tree of before and of now.
        first: the division whose office stays where several come together; without it the one that operates and is
            there already.
        on: the first day of the new tree.
        document: that decided it.
    """

    homes: Mapping[str, str]
    fresh: Sequence[str]
    retired: Sequence[str]
    before: Mapping[str, DivisionRow]
    after: Mapping[str, DivisionRow]
    first: str | None
    on: date
    document: str


@dataclass
class _Moves:
    """What becomes of the offices.

    Attributes:
        changed: offices whose row differs now.
        renamed: those with another name.
        unnamed: what the naming rule could not name.
        absorbed: office that is closed → the office that has everything from now on.
        moved: offices at another division.
    """

    changed: list[Office] = field(default_factory=list)
    renamed: list[Office] = field(default_factory=list)
    unnamed: dict[str, UnnamedReason] = field(default_factory=dict)
    absorbed: dict[UUID, Office] = field(default_factory=dict)
    moved: list[Office] = field(default_factory=list)


async def relocate_offices(uow: UnitOfWork, relocation: Relocation) -> dict[UUID, OfficeState]:
    """Takes offices along with their divisions, in the transaction that changes these.

    An office that goes on keeps its id and gets its new division, its edges and the name that the rule gives it there;
    what the rule cannot name keeps its name and is reported. Where several come together one stays and the others are
    closed into it, under the division of their time. A new division gets a planned office if its kind has one.

    Source: O1.3a, O1.3b, O1.3c, O2.1a, O2.1b; standards.md §1, ADR 0014.

    Returns:
        Office that had records before → the office that has them now; for `rehome_records`.

    Events: registry.office.changed.v1 for each that differs.
    Locks: the offices of the divisions, in the order of their ids.
    """
    offices = await Offices(uow.session).hold_all_open(relocation.homes)
    moves = _Moves()
    for home, arriving in sorted(_by_home(offices, relocation).items()):
        stays, *others = arriving
        for other in others:
            _close_into(stays, other, relocation.on)
            moves.absorbed[other.id] = stays
            moves.changed.append(other)
        if stays.division != home:
            moves.moved.append(stays)
    await uow.flush()
    await _settle(uow, relocation, offices, moves)
    await uow.flush()
    moves.changed += await _plan_offices(uow, relocation, moves)
    await _store(uow, relocation, moves)
    states = {office.id: state_of(office) for office in (*moves.moved, *moves.absorbed.values())}
    return {office.id: states[office.id] for office in moves.moved} | {
        office_id: states[stays.id] for office_id, stays in moves.absorbed.items()
    }


async def find_standing_office(uow: UnitOfWork, division: str) -> Office | None:
    """The office of a division that is not closed."""
    return await Offices(uow.session).find_open(division)


def _by_home(offices: Sequence[Office], relocation: Relocation) -> dict[str, list[Office]]:
    """Which offices come together at each division; the one that stays comes first."""
    found: dict[str, list[Office]] = defaultdict(list)
    for office in offices:
        found[relocation.homes[office.division]].append(office)
    for home, arriving in found.items():
        arriving.sort(
            key=lambda one, home=home: (  # type: ignore[misc]
                one.division != relocation.first,
                one.status != OfficeStatus.OPERATING,
                one.division != home,
                one.division,
            )
        )
    return found


def _close_into(stays: Office, other: Office, on: date) -> None:
    other.status, other.merged_into = OfficeStatus.CLOSED.value, stays.id
    other.valid_to = max(on, other.valid_from + timedelta(days=1))
    _advance(other, on)


def _advance(office: Office, on: date) -> None:
    """The next version: of the day of the change, but not from before the state that it follows."""
    office.version, office.effective_on, office.updated_at = office.version + 1, max(on, office.effective_on), now()


async def _settle(uow: UnitOfWork, relocation: Relocation, offices: Sequence[Office], moves: _Moves) -> None:
    """Gives the offices that go on their division, edges and name."""
    open_ones = [office for office in offices if office.status != OfficeStatus.CLOSED]
    going_on = [office for office in open_ones if _is_concerned(office, relocation)]
    names = await _names(uow, relocation, going_on)
    for office in going_on:
        home = relocation.homes[office.division]
        outcome = names[office.id]
        if isinstance(outcome, UnnamedReason):
            moves.unnamed[home] = outcome
        is_renamed = isinstance(outcome, NamedOffice) and outcome.name != office.name
        if home == office.division and not is_renamed:
            continue
        if isinstance(outcome, NamedOffice) and is_renamed:
            _rename(office, outcome)
            moves.renamed.append(office)
        if home != office.division:
            _go(office, home)
        _advance(office, relocation.on)
        moves.changed.append(office)


def _is_concerned(office: Office, relocation: Relocation) -> bool:
    home = relocation.homes[office.division]
    return home != office.division or relocation.before[home].name != relocation.after[home].name


def _rename(office: Office, named: NamedOffice) -> None:
    """The name by the rule; an approval of another name was of the division as it was. Source: O2.1a, O2.1b."""
    office.name, office.name_source, office.name_mark = named.name, named.source, named.mark
    office.name_approval_reason = office.name_approval_document = None


def _go(office: Office, home: str) -> None:
    """Two edges in the new tree; a branch of the county stays one, of the new county.

    Source: O1.3a, O1.3b, O1.3c.
    """
    leader = office.leadership_division
    is_branch = leader != office.division
    office.leadership_division = (node_at(home, level_of(leader)) if is_branch else None) or home
    office.division, office.guidance_division = home, parent_of(home)


async def _names(uow: UnitOfWork, relocation: Relocation, offices: Sequence[Office]) -> dict[UUID, Outcome]:
    """The name of each office at its new place; an approved name stays while the division keeps its own."""
    outcomes = {}
    for office in offices:
        home = relocation.homes[office.division]
        was, will_be = relocation.before[office.division], relocation.after[home]
        if was.name == will_be.name and was.kind is will_be.kind:
            outcomes[office.id] = _kept(office, relocation, will_be)
        else:
            outcomes[office.id] = rule_name(home, relocation.after, relocation.on)
    homes = {relocation.homes[office.division]: outcomes[office.id] for office in offices}
    clashing = await _clashing(uow, homes, {*relocation.homes, *homes})
    return {
        office.id: UnnamedReason.NAME_COLLISION
        if relocation.homes[office.division] in clashing
        else outcomes[office.id]
        for office in offices
    }


def _kept(office: Office, relocation: Relocation, will_be: DivisionRow) -> Outcome:
    """A division that keeps its name: a village's was read among its old neighbours, an approved one is decided."""
    if will_be.level is not Level.VILLAGE and office.name_approval_document is None:
        return rule_name(will_be.code, relocation.after, relocation.on)
    kind = kind_at(will_be.level)
    return NamedOffice(will_be.code, will_be.level, kind, office.name, office.name_mark, office.name_source)


def rule_name(code: str, rows: Mapping[str, DivisionRow], on: date) -> Outcome:
    """What the naming rule says of the office of one division, among the divisions above it.

    Source: O2.1a, O2.1b, ADR 0006.
    """
    path = [rows[one] for one in (code, *ancestors_of(code)) if one in rows]
    named, report = name_offices(path, on=on)
    for office in named:
        if office.division == code:
            return office
    return next(entry.reason for entry in report.entries if entry.code == code)


async def _clashing(uow: UnitOfWork, names: Mapping[str, Outcome], leaving: set[str]) -> set[str]:
    """The divisions whose stations would have a name that another station of their town has. Source: O2.1b."""
    ruled = {
        code: (parent_of(code), one.name)
        for code, one in names.items()
        if isinstance(one, NamedOffice) and one.level is Level.VILLAGE
    }
    towns = {town for town, _ in ruled.values() if town is not None}
    taken = Counter(ruled.values())
    for division, name in await Offices(uow.session).list_names(towns):
        if division not in leaving:
            taken[parent_of(division), name] += 1
    return {code for code, key in ruled.items() if taken[key] > 1}


async def _plan_offices(uow: UnitOfWork, relocation: Relocation, moves: _Moves) -> list[Office]:
    """Planned offices of the new divisions that have none, where the rule names them and somebody can guide them."""
    names = {code: rule_name(code, relocation.after, relocation.on) for code in relocation.fresh}
    clashing = await _clashing(uow, names, set(relocation.fresh))
    planned: list[Office] = []
    guides = {office.division for office in moves.changed if office.status != OfficeStatus.CLOSED}
    for code in sorted(relocation.fresh):
        named = UnnamedReason.NAME_COLLISION if code in clashing else names[code]
        if isinstance(named, UnnamedReason):
            moves.unnamed[code] = named
            continue
        guide = edges_of(code).guidance
        if guide in guides or (guide and await Offices(uow.session).hold_open(guide) is not None):
            planned.append(_planned(named, relocation.on))
            guides.add(code)
    for office in planned:
        Offices(uow.session).add(office)
    moves.renamed += planned
    return planned


def _planned(named: NamedOffice, on: date) -> Office:
    edges = edges_of(named.division)
    return Office(
        id=uuid7(),
        division=named.division,
        level=named.level.value,
        kind=named.kind.value,
        form=None if named.level is Level.VILLAGE else "independent",
        name=named.name,
        name_source=named.source,
        name_mark=named.mark,
        status=OfficeStatus.PLANNED.value,
        leadership_division=edges.leadership,
        guidance_division=edges.guidance,
        management_mode="territorial",
        valid_from=on,
        effective_on=on,
        version=1,
        updated_at=now(),
    )


async def _store(uow: UnitOfWork, relocation: Relocation, moves: _Moves) -> None:
    """Writes rows, history, events, search terms, the naming report and one audit entry."""
    for office in moves.changed:
        office.change_reason, office.change_document = "区划调整", relocation.document
    await uow.flush()
    terms = await asyncio.to_thread(lambda: {office.id: terms_of(office.name) for office in moves.renamed})
    await put_terms(uow.conn, terms)
    if moves.changed:
        await remember_offices(uow, [state_of(office) for office in moves.changed])
        await uow.record_audit("registry.office.relocate", RECORD, "*", reason=relocation.document)
    reports = NamingReports(uow.session)
    await reports.drop_waiting(relocation.retired)
    entries = [
        Unnamed(code, relocation.after[code].level, relocation.after[code].name, reason)
        for code, reason in sorted(moves.unnamed.items())
    ]
    await reports.report(entries, relocation.on)
    for code, office_id in _decided(moves):
        await reports.settle(code, office_id)


def _decided(moves: _Moves) -> Iterator[tuple[str, UUID]]:
    """Offices whose name the rule has never given, and nobody waits for one."""
    for office in moves.changed:
        if moves.unnamed.get(office.division) not in {None, *NEEDS_DECISION}:
            yield office.division, office.id
