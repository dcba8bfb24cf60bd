"""The life of one period with three levels against a model: any acts in any order (O6.3a, O4.2a)."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from common.contracts.reporting.reports import ReportState
from common.db import Database
from common.errors import DomainError
from reporting.reports import service

CITY, COUNTY, TOWN = "440300000000", "440305000000", "440305001000"
BAOAN, XINAN = "440306000000", "440306001000"
PARENTS = {TOWN: COUNTY, XINAN: BAOAN, COUNTY: CITY, BAOAN: CITY, CITY: CITY}
LEAVES = (TOWN, XINAN)
ANY = st.sampled_from(sorted(PARENTS))


@dataclass
class Model:
    """What a report must be, kept by hand.

    Attributes:
        own: declared offices of the division itself; None: not filled.
        used: division below → the edition that the working one is composed from.
        approved: edition → (total, what it was composed from).
    """

    status: str | None = None
    edition: int = 1
    editions: int = 1
    own: int | None = None
    used: dict[str, int] = field(default_factory=dict)
    is_handed_in: bool = False
    was_first: bool = False
    is_unlocked: bool = False
    in_force: int | None = None
    approved: dict[int, tuple[int, dict[str, int], int | None]] = field(default_factory=dict)

    @property
    def is_restating(self) -> bool:
        return self.in_force is not None and self.edition != self.in_force


def below(division: str) -> list[str]:
    return [code for code, above in PARENTS.items() if above == division and code != division]


class LifeOfAPeriod(RuleBasedStateMachine):
    """Five divisions, two of them leaves; every act is tried, and the model knows which of them are allowed."""

    def __init__(self, make_world: Any) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.world, self.db = make_world(self.runner)
        self.period = self.run(self.world.open(roots=(CITY,)))
        self.status = "open"
        self.models = {code: Model() for code in PARENTS}
        self.figures: dict[str, tuple[int, int]] = {}

    def teardown(self) -> None:
        self.run(self.db.dispose())
        self.runner.close()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)

    def attempt(self, allowed: bool, work: Coroutine[Any, Any, Any]) -> bool:
        try:
            self.run(work)
        except DomainError as refusal:
            if allowed:
                raise AssertionError(str(refusal)) from refusal
            return False
        assert allowed
        return True

    def takes(self, model: Model, act: str) -> bool:
        if self.status == "open" or model.is_unlocked or model.is_restating:
            return True
        return self.status == "closing" and model.is_handed_in and act != "recall"

    def fresh(self, division: str) -> dict[str, int]:
        return {code: self.models[code].in_force or 0 for code in below(division) if self.models[code].in_force}

    def total_of(self, own: int | None, used: dict[str, int]) -> int:
        return (own or 0) + sum(self.models[code].approved[edition][0] for code, edition in used.items())

    def move_on(self, division: str, offices: int) -> None:
        """What usually comes next, so that the life gets somewhere."""
        model = self.models[division]
        if model.status is None:
            self.start(division)
        elif model.status == "submitted":
            self.approve(division)
        elif model.status in {"draft", "returned"}:
            self.fill(division, offices)
            self.recompose(division)
            self.submit(division)

    @rule(division=st.sampled_from(LEAVES), offices=st.integers(0, 9))
    def a_town_moves_on(self, division: str, offices: int) -> None:
        self.move_on(division, offices)

    @rule(division=st.sampled_from((COUNTY, BAOAN)), offices=st.integers(0, 9))
    def a_county_moves_on(self, division: str, offices: int) -> None:
        self.move_on(division, offices)

    @rule(offices=st.integers(0, 9))
    def the_city_moves_on(self, offices: int) -> None:
        self.move_on(CITY, offices)

    @rule(division=ANY, offices=st.integers(0, 9))
    def a_restatement_goes_up(self, division: str, offices: int) -> None:
        if self.models[division].in_force is not None:
            self.restate(division)
            self.move_on(division, offices)
            self.approve(division)

    @rule(division=ANY)
    def start(self, division: str) -> None:
        model = self.models[division]
        allowed = model.status is None and self.status == "open"
        if self.attempt(allowed, self.world.start(self.period, division)):
            self.models[division] = Model(status="draft", used=self.fresh(division))

    @rule(division=ANY, offices=st.integers(0, 9))
    def fill(self, division: str, offices: int) -> None:
        model = self.models[division]
        allowed = model.status in {"draft", "returned"} and self.takes(model, "fill")
        if self.attempt(allowed, self.world.fill(self.period, division, offices=offices)):
            model.own = offices

    @rule(division=ANY)
    def recompose(self, division: str) -> None:
        model = self.models[division]
        allowed = model.status in {"draft", "returned"} and self.takes(model, "recompose")
        if self.attempt(allowed, self.world.recompose(self.period, division)):
            model.used = self.fresh(division)

    @rule(division=ANY)
    def submit(self, division: str) -> None:
        model = self.models[division]
        is_whole = model.own is not None or bool(model.used)
        allowed = model.status in {"draft", "returned"} and self.takes(model, "submit")
        allowed = allowed and is_whole and model.used == self.fresh(division)
        if self.attempt(allowed, self.world.submit(self.period, division)):
            model.was_first = not model.is_handed_in
            model.status, model.is_handed_in = "submitted", True

    @rule(division=ANY)
    def recall(self, division: str) -> None:
        model = self.models[division]
        allowed = model.status == "submitted" and self.takes(model, "recall")
        if self.attempt(allowed, self.world.recall(self.period, division)):
            model.status = "draft"
            model.is_handed_in = not model.was_first

    @rule(division=ANY)
    def approve(self, division: str) -> None:
        model = self.models[division]
        is_current = model.used == self.fresh(division)
        allowed = model.status == "submitted" and self.takes(model, "approve") and is_current
        if not self.attempt(allowed, self.world.approve(self.period, division)):
            return
        model.approved[model.edition] = (self.total_of(model.own, model.used), dict(model.used), model.own)
        model.status, model.in_force = "locked" if self.status == "closed" else "approved", model.edition
        model.is_unlocked = False
        above = self.models[PARENTS[division]]
        if division != CITY and above.status in {"draft", "returned"} and self.takes(above, "recompose"):
            above.used = self.fresh(PARENTS[division])

    @rule(division=ANY)
    def send_back(self, division: str) -> None:
        model = self.models[division]
        allowed = model.status == "submitted" and self.takes(model, "return")
        if self.attempt(allowed, self.world.send_back(self.period, division)):
            model.status, model.was_first = "returned", False

    @rule(division=ANY)
    def restate(self, division: str) -> None:
        model = self.models[division]
        if self.attempt(model.status in {"approved", "locked"}, self.world.restate(self.period, division)):
            self.begin_edition(division)

    @rule(division=ANY)
    def abandon(self, division: str) -> None:
        model = self.models[division]
        allowed = model.status in {"draft", "returned"} and model.is_restating
        if self.attempt(allowed, self.world.abandon(self.period, division)):
            model.edition = model.in_force or 0
            model.status = "locked" if self.status == "closed" else "approved"
            _, model.used, model.own = model.approved[model.edition]
            model.is_unlocked = False

    @rule(division=ANY)
    def unlock(self, division: str) -> None:
        model = self.models[division]
        is_settled = model.status in {"approved", "locked"}
        if not self.attempt(is_settled or self.status != "open", self.world.unlock(self.period, division)):
            return
        if is_settled:
            self.begin_edition(division)
        elif model.status is None:
            self.models[division] = Model(status="draft", used=self.fresh(division), is_unlocked=True)
        else:
            model.is_unlocked = True

    def begin_edition(self, division: str) -> None:
        model = self.models[division]
        model.editions += 1
        model.edition, model.status, model.was_first = model.editions, "draft", False
        model.used = self.fresh(division)

    @rule(is_meant=st.integers(0, 3))
    def begin_closing(self, is_meant: int) -> None:
        if is_meant:
            return
        if self.attempt(self.status == "open", self.world.step(self.period, service.begin_closing)):
            self.status = "closing"

    @rule(is_meant=st.integers(0, 3))
    def close(self, is_meant: int) -> None:
        if is_meant:
            return
        if self.attempt(self.status != "closed", self.world.step(self.period, service.close_period)):
            self.status = "closed"
            for model in self.models.values():
                model.status = "locked" if model.status == "approved" else model.status

    @rule()
    def reopen(self) -> None:
        allowed = self.status != "open"
        if self.attempt(allowed, self.world.step(self.period, service.reopen_period, reason="延期")):
            self.status = "open"

    @invariant()
    def every_report_is_what_the_model_says(self) -> None:
        for division, model in self.models.items():
            if model.status is None:
                continue
            state = self.run(self.world.report(self.period.id, division))
            told = (state.status, state.edition, state.approved_edition, state.is_unlocked)
            assert told == (model.status, model.edition, model.in_force, model.is_unlocked)
            assert {base.division: base.edition for base in state.bases} == model.used
            assert (state.first_submitted_at is not None) == model.is_handed_in

    @invariant()
    def approved_figures_stand_on_versions_that_are_known(self) -> None:
        found = self.run(self.versions())
        for (division, edition), state in found.items():
            total, used, _ = self.models[division].approved[edition]
            assert offices(state) == total
            assert {base.division: base.edition for base in state.bases} == used
            named = [found[base.division, base.edition] for base in state.bases]
            assert [one.version for one in named] == [base.version for base in state.bases]
            own = next(line.own for line in state.lines if line.code == "offices") or 0
            assert total == own + sum(offices(one) for one in named)
        assert set(found) == {(code, edition) for code, model in self.models.items() for edition in model.approved}

    @invariant()
    def what_is_in_force_changes_with_its_edition_only(self) -> None:
        declared = self.run(self.world.declared(self.period, *PARENTS))
        for division, model in self.models.items():
            if model.in_force is None:
                continue
            now = (model.in_force, offices(declared[division]))
            assert declared[division].edition == model.in_force
            before = self.figures.get(division, now)
            assert now == before or now[0] > before[0]
            self.figures[division] = now

    @invariant()
    def rates_count_what_the_model_counts(self) -> None:
        found = self.run(self.world.progress(self.period, CITY))
        models = self.models.values()
        assert (found.expected, found.reported, found.approved, found.returned, found.restating) == (
            5,
            sum(model.is_handed_in for model in models),
            sum(model.in_force is not None for model in models),
            sum(model.status == "returned" for model in models),
            sum(model.is_restating for model in models),
        )

    @invariant()
    def who_stands_on_an_older_version_says_so(self) -> None:
        for division, model in self.models.items():
            if model.status is None:
                continue
            behind = {
                one.below for one in self.run(self.world.outdated(self.period, division)) if one.division == division
            }
            assert behind == {code for code, edition in self.fresh(division).items() if model.used.get(code) != edition}

    async def versions(self) -> dict[tuple[str, int], ReportState]:
        """Every edition that ever was approved, as it was then."""
        rows = await self.world.rows(
            "SELECT state::text AS state FROM report_versions WHERE period_id = $1 AND act = 'approve'", self.period.id
        )
        states = [ReportState.model_validate_json(row["state"]) for row in rows]
        return {(state.division, state.edition): state for state in states}


def offices(state: ReportState) -> int:
    return int(next(line.total for line in state.lines if line.code == "offices") or 0)


def test_the_life_of_a_period(database: str, make_world: Any, fill_directory: Any) -> None:
    """O6.3a: no act in any order loses an approved figure, or lets one stand on what nobody knows."""
    with asyncio.Runner() as runner:
        runner.run(fill_directory(database))

    def make(runner: asyncio.Runner) -> tuple[Any, Database]:
        async def build() -> tuple[Any, Database]:
            db = Database(database, pool_size=2, application_name="test")
            return make_world(db), db

        return runner.run(build())

    run_state_machine_as_test(
        lambda: LifeOfAPeriod(make), settings=settings(max_examples=10, stateful_step_count=30, deadline=None)
    )
