"""The tree of divisions as it stands, a change of it, and what the change does. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from common.divisions import Level, contains, level_of
from registry.data.rows import DivisionKind, DivisionRow


class ChangeKind(StrEnum):
    """The changes that Order 79 knows. Source: standards.md §1."""

    SET_UP = "set_up"
    ABOLITION = "abolition"
    MOVE = "move"
    RENAME = "rename"
    BOUNDARY = "boundary"
    MERGE = "merge"
    SPLIT = "split"


CHANGE_LABELS: Mapping[ChangeKind, str] = {
    ChangeKind.SET_UP: "设立",
    ChangeKind.ABOLITION: "撤销",
    ChangeKind.MOVE: "变更隶属关系",
    ChangeKind.RENAME: "更名",
    ChangeKind.BOUNDARY: "变更行政区域界线",
    ChangeKind.MERGE: "合并",
    ChangeKind.SPLIT: "拆分",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A division in force, and since when it stands as it does."""

    row: DivisionRow
    since: date


@dataclass(frozen=True, slots=True)
class Tree:
    """Divisions in force, fillers left out, and every code that ever was.

    A part of the real tree will do, as long as everything below what changes is in it and everything right above what
    begins.
    """

    standing: Mapping[str, Standing]
    used: frozenset[str]

    def below(self, code: str) -> list[str]:
        """Everything below a division, upper levels before lower ones."""
        return sorted(one for one in self.standing if one != code and contains(code, one))


@dataclass(frozen=True, slots=True)
class Target:
    """A division as it is to be afterwards; without a name it keeps the one it had."""

    code: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A change as somebody wants it.

    Attributes:
        effective_on: the first day of the new tree.
        document: number of the document that decided it (文号).
        sources: the divisions that change, by their codes of before.
        targets: what they are afterwards.
        recode: new codes for divisions below; what is not named keeps its own digits under its new parent.
        heir: the division whose office takes over, where more than one could.
    """

    kind: ChangeKind
    effective_on: date
    document: str
    sources: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()
    recode: Mapping[str, str] = field(default_factory=dict)
    heir: str | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """A division's present state ends; what has its own code among the successors goes on under it.

    Attributes:
        successors: who took over, the main heir first.
    """

    code: str
    successors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beginning:
    """A state begins.

    Attributes:
        predecessors: whose territory it has, whole or in part; empty where nobody's.
        is_new: the code never was before.
    """

    row: DivisionRow
    predecessors: tuple[str, ...]
    is_new: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What a change does to the tree; upper levels before lower ones."""

    endings: tuple[Ending, ...]
    beginnings: tuple[Beginning, ...]

    @property
    def homes(self) -> dict[str, str]:
        """Division of before → the division to which its office goes."""
        return {one.code: one.successors[0] for one in self.endings if one.successors}

    @property
    def retired(self) -> dict[str, tuple[str, ...]]:
        """The codes that are no more, with who took over."""
        return {one.code: one.successors for one in self.endings if one.code not in one.successors}

    @property
    def begun(self) -> tuple[str, ...]:
        """The codes that are new."""
        return tuple(one.row.code for one in self.beginnings if one.is_new)

    @property
    def revised(self) -> tuple[str, ...]:
        """The codes that go on in a new state."""
        return tuple(one.row.code for one in self.beginnings if not one.is_new)

    @property
    def fresh(self) -> tuple[str, ...]:
        """The new codes to which no office comes."""
        inherited = set(self.homes.values())
        return tuple(code for code in self.begun if code not in inherited)


def apply_plan(tree: Tree, plan: Plan, *, on: date) -> Tree:
    """The tree after a change.

    Source: standards.md §1 (Order 79).
    """
    standing = dict(tree.standing)
    for ending in plan.endings:
        del standing[ending.code]
    standing |= {one.row.code: Standing(one.row, on) for one in plan.beginnings}
    return Tree(standing, tree.used | set(plan.begun))


_TOWN_DIGIT_OF_INFORMAL = "4"
_VILLAGE_KINDS: Mapping[str, DivisionKind] = {
    "0": DivisionKind.RESIDENTS_COMMITTEE,
    "1": DivisionKind.RESIDENTS_COMMITTEE,
    "2": DivisionKind.VILLAGE_COMMITTEE,
    "3": DivisionKind.VILLAGE_COMMITTEE,
}


def kind_of_code(code: str) -> DivisionKind:
    """What the digits of a code say that its division is.

    Source: standards.md §1, ADR 0006.
    """
    level = level_of(code)
    if level is Level.VILLAGE:
        return _VILLAGE_KINDS.get(code[9], DivisionKind.OTHER)
    if level is Level.TOWN and code[6] >= _TOWN_DIGIT_OF_INFORMAL:
        return DivisionKind.INFORMAL
    return DivisionKind.STANDARD
