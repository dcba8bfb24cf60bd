"""Which towns a programme counts, in which cohort, and why. Pure.

A town is counted once, under its code of today: towns that merged are one, a town that moved is itself. Its cohort is
that of the divisions which it was when the programme began, so that nobody's due day moves because a border did.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from common.contracts.reporting.programmes import (
    Cohort,
    ListedTown,
    MembershipRule,
    ProgrammeListState,
    ProgrammeState,
    RuleKind,
)
from common.divisions import Level, contains, node_at
from reporting.programmes.domain.labels import RULE_LABELS


@dataclass(frozen=True, slots=True)
class Town:
    """One validity of a town as the directory has it.

    Attributes:
        kind: `standard` is a formal town; `informal` a unit like one.
        valid_to: first day on which it is no more.
        heir: whose it is today; None while it goes on, or when nobody took over.
    """

    code: str
    name: str
    kind: str
    valid_from: date
    valid_to: date | None = None
    heir: str | None = None

    @property
    def today(self) -> str:
        """Its code in the tree of today."""
        return self.heir or self.code

    def holds(self, on: date) -> bool:
        """Whether this validity covers a day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True, slots=True)
class Fit:
    """Why a town is in its cohort.

    Attributes:
        cohort: None where no cohort has it.
        rule: that it fits; None likewise.
        via: the code of the time by which it fits: its own, or one that it took over.
        named: the division or the list entry that names it.
    """

    cohort: str | None
    rule: RuleKind | None = None
    via: str | None = None
    named: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A formal town that the programme counts.

    Attributes:
        division: in the tree of today.
        codes: the divisions of the day asked that it stands for; several when they have merged since.
        origins: the divisions that it was when the programme began; they decide its cohort.
    """

    division: str
    name: str
    codes: tuple[str, ...]
    origins: tuple[str, ...]
    fit: Fit

    @property
    def city(self) -> str:
        """The city of today that it lies in."""
        return node_at(self.division, Level.CITY) or self.division


@dataclass(frozen=True, slots=True)
class Tree:
    """Every town of the directory that is asked about, with the first day that the directory knows."""

    towns: tuple[Town, ...]
    begins_on: date

    def day(self, on: date) -> date:
        """The day whose tree answers for a day: none is known of before the directory begins."""
        return max(on, self.begins_on)


Lists = Mapping[str, Sequence[ListedTown]]
"""Cohort → its entered towns."""


def lists_of(states: Iterable[ProgrammeListState]) -> Lists:
    """The entries of all cities, by cohort.

    Source: O6.1b.
    """
    found: dict[str, list[ListedTown]] = {}
    for state in states:
        found.setdefault(state.cohort, []).extend(state.towns)
    return found


def members_on(programme: ProgrammeState, tree: Tree, lists: Lists, *, on: date) -> list[Member]:
    """The formal towns that a programme counts on a day, each once, in the order of today's codes.

    Towns in force on the day are taken, and led to the tree of today; units like towns are none.

    Source: O6.1b, O6.1c, standards.md §1.
    """
    present, first = tree.day(on), tree.day(programme.starts_on)
    now: dict[str, set[str]] = {}
    then: dict[str, set[str]] = {}
    names: dict[str, tuple[date, str]] = {}
    for town in tree.towns:
        names[town.code] = max(names.get(town.code, (date.min, "")), (town.valid_from, town.name))
        if town.kind != "standard":
            continue
        if town.holds(present):
            now.setdefault(town.today, set()).add(town.code)
        if town.holds(first):
            then.setdefault(town.today, set()).add(town.code)
    listed = _listed(tree, lists, max(on, programme.starts_on))
    found = []
    for code in sorted(now):
        origins = tuple(sorted(then.get(code) or now[code]))
        fit = cohort_for(programme.cohorts, code, origins, listed)
        found.append(Member(code, names.get(code, (date.min, code))[1], tuple(sorted(now[code])), origins, fit))
    return found


def informal_on(tree: Tree, *, on: date) -> list[Town]:
    """Units like towns (农场, 监狱, 开发区 …) in force on a day; they are told apart and belong to no cohort.

    Source: O6.1b, ADR 0006.
    """
    present = tree.day(on)
    return [town for town in tree.towns if town.kind == "informal" and town.holds(present)]


def cohort_for(
    cohorts: Sequence[Cohort], division: str, origins: Sequence[str], listed: Mapping[str, Mapping[str, str]]
) -> Fit:
    """The first cohort that a town fits, in the programme's order; `rest` takes what no other one has.

    Source: O6.1b, O6.1c.

    Args:
        division: its code of today.
        origins: the codes that it was when the programme began.
        listed: cohort → code of today → the code that was entered.
    """
    for cohort in cohorts:
        for rule in cohort.rules:
            fit = _fit(cohort.code, rule, division, origins, listed)
            if fit is not None:
                return fit
    for cohort in cohorts:
        if any(rule.kind == "rest" for rule in cohort.rules):
            return Fit(cohort.code, "rest", origins[0])
    return Fit(None)


def explain(fit: Fit, cohorts: Sequence[Cohort]) -> str:
    """Why a town is in its cohort, in one Chinese sentence.

    Source: O6.1b, O6.1c.
    """
    if fit.cohort is None or fit.rule is None:
        return "没有任何批次包含该乡镇（街道）"
    title = next(one.title for one in cohorts if one.code == fit.cohort)
    words = {
        "towns_of": f"{fit.via} 属于所列区划 {fit.named}",
        "listed": f"{fit.named} 已录入该批次名单",
        "rest": "其他批次均不包含",
    }
    return f"属“{title}”：{RULE_LABELS[fit.rule]}，{words[fit.rule]}"


def listed_twice(programme: ProgrammeState, tree: Tree, lists: Lists, *, on: date) -> list[str]:
    """Entered towns that another rule has too, or another list: cohorts are disjoint.

    Source: O6.1b.
    """
    listed = _listed(tree, lists, max(on, programme.starts_on))
    found = []
    for cohort, towns in listed.items():
        for today, entered in sorted(towns.items()):
            others = [other for other, more in listed.items() if other != cohort and today in more]
            named = named_by(programme.cohorts, entered)
            if others or named is not None:
                found.append(f"{cohort}：名单中的 {entered} 与 {named or '、'.join(others)} 重叠")
    return found


def named_by(cohorts: Sequence[Cohort], code: str) -> str | None:
    """The division of a rule `towns_of` that has a code already; None when none has.

    Source: O6.1b.
    """
    named = (one for cohort in cohorts for rule in cohort.rules for one in rule.divisions)
    return next((one for one in named if contains(one, code)), None)


def is_listed(entry: ListedTown, on: date) -> bool:
    """Whether an entry holds on a day.

    Source: O6.1b.
    """
    return entry.since <= on and (entry.until is None or on < entry.until)


def _listed(tree: Tree, lists: Lists, on: date) -> dict[str, dict[str, str]]:
    today = {town.code: town.today for town in tree.towns}
    return {
        cohort: {today.get(one.division, one.division): one.division for one in entries if is_listed(one, on)}
        for cohort, entries in lists.items()
    }


def _fit(
    cohort: str, rule: MembershipRule, division: str, origins: Sequence[str], listed: Mapping[str, Mapping[str, str]]
) -> Fit | None:
    if rule.kind == "listed":
        entered = listed.get(cohort, {}).get(division)
        return None if entered is None else Fit(cohort, "listed", entered, entered)
    for origin in origins:
        for named in rule.divisions:
            if contains(named, origin):
                return Fit(cohort, "towns_of", origin, named)
    return None
