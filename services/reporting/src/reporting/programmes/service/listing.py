"""Entering the towns of a cohort's list: never invented, whole or not at all. Source: O6.1b."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from common.auth import Actor, require_role
from common.clock import now, today
from common.contracts.reporting.programmes import ListedTown, ProgrammeListState, ProgrammeState
from common.divisions import Level, contains, level_of, node_at
from common.records.service import hold_record, next_state, store_record
from common.uow import UnitOfWork
from reporting.programmes import domain
from reporting.programmes.domain import Tree
from reporting.programmes.errors import CohortHasNoList, ListEntriesRefused, ProgrammeNotInState
from reporting.programmes.repository import Programmes
from reporting.programmes.service.access import DECIDERS, PREPARERS
from reporting.programmes.service.reading import get_programme


@dataclass(frozen=True, slots=True)
class Entry:
    """One town to be entered; `since` None: from the programme's first day."""

    division: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class _Desk:
    """What an act on a list needs: the programme, held; its towns; its lists."""

    programme: ProgrammeState
    cohort: str
    tree: Tree
    lists: Sequence[ProgrammeListState]

    @property
    def entered(self) -> dict[str, str]:
        """Code of an open entry → cohort."""
        return {one.division: state.cohort for state in self.lists for one in state.towns if one.until is None}


async def enter_towns(
    uow: UnitOfWork,
    *,
    actor: Actor,
    programme_id: UUID,
    cohort: str,
    entries: Sequence[Entry],
    document: str | None,
    reason: str,
) -> list[ProgrammeListState]:
    """Enters towns into a cohort's list: all of them or none.

    Source: O6.1b.

    Raises:
        RoleRequired, ProgrammeNotFound, CohortUnknown: not this actor's.
        ProgrammeNotInState, CohortHasNoList: nothing is entered there.
        ListEntriesRefused: some town is unknown, informal, out of scope, claimed already, or named twice.

    Events: reporting.programme-list.changed.v1 for each city.
    Locks: the programme, so that lists of two cohorts stay disjoint.
    """
    desk = await _desk(uow, actor, programme_id, cohort)
    problems = [(one.division, why) for one in entries if (why := _why_not_entered(desk, actor, one)) is not None]
    problems += [(code, "重复填写") for code in _twice(one.division for one in entries)]
    _require_none(problems)
    at = now()
    new: dict[str, list[ListedTown]] = {}
    for one in sorted(entries, key=lambda one: one.division):
        town = ListedTown(
            division=one.division,
            since=one.since or desk.programme.starts_on,
            document=document,
            reason=reason,
            entered_at=at,
            entered_by=actor.subject,
            entered_for=actor.division,
        )
        new.setdefault(_city(one.division), []).append(town)
    stored = []
    for city in sorted(new):
        held = _list_of(desk, city)
        towns = (*(held.towns if held else ()), *new[city])
        stored.append(await _store(uow, desk, city, held, towns, "enter", reason, at))
    return stored


async def remove_towns(
    uow: UnitOfWork,
    *,
    actor: Actor,
    programme_id: UUID,
    cohort: str,
    divisions: Sequence[str],
    until: date | None,
    reason: str,
) -> list[ProgrammeListState]:
    """Takes towns off a cohort's list from a day on: all of them or none; their days on it stay on record.

    Source: O6.1b.

    Args:
        until: the first day on which they no longer belong; today by default. The day from which a town belongs
            corrects an entry that never held. A day gone by is only for whoever runs the programme.

    Raises:
        RoleRequired, ProgrammeNotFound, CohortUnknown: not this actor's.
        ProgrammeNotInState, CohortHasNoList: nothing is removed there.
        ListEntriesRefused: some town is not on the list, out of scope, entered by a level above, named twice, or would
            end before it began.

    Events: reporting.programme-list.changed.v1 for each city.
    Locks: the programme.
    """
    desk = await _desk(uow, actor, programme_id, cohort)
    day, at = until or today(), now()
    problems = [(code, why) for code in divisions if (why := _why_not_removed(desk, actor, code, day)) is not None]
    problems += [(code, "重复填写") for code in _twice(divisions)]
    _require_none(problems)
    removed = {"until": day, "removed_at": at, "removed_by": actor.subject, "removal_reason": reason}
    stored = []
    for city in sorted({_city(code) for code in divisions}):
        held = _list_of(desk, city)
        towns = tuple(
            one.model_copy(update=removed) if one.until is None and one.division in divisions else one
            for one in (held.towns if held else ())
        )
        stored.append(await _store(uow, desk, city, held, towns, "remove", reason, at))
    return stored


async def _desk(uow: UnitOfWork, actor: Actor, programme_id: UUID, cohort: str) -> _Desk:
    require_role(actor, *PREPARERS)
    await get_programme(uow.conn, programme_id, actor=actor)
    programme = await hold_record(uow.session, ProgrammeState, programme_id, expected_version=None)
    if programme.status == "closed":
        raise ProgrammeNotInState(status=programme.status)
    if programme.status == "in_force":
        require_role(actor, *DECIDERS)
    if all(rule.kind != "listed" for rule in domain.cohort_named(programme, cohort).rules):
        raise CohortHasNoList
    programmes = Programmes(uow.conn)
    tree = await programmes.tree(programme.division, actor=None)
    return _Desk(programme, cohort, tree, await programmes.lists(programme_id))


def _why_not_entered(desk: _Desk, actor: Actor, entry: Entry) -> str | None:
    return next(_objections(desk, actor, entry), None)


def _objections(desk: _Desk, actor: Actor, entry: Entry) -> Iterator[str]:
    code, programme = entry.division, desk.programme
    towns = [one for one in desk.tree.towns if one.code == code and one.valid_to is None]
    if not contains(actor.division, code) or actor.level not in (Level.PROVINCE, Level.CITY):
        yield "不在录入人可以确定的范围之内"
    if level_of(code) is not Level.TOWN or not towns:
        yield "不是现行的乡镇（街道）"
    if towns and towns[-1].kind != "standard":
        yield "是类似乡级单位，不计入建设任务"
    if (named := domain.named_by(programme.cohorts, code)) is not None:
        yield f"所在区划 {named} 已整体列入"
    if code in desk.entered:
        yield f"已在批次 {desk.entered[code]} 的名单中"
    if entry.since is not None and not programme.starts_on <= entry.since <= programme.ends_on:
        yield "列入日期不在建设任务期间之内"


def _why_not_removed(desk: _Desk, actor: Actor, code: str, until: date) -> str | None:
    if not contains(actor.division, code) or actor.level not in (Level.PROVINCE, Level.CITY):
        return "不在录入人可以确定的范围之内"
    if desk.entered.get(code) != desk.cohort:
        return "不在该批次名单中"
    held = _list_of(desk, _city(code))
    entry = next(one for one in (held.towns if held else ()) if one.division == code and one.until is None)
    return next(_objections_to_removal(desk, actor, entry, until), None)


def _objections_to_removal(desk: _Desk, actor: Actor, entry: ListedTown, until: date) -> Iterator[str]:
    by = entry.entered_for or desk.programme.division
    if not contains(actor.division, by):
        yield f"由 {by} 列入，只能由其移出"
    if until < today() and actor.division != desk.programme.division:
        yield "移出日期早于今天，只能由建设任务所属的区划办理"
    if until < entry.since:
        yield "移出日期早于列入日期"


def _twice(codes: Iterable[str]) -> list[str]:
    named = list(codes)
    return sorted({code for code in named if named.count(code) > 1})


def _require_none(problems: Sequence[tuple[str, str]]) -> None:
    if problems:
        refused: list[Any] = [{"division": code, "reason": why} for code, why in problems]
        raise ListEntriesRefused(f"{len(refused)} 处不能处理", entries=refused)


def _city(code: str) -> str:
    return node_at(code, Level.CITY) or code


def _list_of(desk: _Desk, city: str) -> ProgrammeListState | None:
    return next((one for one in desk.lists if (one.cohort, one.division) == (desk.cohort, city)), None)


async def _store(
    uow: UnitOfWork,
    desk: _Desk,
    city: str,
    held: ProgrammeListState | None,
    towns: tuple[ListedTown, ...],
    verb: str,
    reason: str,
    at: datetime,
) -> ProgrammeListState:
    first: Mapping[str, Any] = {
        "id": uuid5(NAMESPACE_OID, f"{desk.programme.id}/{desk.cohort}/{city}"),
        "version": 1,
        "division": city,
        "level": level_of(city),
        "changed_at": at,
        "programme_id": desk.programme.id,
        "cohort": desk.cohort,
    }
    state = next_state(held, towns=towns) if held else ProgrammeListState(**first, towns=towns)
    action = f"reporting.programme-list.{verb}"
    return await store_record(uow, state, previous=held, action=action, reason=reason)
