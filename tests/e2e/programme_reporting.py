"""Filings and quarterly reports of the 2011-2012 story: what 21 cities do, and what must come of it, kept by hand."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from common.auth import Role
from common.clock import today
from common.testing.tokens import make_actor

PROVINCE = "440000000000"
SHENZHEN, MEIZHOU = "440300000000", "441400000000"
DUE = date(2011, 10, 31)
DECLARED = ("towns-ready", "town-offices-operating", "staff-total")
_STATES = {"file": "filed", "return": "returned", "accept": "accepted"}
_LABELS = {"file": "已报", "return": "退回补正", "accept": "已备案"}
FEATURED_LATE = {
    "445200000000": date(2011, 11, 21),
    "440800000000": date(2011, 11, 4),
    "441700000000": date(2012, 1, 16),
}


# --- filings ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a city's filing."""

    on: date
    kind: str
    correct_by: date | None = None


def filings_of(cities: list[str]) -> dict[str, list[Step]]:
    """Most in time, three late, Shenzhen later than all; Meizhou's is returned and filed again after its new day."""
    dice = random.Random(65)
    plans = {}
    for city in cities:
        on = FEATURED_LATE.get(city) or DUE - timedelta(days=dice.randrange(0, 20))
        plans[city] = [Step(on, "file"), Step(on + timedelta(days=10), "accept")]
    plans[SHENZHEN] = [Step(date(2012, 2, 6), "file"), Step(date(2012, 2, 20), "accept")]
    plans[MEIZHOU] = [
        Step(date(2011, 10, 28), "file"), Step(date(2011, 11, 2), "return", date(2011, 11, 15)),
        Step(date(2011, 11, 18), "file"), Step(date(2011, 11, 28), "accept"),
    ]  # fmt: skip
    return plans


def standing(steps: list[Step], on: date) -> tuple[str, int]:
    """State and days late on a day."""
    done = [one for one in steps if one.on <= on]
    if not done:
        return ("overdue", (on - DUE).days) if on > DUE else ("to_file", 0)
    late, last = max(0, (done[0].on - DUE).days), done[-1]
    if last.correct_by is not None and on > last.correct_by:
        return "overdue", max(late, (on - last.correct_by).days)
    return _STATES[last.kind], late


def filing_cells(steps: list[Step], on: date) -> list[str | None]:
    """What a circular tells of it: state, first day, days late."""
    done = [one for one in steps if one.on <= on]
    if not done:
        return ["逾期未报" if on > DUE else "待报", None, None]
    return [_LABELS[done[-1].kind], done[0].on.isoformat(), str(max(0, (done[0].on - DUE).days))]


async def file_plans(stage: Any, programme: str, plans: dict[str, list[Step]], *, after: date, until: date) -> None:
    """The steps between two days; a city files on the day itself, what came on paper before is entered by the province."""
    province = make_actor(PROVINCE, Role.BUREAU_SUPERVISOR)
    steps = [(one.on, city, one) for city, its in plans.items() for one in its if after < one.on <= until]
    for on, city, step in sorted(steps, key=lambda one: one[:2]):
        stage.at(on)
        base, actor = f"/plans/{programme}/filings/{city}", make_actor(city, Role.BUREAU_SUPERVISOR)
        day = on.isoformat()
        if step.kind == "file":
            number = 1 + sum(one.kind == "file" and one.on < on for one in plans[city])
            await stage.act(f"{base}/versions", actor, _plan(number))
            approved = {"body": "市人民政府", "document": "市府〔2011〕9号", "on": (on - timedelta(days=1)).isoformat()}
            await stage.act(f"{base}/versions/{number}/approval", actor, approved, version=1)
        version = (await stage.get(base, province))["version"]
        if step.kind == "file":
            await stage.act(f"{base}/submission", actor if today() == on else province, {"on": day}, version)
        elif step.kind == "accept":
            await stage.act(f"{base}/acceptance", province, {"on": day, "number": f"粤人社备{city[2:4]}号"}, version)
        else:
            told = {"on": day, "reasons": [{"text": "缺少经费来源", "clause": "O5.1a"}]}
            await stage.act(f"{base}/return", province, {**told, "correct_by": step.correct_by.isoformat()}, version)


def _plan(number: int) -> dict[str, Any]:
    stages = [
        {"code": f"y{year}", "title": f"{year}年", "starts_on": f"{year}-01-01", "ends_on": f"{year}-12-31"}
        for year in (2011, 2012)
    ]
    line = {"item": "建设服务所", "measure": f"第{number}次安排场地、窗口和设备", "owner": "市人力资源社会保障局"}
    lines = [{**line, "stage": one["code"], "due_on": one["ends_on"]} for one in stages]
    return {"title": "基层服务平台建设方案", "stages": stages, "lines": lines, "reason": "按省的要求制订"}


async def check_overview(stage: Any, programme: str, plans: dict[str, list[Step]], day: date) -> None:
    """The province's overview of a day is what the story did."""
    told = await stage.get(f"/plans/{programme}/overview", make_actor(PROVINCE, Role.BUREAU_SUPERVISOR), on=day)
    found = {one["city"]: (one["state"], one["days_late"]) for one in told["cities"]}
    expected = {city: standing(steps, day) for city, steps in plans.items()}
    assert found == expected, day
    assert (told["expected"], told["late"]) == (21, sum(late > 0 for _, late in expected.values()))
    states = [state for state, _ in expected.values()]
    assert {one["state"]: one["count"] for one in told["counts"] if one["count"]} == {
        state: states.count(state) for state in set(states)
    }


# --- reports ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Intention:
    """What a city is going to do in a quarter.

    Attributes:
        after: days from the opening until it submits; due after seven.
        beyond: offices that it declares as ready more than the platform computes.
    """

    after: int
    beyond: int = 0
    is_returned: bool = False
    restates: bool = False


@dataclass
class Told:
    """What came of it: declared and computed values of the edition in force."""

    after: int
    declared: dict[str, int]
    computed: dict[str, str | None]
    edition: int = 1
    report: str = ""
    version: int = 0


@dataclass
class Quarter:
    """One period of the story."""

    number: int
    opened_on: date
    id: str = ""
    told: dict[str, Told] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    province: Any = None

    def day(self, after: int) -> date:
        return self.opened_on + timedelta(days=after)

    def rates(self) -> tuple[int, int, int, int]:
        """Expected, reported, on time, days late; the province itself reports in time."""
        late = [one.after - 7 for one in self.told.values() if one.after > 7]
        reported = len(self.told) + 1
        return 22, reported, reported - len(late), sum(late)


def intentions(quarter: int, cities: list[str]) -> dict[str, Intention | None]:
    """Seeded: each quarter some are late, differ, are returned, restate; None reports nothing."""
    dice = random.Random(f"quarter {quarter}")
    order = dice.sample(cities, len(cities))
    found: dict[str, Intention | None] = {city: Intention(dice.randrange(2, 8)) for city in cities}
    for city in order[:3]:
        found[city] = Intention(dice.randrange(8, 12), beyond=dice.randrange(0, 3))
    for city in order[3:7]:
        found[city] = Intention(dice.randrange(2, 8), beyond=dice.randrange(1, 5))
    for city in order[7:9]:
        found[city] = Intention(dice.randrange(2, 8), beyond=1, is_returned=True)
    for city in order[9:11]:
        found[city] = Intention(dice.randrange(2, 8), beyond=2, restates=True)
    if quarter % 2:
        found[order[-1]] = None
    return found


LINES = [
    {"code": "towns-ready", "title": "达标的服务所", "unit": "个", "kind": "int", "rule": "sum", "indicator": "towns-ready"},
    {
        "code": "town-offices-operating", "title": "运行的服务所", "unit": "个", "kind": "int", "rule": "sum",
        "indicator": "town-offices-operating",
    },
    {"code": "staff-total", "title": "工作人员", "unit": "人", "kind": "int", "rule": "sum", "indicator": "staff-total"},
]  # fmt: skip
OPENER = make_actor(PROVINCE, Role.STATISTICIAN, subject="province-statistician")
REVIEWER = make_actor(PROVINCE, Role.BUREAU_SUPERVISOR, subject="province-supervisor")


async def open_quarter(stage: Any, programme: str, quarter: Quarter, first_on: date, as_of: date) -> None:
    """The province opens the period."""
    stage.at(quarter.opened_on)
    due = [{"level": level, "due_on": quarter.day(days).isoformat()} for level, days in (("city", 7), ("province", 14))]
    told = {
        "title": f"{as_of.year}年第{(as_of.month + 2) // 3}季度进度", "programme_id": programme, "roots": [PROVINCE],
        "down_to": "city", "first_on": first_on.isoformat(), "as_of": as_of.isoformat(), "due": due, "lines": LINES,
    }  # fmt: skip
    period = await stage.act("/report-periods", OPENER, told)
    assert period["expected"] == 22
    quarter.id = period["id"]


async def report(stage: Any, quarter: Quarter, city: str, plan: Intention, computed: dict[str, str | None]) -> None:
    """One city's report: begun with what the platform computes, filled, submitted, perhaps returned, approved."""
    actor = make_actor(city, Role.STATISTICIAN)
    found = await stage.act("/reports", actor, {"period_id": quarter.id})
    lines = {one["code"]: one for one in found["lines"]}
    for code, value in computed.items():
        assert (lines[code]["computed"]["value"], lines[code]["own"]) == (value, value), (quarter.number, city, code)
    told = Told(plan.after, {}, computed, report=found["id"])
    exact = all(value is not None for value in computed.values())
    if plan.is_returned:
        found = await _hand_in(stage, actor, found, told, plan.beyond + 3)
        reasons = {"reasons": [{"line": "towns-ready", "text": "达标数与验收材料不符"}]}
        found = await stage.act(f"/reports/{found['id']}/return", REVIEWER, reasons, found["version"])
        assert found["status"] == "returned"
    if plan.beyond or plan.is_returned or not exact:
        found = await _hand_in(stage, actor, found, told, plan.beyond, tries=quarter.number in {3, 7})
    else:
        told.declared = {code: int(value or 0) for code, value in computed.items()}
        found = await stage.act(f"/reports/{found['id']}/submission", actor, None, found["version"])
    await _approve(stage, found, told)
    quarter.told[city] = told


async def _hand_in(stage: Any, actor: Any, found: Any, told: Told, beyond: int, *, tries: bool = False) -> Any:
    """Declares, in some quarters without a word for the difference first: that is refused; then with it."""
    told.declared = {code: int(value or 0) for code, value in told.computed.items()}
    told.declared["towns-ready"] += beyond
    bare = [{"code": code, "own": value} for code, value in told.declared.items()]
    where = f"/reports/{found['id']}"
    if tries and beyond and told.computed["towns-ready"] is not None:
        found = await stage.act(f"{where}/lines", actor, {"lines": bare}, found["version"], method="PUT")
        refused = await stage.answer("POST", f"{where}/submission", actor, None, found["version"])
        assert (refused.status_code, [one["line"] for one in refused.json()["errors"]]) == (422, ["towns-ready"])
    said = [{**one, "explanation": "季末后验收的机构尚未登记"} for one in bare]
    found = await stage.act(f"{where}/lines", actor, {"lines": said}, found["version"], method="PUT")
    return await stage.act(f"{where}/submission", actor, None, found["version"])


async def _approve(stage: Any, found: Any, told: Told) -> None:
    found = await stage.act(f"/reports/{found['id']}/approval", REVIEWER, None, found["version"])
    told.edition, told.version = found["approved_edition"], found["version"]


async def restate(stage: Any, told: Told, city: str, computed: dict[str, str | None], beyond: int) -> None:
    """A new edition beside the one in force, which stays readable as it was."""
    actor, where = make_actor(city, Role.STATISTICIAN), f"/reports/{told.report}"
    before, version = dict(told.declared), told.version
    found = await stage.act(f"{where}/restatement", actor, {"reason": "迟到记录补入"}, version)
    found = await stage.act(f"{where}/recomposition", actor, None, found["version"])
    assert {one["code"]: one["computed"]["value"] for one in found["lines"]} == computed
    told.computed = computed
    found = await _hand_in(stage, actor, found, told, beyond)
    await _approve(stage, found, told)
    old = (await stage.get(f"{where}/versions/{version}", actor))["report"]
    assert {one["code"]: int(one["total"]) for one in old["lines"]} == before
    assert (told.edition, old["edition"]) == (2, 1)


async def report_province(stage: Any, quarter: Quarter, computed: dict[str, str | None]) -> None:
    """The province adds up what it has approved, names who is missing, and explains the difference."""
    stage.at(quarter.day(13))
    found = await stage.act("/reports", OPENER, {"period_id": quarter.id})
    await _settle_province(stage, quarter, found, computed)


async def restate_province(stage: Any, quarter: Quarter, computed: dict[str, str | None]) -> None:
    """What it stands on has a newer edition: it says so, and is composed anew."""
    where = f"/reports/{quarter.province['id']}"
    held = await stage.get(where, OPENER)
    assert held["is_based_on_older"]
    found = await stage.act(f"{where}/restatement", OPENER, {"reason": "下级重报"}, held["version"])
    found = await stage.act(f"{where}/recomposition", OPENER, None, found["version"])
    await _settle_province(stage, quarter, found, computed)


async def _settle_province(stage: Any, quarter: Quarter, found: Any, computed: dict[str, str | None]) -> None:
    where = f"/reports/{found['id']}"
    assert found["missing"] == sorted(quarter.missing)
    assert {one["division"]: one["edition"] for one in found["bases"]} == {
        city: told.edition for city, told in quarter.told.items()
    }
    for line in found["lines"]:
        assert line["computed"]["value"] == computed[line["code"]]
        assert int(line["total"]) == sum(told.declared[line["code"]] for told in quarter.told.values())
    said = [{"code": one["code"], "explanation": "各市申报与系统计算的口径差异"} for one in found["lines"]]
    found = await stage.act(f"{where}/lines", OPENER, {"lines": said}, found["version"], method="PUT")
    found = await stage.act(f"{where}/submission", OPENER, None, found["version"])
    same = await stage.answer("POST", f"{where}/approval", OPENER, None, found["version"])
    assert same.status_code == 403, "nobody approves what they have submitted"
    quarter.province = await stage.act(f"{where}/approval", REVIEWER, None, found["version"])


async def check_quarter(stage: Any, quarter: Quarter) -> None:
    """Rates and declared values are what the story did."""
    expected, reported, on_time, late_days = quarter.rates()
    told = (await stage.get(f"/report-periods/{quarter.id}/progress", OPENER))["progress"]
    assert (told["expected"], told["reported"], told["on_time"], told["late"], told["late_days"]) == (
        expected, reported, on_time, reported - on_time, late_days,
    )  # fmt: skip
    assert (told["completeness"], told["timeliness"]) == (round(reported / 22, 4), round(on_time / 22, 4))
    assert (told["approved"], told["returned"], told["restating"]) == (reported, 0, 0)
    missing = await stage.items(f"/report-periods/{quarter.id}/missing", OPENER)
    assert [one["division"] for one in missing] == sorted(quarter.missing)
    for code in DECLARED:
        rows = await stage.items(f"/report-periods/{quarter.id}/lines/{code}", OPENER, level="city")
        assert {one["division"]: (int(one["total"]), one["computed"], one["edition"]) for one in rows} == {
            city: (one.declared[code], one.computed[code], one.edition) for city, one in quarter.told.items()
        }
