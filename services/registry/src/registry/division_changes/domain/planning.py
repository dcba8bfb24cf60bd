"""What each kind of change does to the tree, and what it must not do. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from common.divisions import Level, level_of, parent_of
from registry.data.rows import DivisionRow
from registry.division_changes.domain.tree import (
    Beginning,
    Change,
    ChangeKind,
    Ending,
    Plan,
    Standing,
    Tree,
    apply_plan,
    kind_of_code,
)
from registry.division_changes.errors import (
    ChangeIncomplete,
    ChangeInFuture,
    ChangesOverlap,
    CodeRetired,
    CodeReused,
    CodeUnknown,
    DivisionsRemain,
    HeirWrong,
    LevelWrong,
    ParentWrong,
    RecodeWrong,
)

_OWN_DIGITS_FROM: Mapping[Level, int] = {Level.COUNTY: 4, Level.TOWN: 6, Level.VILLAGE: 9}
"""Where the digits of a division's own begin; these levels change here, the others by a new file."""


def plan_change(tree: Tree, change: Change, *, today: date) -> Plan:
    """What a change does to the tree, if it may.

    Set-up begins a code, abolition retires one, a move retires the codes of a division and of everything below it and
    begins new ones under the new parent, rename and boundary keep the code, merge and split retire and begin or keep.

    Source: S0; standards.md §1 (Order 79: 废码不用, 唯一对应), O1.3a.

    Args:
        tree: of today, or the part of it that the change touches.
        change: wanted.
        today: the Beijing day.

    Raises:
        ChangeInFuture, ChangesOverlap: its day cannot be.
        ChangeIncomplete, LevelWrong: it is not what its kind needs.
        CodeUnknown, CodeRetired, CodeReused, ParentWrong, RecodeWrong: a code is wrong.
        DivisionsRemain, HeirWrong: it would leave something without a place.
    """
    if change.effective_on > today:
        raise ChangeInFuture(latest=today.isoformat())
    draft = _Draft(tree, change)
    _PLANNERS[change.kind](draft)
    return draft.finish()


@dataclass
class _Draft:
    """A plan in the making.

    Attributes:
        flows: code of before → codes that take over, the main heir first; what is not here stays as it is.
        names: of what begins, where it is not that of the only predecessor.
        merging: codes into which several may flow.
        fresh: codes that begin on nobody's territory.
        carried: divisions below what changes, which `recode` may name.
    """

    tree: Tree
    change: Change
    flows: dict[str, tuple[str, ...]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    merging: set[str] = field(default_factory=set)
    fresh: list[str] = field(default_factory=list)
    carried: set[str] = field(default_factory=set)

    def standing(self, code: str) -> Standing:
        """A division that changes: in force, of a level that changes, and unchanged since before the day."""
        if code not in self.tree.standing:
            raise (CodeRetired if code in self.tree.used else CodeUnknown)(f"{code}不是现行区划", division=code)
        if level_of(code) not in _OWN_DIGITS_FROM:
            raise LevelWrong("省、市的变动不在此登记", division=code)
        found = self.tree.standing[code]
        if found.since >= self.change.effective_on:
            raise ChangesOverlap(
                f"{code}自{found.since.isoformat()}起才是现状，生效日期须晚于该日",
                division=code,
                earliest_after=found.since.isoformat(),
            )
        return found

    def require_counts(self, *, sources: int, targets: int, at_least: bool = False) -> None:
        """How many divisions a kind of change has before and afterwards; none twice."""
        codes = [target.code for target in self.change.targets]
        for what, given, wanted in (("sources", self.change.sources, sources), ("targets", codes, targets)):
            is_enough = len(given) >= wanted if at_least and wanted else len(given) == wanted
            if not is_enough or len(set(given)) != len(given):
                raise ChangeIncomplete("调整前后的区划与调整类别不符", member=what, expected=wanted)

    def require_level(self, source: str) -> None:
        """What follows a division is of its level."""
        for target in self.change.targets:
            if level_of(target.code) is not level_of(source):
                raise LevelWrong(f"{target.code}与{source}不同级", division=target.code)

    def refuse_heir(self) -> None:
        """Where the change itself says who takes over, nobody else does."""
        if self.change.heir is not None:
            raise HeirWrong("此类调整不需指明承接的区划", heir=self.change.heir)

    def carry(self, root: str, parent: str) -> None:
        """Everything below `root` goes under `parent`, by its own digits or as `recode` says."""
        new_of = {root: parent}
        for code in self.tree.below(root):
            self.carried.add(code)
            above = parent_of(code) or root
            new_of[code] = self.change.recode.get(code) or _graft(new_of[above], code)
            if parent_of(new_of[code]) not in (self.flows[root] if above == root else (new_of[above],)):
                raise ParentWrong(division=new_of[code], parent=parent_of(new_of[code]))
            if new_of[code] != code:
                self.flows[code] = (new_of[code],)

    def finish(self) -> Plan:
        """The plan, checked as a whole."""
        strangers = self.change.recode.keys() - self.carried
        if strangers:
            raise RecodeWrong(division=min(strangers))
        for code in self.flows:
            self.standing(code)
        sources: dict[str, list[str]] = {code: [] for code in self.fresh}
        for before, afterwards in self.flows.items():
            for code in afterwards:
                sources.setdefault(code, []).append(before)
        for code, predecessors in sources.items():
            self._check_code(code, predecessors)
        plan = Plan(
            tuple(Ending(code, self.flows[code]) for code in sorted(self.flows)),
            tuple(self._beginning(code, sources[code]) for code in sorted(sources)),
        )
        self._check_parents(plan)
        return plan

    def _check_code(self, code: str, predecessors: list[str]) -> None:
        levels = {level_of(one) for one in predecessors}
        if level_of(code) not in _OWN_DIGITS_FROM or levels - {level_of(code)}:
            raise LevelWrong(f"{code}的层级与原区划不同，或不在此登记", division=code)
        goes_on = code in self.flows.get(code, ())
        if not goes_on and (code in self.tree.used or code in self.tree.standing):
            raise CodeReused(division=code)
        if len(predecessors) > 1 and code not in self.merging:
            raise CodeReused(f"{len(predecessors)}个区划同得代码{code}，须在代码对照中分开", division=code)

    def _beginning(self, code: str, predecessors: list[str]) -> Beginning:
        own = code if code in predecessors else (predecessors[0] if predecessors else None)
        name = self.names.get(code)
        if name is None:
            assert own is not None  # noqa: S101 - the planners see to it that what has no predecessor has a name
            name = self.tree.standing[own].row.name
        ordered = tuple(sorted(predecessors, key=lambda one: one != own))
        return Beginning(DivisionRow(code, level_of(code), name, kind_of_code(code)), ordered, code not in predecessors)

    def _check_parents(self, plan: Plan) -> None:
        """Right above everything that begins there is a division in force, and since no later than the day."""
        after = apply_plan(self.tree, plan, on=self.change.effective_on)
        for beginning in plan.beginnings:
            code = beginning.row.code
            parent = after.standing.get(parent_of(code) or "")
            if parent is None:
                raise ParentWrong(
                    f"{code}按代码的上级{parent_of(code)}不是现行区划", division=code, parent=parent_of(code)
                )
            if parent.since > self.change.effective_on:
                raise ChangesOverlap(
                    f"上级{parent.row.code}自{parent.since.isoformat()}起才是现状",
                    division=parent.row.code,
                    earliest_after=parent.since.isoformat(),
                )


def _graft(parent: str, code: str) -> str:
    """The code under another parent with its own digits."""
    own = _OWN_DIGITS_FROM[level_of(code)]
    return parent[:own] + code[own:]


def _plan_set_up(draft: _Draft) -> None:
    draft.refuse_heir()
    draft.require_counts(sources=0, targets=1, at_least=True)
    for target in draft.change.targets:
        draft.names[target.code] = _name_of(target.code, target.name)
        draft.fresh.append(target.code)


def _plan_abolition(draft: _Draft) -> None:
    draft.require_counts(sources=1, targets=0)
    (source,) = draft.change.sources
    draft.standing(source)
    if draft.tree.below(source):
        raise DivisionsRemain(division=source)
    heir = draft.change.heir
    draft.flows[source] = (heir,) if heir else ()
    if heir:
        if heir == source or heir not in draft.tree.standing or level_of(heir) is not level_of(source):
            raise HeirWrong("承接的应为同级的现行区划", heir=heir)
        draft.flows[heir] = (heir,)
        draft.merging.add(heir)


def _plan_move(draft: _Draft) -> None:
    draft.refuse_heir()
    draft.require_counts(sources=1, targets=1)
    (source,), (target,) = draft.change.sources, draft.change.targets
    draft.standing(source)
    draft.require_level(source)
    if parent_of(target.code) == parent_of(source):
        raise ParentWrong("变更隶属关系须有新的上级", division=target.code, parent=parent_of(source))
    draft.flows[source] = (target.code,)
    if target.name is not None:
        draft.names[target.code] = target.name
    draft.carry(source, target.code)


def _plan_rename(draft: _Draft) -> None:
    draft.refuse_heir()
    draft.require_counts(sources=1, targets=1)
    (source,), (target,) = draft.change.sources, draft.change.targets
    standing = draft.standing(source)
    if target.code != source:
        raise CodeReused("更名不改代码", division=target.code)
    if target.name is None or target.name == standing.row.name:
        raise ChangeIncomplete("更名须写明新的名称", member="targets", expected=1)
    draft.names[source] = target.name
    draft.flows[source] = (source,)


def _plan_boundary(draft: _Draft) -> None:
    draft.refuse_heir()
    draft.require_counts(sources=1, targets=0, at_least=True)
    for source in draft.change.sources:
        draft.standing(source)
        draft.flows[source] = (source,)


def _plan_merge(draft: _Draft) -> None:
    draft.require_counts(sources=1, targets=1, at_least=True)
    sources, (target, *others) = draft.change.sources, draft.change.targets
    if others or sources == (target.code,):
        raise ChangeIncomplete("合并为一个区划，且至少有一个代码废止", member="targets", expected=1)
    for source in sources:
        draft.standing(source)
        draft.require_level(source)
    if target.code not in sources:
        draft.names[target.code] = _name_of(target.code, target.name)
    elif target.name is not None:
        draft.names[target.code] = target.name
    if draft.change.heir is not None and draft.change.heir not in sources:
        raise HeirWrong("承接的应为参与合并的区划之一", heir=draft.change.heir)
    draft.merging.add(target.code)
    for source in sources:
        draft.flows[source] = (target.code,)
        if source != target.code:
            draft.carry(source, target.code)


def _plan_split(draft: _Draft) -> None:
    draft.require_counts(sources=1, targets=2, at_least=True)
    (source, *others), targets = draft.change.sources, draft.change.targets
    if others:
        raise ChangeIncomplete("一次拆分一个区划", member="sources", expected=1)
    draft.standing(source)
    draft.require_level(source)
    codes = [target.code for target in targets]
    heir = draft.change.heir or (source if source in codes else None)
    if heir not in codes or (source in codes and heir != source):
        raise HeirWrong("拆分须指明由哪一个区划承接原服务机构；保留原代码的，由其承接", heir=heir)
    for target in targets:
        if target.code != source:
            draft.names[target.code] = _name_of(target.code, target.name)
        elif target.name is not None:
            draft.names[target.code] = target.name
    draft.flows[source] = (heir, *(code for code in codes if code != heir))
    draft.carry(source, heir)


def _name_of(code: str, name: str | None) -> str:
    if name is None:
        raise ChangeIncomplete(f"{code}缺名称", member="targets", division=code)
    return name


_PLANNERS: Mapping[ChangeKind, Callable[[_Draft], None]] = {
    ChangeKind.SET_UP: _plan_set_up,
    ChangeKind.ABOLITION: _plan_abolition,
    ChangeKind.MOVE: _plan_move,
    ChangeKind.RENAME: _plan_rename,
    ChangeKind.BOUNDARY: _plan_boundary,
    ChangeKind.MERGE: _plan_merge,
    ChangeKind.SPLIT: _plan_split,
}
