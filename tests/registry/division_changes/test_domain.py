"""The rules of the tree: what each kind of change does, what it must not do, and what always holds. Source: S0, O1.3a."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.auth import Actor, OutOfScope, Role
from common.contracts.registry import DivisionState
from common.divisions import Level, contains, level_of, node_at, parent_of
from common.errors import Rejected
from common.testing.tokens import make_actor
from registry.data.rows import DivisionKind, DivisionRow
from registry.division_changes.domain import (
    Change,
    ChangeKind,
    Plan,
    Standing,
    Target,
    Tree,
    apply_plan,
    kind_of_code,
    plan_change,
    require_author,
    smallest_common,
)
from registry.division_changes.errors import ParentWrong
from registry.divisions.domain import heirs_on, origins_on

FIRST, DAY, TODAY = date(2023, 6, 30), date(2026, 7, 1), date(2026, 11, 22)
PROVINCE, CITY, OTHER_CITY = "440000000000", "441600000000", "441900000000"
COUNTY, OTHER_COUNTY = "441624000000", "441625000000"
TOWN, OTHER_TOWN, FAR_TOWN, CITY_TOWN = "441624101000", "441624102000", "441625101000", "441900003000"
VILLAGES = tuple(f"441624101{number}" for number in (201, 202, 203))
OTHER_VILLAGES = tuple(f"441624102{number}" for number in (201, 301))
CODES = (
    PROVINCE, CITY, OTHER_CITY, COUNTY, OTHER_COUNTY, TOWN, OTHER_TOWN, FAR_TOWN, CITY_TOWN, *VILLAGES, *OTHER_VILLAGES,
    "441625101201", "441900003001",
)  # fmt: skip


def small_tree(codes: Sequence[str] = CODES) -> Tree:
    rows = [DivisionRow(code, level_of(code), f"名{code}", kind_of_code(code)) for code in codes]
    return Tree({row.code: Standing(row, FIRST) for row in rows}, frozenset(codes) | {"441624101999"})


def wanted(kind: ChangeKind, *sources: str, to: Sequence[tuple[str, str | None]] = (), **more: object) -> Change:
    values: dict[str, object] = {"effective_on": DAY, "document": "粤民〔2026〕1号", **more}
    return Change(kind=kind, sources=sources, targets=tuple(Target(*one) for one in to), **values)  # type: ignore[arg-type]


def plan(change: Change) -> Plan:
    return plan_change(small_tree(), change, today=TODAY)


def test_a_moved_town_takes_everything_below_along_under_new_codes() -> None:
    """Source: standards.md §1: change of subordination retires the old code and begins a new one."""
    done = plan(wanted(ChangeKind.MOVE, TOWN, to=[("441625109000", None)]))
    assert done.retired == {TOWN: ("441625109000",)} | {village: ("441625109" + village[9:],) for village in VILLAGES}
    assert done.begun == ("441625109000", "441625109201", "441625109202", "441625109203")
    assert done.revised == () == done.fresh
    assert [one.row.name for one in done.beginnings] == [f"名{code}" for code in (TOWN, *VILLAGES)]
    assert {parent_of(code) for code in done.begun} == {OTHER_COUNTY, "441625109000"}
    assert smallest_common(done) == CITY


def test_a_mapping_gives_single_divisions_below_other_codes() -> None:
    done = plan(wanted(ChangeKind.MOVE, TOWN, to=[("441625109000", "新镇")], recode={VILLAGES[0]: "441625109001"}))
    assert done.homes[VILLAGES[0]] == "441625109001"
    assert done.homes[VILLAGES[1]] == "441625109202"
    kinds = {one.row.code: one.row.kind for one in done.beginnings}
    assert kinds["441625109001"] is DivisionKind.RESIDENTS_COMMITTEE
    assert done.beginnings[0].row.name == "新镇"


def test_a_town_may_move_under_a_city_without_counties() -> None:
    done = plan(wanted(ChangeKind.MOVE, TOWN, to=[("441900004000", None)]))
    assert parent_of(done.homes[TOWN]) == OTHER_CITY
    assert {parent_of(done.homes[village]) for village in VILLAGES} == {"441900004000"}


def test_a_county_moves_with_towns_and_villages() -> None:
    done = plan(wanted(ChangeKind.MOVE, COUNTY, to=[("441926000000", None)]))
    assert done.homes[VILLAGES[0]] == "441926101201"
    assert len(done.begun) == 3 + len(VILLAGES) + len(OTHER_VILLAGES)


@pytest.mark.parametrize(
    "change",
    [
        wanted(ChangeKind.RENAME, TOWN, to=[(TOWN, "新名镇")]),
        wanted(ChangeKind.BOUNDARY, TOWN, OTHER_TOWN),
    ],
)
def test_a_new_name_or_boundary_keeps_the_code(change: Change) -> None:
    """Source: standards.md §1: rename and boundary change keep the code."""
    done = plan(change)
    assert done.begun == () and done.retired == {} and done.revised == change.sources
    assert {one.code: one.successors for one in done.endings} == {code: (code,) for code in change.sources}


def test_villages_merge_into_one_of_them_or_into_a_new_one() -> None:
    into_one = plan(wanted(ChangeKind.MERGE, *VILLAGES[:2], to=[(VILLAGES[0], None)]))
    assert into_one.retired == {VILLAGES[1]: (VILLAGES[0],)}
    assert into_one.beginnings[0].predecessors == VILLAGES[:2]
    into_new = plan(wanted(ChangeKind.MERGE, *VILLAGES[:2], to=[("441624101210", "新村委会")]))
    assert into_new.retired == dict.fromkeys(VILLAGES[:2], ("441624101210",))
    assert into_new.begun == ("441624101210",)


def test_towns_merge_with_their_villages_and_a_clash_wants_a_mapping() -> None:
    change = wanted(ChangeKind.MERGE, TOWN, OTHER_TOWN, to=[(TOWN, None)])
    with pytest.raises(Rejected) as refused:
        plan(change)
    assert refused.value.code == "registry.division-change-code-reused"
    done = plan(replace(change, recode={OTHER_VILLAGES[0]: "441624101211"}))
    assert done.retired[OTHER_VILLAGES[0]] == ("441624101211",)
    assert done.retired[OTHER_VILLAGES[1]] == ("441624101301",)
    assert VILLAGES[0] not in done.homes


def test_a_split_town_keeps_its_code_or_gives_it_up() -> None:
    """Source: standards.md §1: set-up gives a new code."""
    kept = plan(
        wanted(
            ChangeKind.SPLIT,
            TOWN,
            to=[(TOWN, None), ("441624103000", "新镇")],
            recode={VILLAGES[2]: "441624103201"},
        )
    )
    assert kept.retired == {VILLAGES[2]: ("441624103201",)}
    assert (kept.revised, kept.fresh) == ((TOWN,), ("441624103000",))
    assert VILLAGES[0] not in kept.homes
    given_up = plan(
        wanted(
            ChangeKind.SPLIT,
            TOWN,
            to=[("441624103000", "甲镇"), ("441624104000", "乙镇")],
            heir="441624104000",
            recode={VILLAGES[0]: "441624103201"},
        )
    )
    assert given_up.retired[TOWN] == ("441624104000", "441624103000")
    assert given_up.homes[VILLAGES[0]] == "441624103201"
    assert given_up.homes[VILLAGES[1]] == "441624104202"


def test_an_abolished_village_may_have_an_heir() -> None:
    assert plan(wanted(ChangeKind.ABOLITION, VILLAGES[0])).retired == {VILLAGES[0]: ()}
    done = plan(wanted(ChangeKind.ABOLITION, VILLAGES[0], heir=VILLAGES[1]))
    assert done.retired == {VILLAGES[0]: (VILLAGES[1],)}
    assert done.revised == (VILLAGES[1],)


def test_a_town_and_its_villages_are_set_up_at_once() -> None:
    done = plan(wanted(ChangeKind.SET_UP, to=[("441624103000", "新镇"), ("441624103201", "新村委会")]))
    assert done.fresh == done.begun == ("441624103000", "441624103201")


MOVE_TO = [("441625109000", None)]
WRONG: dict[str, tuple[str, Change]] = {
    "tomorrow": ("in-future", wanted(ChangeKind.BOUNDARY, TOWN, effective_on=TODAY + timedelta(days=1))),
    "the day of the last change": ("s-overlap", wanted(ChangeKind.BOUNDARY, TOWN, effective_on=FIRST)),
    "no source": ("incomplete", wanted(ChangeKind.BOUNDARY)),
    "two moves in one": ("incomplete", wanted(ChangeKind.MOVE, TOWN, OTHER_TOWN, to=MOVE_TO)),
    "one source twice": ("incomplete", wanted(ChangeKind.MERGE, TOWN, TOWN, to=[(TOWN, None)])),
    "a merge of one with itself": ("incomplete", wanted(ChangeKind.MERGE, TOWN, to=[(TOWN, None)])),
    "a merge into two": ("incomplete", wanted(ChangeKind.MERGE, *VILLAGES[:2], to=[(VILLAGES[0], None)] * 2)),
    "a split into one": ("incomplete", wanted(ChangeKind.SPLIT, TOWN, to=[("441624103000", "甲")])),
    "a split of two": (
        "incomplete", wanted(ChangeKind.SPLIT, TOWN, OTHER_TOWN, to=[("441624103000", "甲"), ("441624104000", "乙")]),
    ),
    "an abolition with a target": ("incomplete", wanted(ChangeKind.ABOLITION, VILLAGES[0], to=MOVE_TO)),
    "a new town without a name": ("incomplete", wanted(ChangeKind.SET_UP, to=[("441624103000", None)])),
    "a rename to the same name": ("incomplete", wanted(ChangeKind.RENAME, TOWN, to=[(TOWN, f"名{TOWN}")])),
    "an unknown town": ("code-unknown", wanted(ChangeKind.MOVE, "441624155000", to=MOVE_TO)),
    "a retired village": ("code-retired", wanted(ChangeKind.BOUNDARY, "441624101999")),
    "a code that is in force": ("code-reused", wanted(ChangeKind.MOVE, TOWN, to=[(FAR_TOWN, None)])),
    "a code that was": ("code-reused", wanted(ChangeKind.SET_UP, to=[("441624101999", "新村委会")])),
    "a rename to another code": ("code-reused", wanted(ChangeKind.RENAME, TOWN, to=[("441624103000", "新")])),
    "villages with one code": (
        "code-reused",
        wanted(ChangeKind.MOVE, TOWN, to=MOVE_TO, recode={VILLAGES[0]: "441625109202"}),
    ),
    "a county that is not": ("parent-wrong", wanted(ChangeKind.MOVE, TOWN, to=[("441699101000", None)])),
    "a move under the same county": ("parent-wrong", wanted(ChangeKind.MOVE, TOWN, to=[("441624103000", None)])),
    "a village under another town": (
        "parent-wrong",
        wanted(ChangeKind.MOVE, TOWN, to=MOVE_TO, recode={VILLAGES[0]: "441625101250"}),
    ),
    "a new village nowhere": ("parent-wrong", wanted(ChangeKind.SET_UP, to=[("441624103201", "新村委会")])),
    "a town that becomes a village": ("level-wrong", wanted(ChangeKind.MOVE, TOWN, to=[("441625101209", None)])),
    "a city": ("level-wrong", wanted(ChangeKind.RENAME, CITY, to=[(CITY, "新市")])),
    "a merge over levels": ("level-wrong", wanted(ChangeKind.MERGE, TOWN, VILLAGES[0], to=[(TOWN, None)])),
    "a county into the province": ("level-wrong", wanted(ChangeKind.MERGE, COUNTY, to=[("430000000000", "新")])),
    "a split into villages": (
        "level-wrong", wanted(ChangeKind.SPLIT, TOWN, to=[(TOWN, None), ("441624101250", "新")], heir=TOWN),
    ),
    "a town with villages": ("divisions-remain", wanted(ChangeKind.ABOLITION, TOWN)),
    "an heir of another level": ("heir-wrong", wanted(ChangeKind.ABOLITION, VILLAGES[0], heir=TOWN)),
    "an heir that is not": ("heir-wrong", wanted(ChangeKind.ABOLITION, VILLAGES[0], heir="441624101250")),
    "a move with an heir": ("heir-wrong", wanted(ChangeKind.MOVE, TOWN, to=MOVE_TO, heir=OTHER_TOWN)),
    "a split without an heir": (
        "heir-wrong", wanted(ChangeKind.SPLIT, TOWN, to=[("441624103000", "甲"), ("441624104000", "乙")]),
    ),
    "a mapping of a stranger": (
        "recode-wrong", wanted(ChangeKind.MOVE, TOWN, to=MOVE_TO, recode={OTHER_VILLAGES[0]: "441625109209"}),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_refuses(name: str) -> None:
    code, change = WRONG[name]
    with pytest.raises(Rejected) as refused:
        plan(change)
    prefix = "registry.division-changes" if code.startswith("s-") else "registry.division-change-"
    assert refused.value.code == prefix + code.removeprefix("s")
    assert refused.value.clause in {"S0", "O1.3a"}


@pytest.mark.parametrize(
    ("actor", "is_allowed"),
    [
        (make_actor(PROVINCE, Role.BUREAU_SUPERVISOR), True),
        (make_actor(CITY, Role.BUREAU_SUPERVISOR), True),
        (make_actor(COUNTY, Role.BUREAU_SUPERVISOR), False),
        (make_actor(OTHER_CITY, Role.BUREAU_SUPERVISOR), False),
    ],
)
def test_a_change_is_entered_from_above_all_that_it_names(actor: Actor, is_allowed: bool) -> None:
    """Source: O1.3a."""
    change = wanted(ChangeKind.MOVE, TOWN, to=MOVE_TO)
    if is_allowed:
        require_author(actor, change)
    else:
        with pytest.raises(OutOfScope):
            require_author(actor, change)


def test_a_city_cannot_take_a_town_out_of_another_city() -> None:
    """Source: O1.3a."""
    with pytest.raises(OutOfScope):
        require_author(
            make_actor(CITY, Role.BUREAU_SUPERVISOR), wanted(ChangeKind.MOVE, CITY_TOWN, to=[("441624103000", None)])
        )


# --- random sequences of changes ----------------------------------------------------------------------------------


@dataclass
class Model:
    """A tree, everything that ever was in it, and a figure at each village, carried as offices carry their records."""

    tree: Tree = field(default_factory=small_tree)
    day: date = FIRST
    figures: dict[str, int] = field(default_factory=dict)
    periods: dict[str, list[DivisionState]] = field(default_factory=dict)
    begun: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for number, code in enumerate(sorted(self.tree.standing)):
            self._begin(self.tree.standing[code].row, (), FIRST)
            if level_of(code) is Level.VILLAGE:
                self.figures[code] = 10**number

    def _begin(self, row: DivisionRow, predecessors: tuple[str, ...], since: date) -> None:
        state = DivisionState(
            id=uuid4(), code=row.code, level=row.level, name=row.name, kind=row.kind.value,
            parent_code=parent_of(row.code), valid_from=since, valid_to=None, version=1, predecessors=predecessors,
        )  # fmt: skip
        self.periods.setdefault(row.code, []).append(state)

    def perform(self, change: Change) -> Plan:
        done = plan_change(self.tree, change, today=change.effective_on)
        for ending in done.endings:
            last = self.periods[ending.code][-1]
            self.periods[ending.code][-1] = last.model_copy(
                update={"valid_to": change.effective_on, "successors": ending.successors}
            )
        for beginning in done.beginnings:
            self._begin(beginning.row, beginning.predecessors, change.effective_on)
        figures: dict[str, int] = {}
        for code, figure in self.figures.items():
            home = done.homes.get(code, code)
            figures[home] = figures.get(home, 0) + figure
        self.figures = figures
        self.begun += done.begun
        self.tree, self.day = apply_plan(self.tree, done, on=change.effective_on), change.effective_on
        return done


def fresh_codes(model: Model, parent: str) -> Iterator[str]:
    """Codes right below a division that never were."""
    level = level_of(parent)
    if level is Level.TOWN:
        numbers = (f"{parent[:9]}{number}" for number in range(201, 400))
    elif level is Level.COUNTY or parent == OTHER_CITY:
        numbers = (f"{parent[:6]}{number}000" for number in range(101, 200))
    else:
        numbers = (f"{parent[:4]}{number}000000" for number in range(20, 99))
    return (code for code in numbers if code not in model.tree.used)


@st.composite
def changes(draw: st.DrawFn, model: Model) -> Change:
    """A change that somebody might want of the model's tree as it is; not every one is right."""
    standing = model.tree.standing
    below_city = sorted(code for code in standing if level_of(code) not in {Level.PROVINCE, Level.CITY})
    kind, source = draw(st.sampled_from(ChangeKind)), draw(st.sampled_from(below_city))
    level = level_of(source)
    parents = sorted({parent_of(code) or "" for code in below_city if level_of(code) is level})
    parent = draw(st.sampled_from(parents))
    new = [code for code, _ in zip(fresh_codes(model, parent), range(3), strict=False) if level_of(code) is level]
    new = new or [next(fresh_codes(model, parent_of(source) or ""))]
    new = draw(st.permutations(new))
    peers = [code for code in below_city if level_of(code) is level and code != source]
    day = model.day + timedelta(days=draw(st.integers(1, 30)))
    targets: list[tuple[str, str | None]] = []
    sources, heir = [source], None
    if kind is ChangeKind.SET_UP:
        sources, targets = [], [(new[0], "新")]
    elif kind is ChangeKind.ABOLITION:
        heir = draw(st.sampled_from(peers)) if peers and draw(st.booleans()) else None
    elif kind is ChangeKind.MOVE:
        targets = [(new[0], None)]
    elif kind is ChangeKind.RENAME:
        targets = [(source, f"改{day}")]
    elif kind is ChangeKind.MERGE:
        sources += [draw(st.sampled_from(peers))] if peers else []
        targets = [(draw(st.sampled_from([source, new[0]])), "合")]
    elif kind is ChangeKind.SPLIT:
        targets = [(draw(st.sampled_from([source, new[0]])), "甲"), (new[-1], "乙")]
        heir = targets[0][0]
    recode = {}
    if draw(st.booleans()) and kind in {ChangeKind.MOVE, ChangeKind.MERGE, ChangeKind.SPLIT}:
        for code in model.tree.below(source):
            above = draw(st.sampled_from([target for target, _ in targets]))
            if parent_of(code) == source and level_of(above) is not Level.VILLAGE:
                free = [one for one in fresh_codes(model, above) if one not in recode.values()]
                recode[code] = free[0]
    return Change(
        kind=kind, effective_on=day, document="文", sources=tuple(sources),
        targets=tuple(Target(*one) for one in targets), recode=recode, heir=heir,
    )  # fmt: skip


@settings(max_examples=150)
@given(data=st.data())
def test_whatever_changes_it_stays_a_tree_without_reuse_loss_or_doubling(data: st.DataObject) -> None:
    """Source: S0; standards.md §1 (Order 79: 顺序编制、唯一对应、废码不用), O1.3a."""
    model = Model()
    total, performed = sum(model.figures.values()), 0
    for _ in range(data.draw(st.integers(1, 12), label="length")):
        change = data.draw(changes(model), label="change")
        figures, abolished = dict(model.figures), model.tree
        try:
            done = model.perform(change)
        except Rejected:
            assert (model.tree, model.figures) == (abolished, figures), "a refused change has done something"
            continue
        performed += 1
        total -= sum(figures.get(code, 0) for code, heirs in done.retired.items() if not heirs)
        model.figures = {code: n for code, n in model.figures.items() if done.retired.get(code, (code,))}
        check(model, total)
    if performed == 0:
        check(model, total)


def check(model: Model, total: int) -> None:
    standing = set(model.tree.standing)
    for code in standing - {PROVINCE}:
        assert parent_of(code) in standing, "a division without the one above"
    assert len(set(model.begun)) == len(model.begun), "a code has begun twice"
    assert not set(model.begun) & set(CODES), "a code of before has begun again"
    assert sum(model.figures.values()) == total and set(model.figures) <= standing
    assert sum(n for code, n in model.figures.items() if contains(PROVINCE, code)) == total
    for code, states in model.periods.items():
        assert all(one.valid_to == two.valid_from for one, two in itertools.pairwise(states)), code
        assert (states[-1].valid_to is None) is (code in standing)
        heirs, missing = heirs_on(code, model.periods, on=model.day)
        assert not missing and set(heirs) <= standing
        assert heirs == [code] if code in standing else (bool(heirs) or not _is_inherited(model, code))
        for heir in heirs:
            back, _ = origins_on(heir, model.periods, on=states[-1].valid_from)
            assert code in back, "the way back leads elsewhere"
            assert node_at(heir, level_of(code)) == heir


def _is_inherited(model: Model, code: str) -> bool:
    """Whether the way from a retired code ends at one in force, and not at one that nobody took over."""
    last = model.periods[code][-1]
    return last.valid_to is None or any(_is_inherited(model, one) for one in last.successors if one != code)


def test_the_model_can_fail() -> None:
    """A tree with a hole is found."""
    model = Model()
    model.tree = Tree({code: one for code, one in model.tree.standing.items() if code != TOWN}, model.tree.used)
    with pytest.raises(AssertionError):
        check(model, sum(model.figures.values()))
    with pytest.raises(ParentWrong):
        plan_change(model.tree, wanted(ChangeKind.BOUNDARY, VILLAGES[0]), today=TODAY)
