"""Campaigns for model windows: from application to a title that is withdrawn. Source: O4.3a."""

import asyncio
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.auth import Role
from common.clock import today
from common.contracts.reporting.campaigns import CampaignCriterionState
from common.testing.problems import problem
from common.testing.tokens import make_actor
from reporting.campaigns import domain

PROVINCE, CITY, COUNTY, TOWN, OTHER_TOWN = (
    "440000000000", "440300000000", "440305000000", "440305001000", "440306001000",
)  # fmt: skip
DONGGUAN, DONGCHENG = "441900000000", "441900003000"
BASE = "/campaigns"
ORGANISER = make_actor(PROVINCE, Role.BUREAU_SUPERVISOR)
COLLEAGUE = make_actor(PROVINCE, Role.BUREAU_SUPERVISOR, subject="colleague")
CITIZEN = make_actor(PROVINCE, Role.CITIZEN, subject="citizen")
PROOF = [{"title": "制度汇编", "reference": "档案2026-3"}]
CRITERIA = [
    {"code": "service", "title": "服务规范", "weight": 3, "evidence_required": 1},
    {"code": "order", "title": "秩序优良", "weight": 1},
]


def head(division):
    return make_actor(division, Role.OFFICE_HEAD)


def bureau(division):
    return make_actor(division, Role.BUREAU_SUPERVISOR)


class Campaign:
    """A campaign as its people see it."""

    def __init__(self, send, get, desk):
        self.send, self.get, self.desk = send, get, desk

    async def open(self, actor=ORGANISER, **changes):
        told = {
            "title": "优质文明窗口创建活动", "document": "粤人社函〔2026〕9号", "scope": [PROVINCE],
            "kinds": ["service_office"], "criteria": CRITERIA, "quota": 2, "apply_from": today().isoformat(),
            "apply_until": (today() + timedelta(days=5)).isoformat(), "publicity_days": 7, "validity_months": 24,
            "disqualifiers": [{"kind": "overdue_orders"}, {"kind": "open_orders"}, {"kind": "vetoed_inspection"}],
            **changes,
        }  # fmt: skip
        return await self.send("POST", BASE, actor, told)

    async def opened(self, **changes):
        answer = await self.open(**changes)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def apply(self, campaign, division=TOWN, points=(90, 80), evidence=PROOF):
        scores = [
            {"criterion": "service", "points": points[0], "remark": "制度健全", "evidence": evidence},
            {"criterion": "order", "points": points[1], "remark": "整洁有序"},
        ]
        return await self.send(
            "POST", f"{BASE}/{campaign['id']}/applications", head(division), {"self_assessment": scores}
        )

    async def applied(self, campaign, division=TOWN, **more):
        answer = await self.apply(campaign, division, **more)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def step(self, record, name, actor, told=None, where=f"{BASE}/applications"):
        answer = await self.send("POST", f"{where}/{record['id']}/{name}", actor, told, version=record["version"])
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def recommended(self, campaign, division=TOWN):
        found = await self.applied(campaign, division)
        while found["review_due_from"] is not None:
            told = {"verdict": "recommended", "reason": "符合标准"}
            found = await self.step(found, "reviews", bureau(found["review_due_from"]), told)
        return found

    async def selected(self, campaign, division=TOWN):
        found = await self.recommended(campaign, division)
        await self.shift(campaign, "apply_until", -1)
        return await self.step(found, "decision", ORGANISER, {"selects": True, "reason": "择优"})

    async def public(self, campaign, division=TOWN):
        found = await self.selected(campaign, division)
        await self.step(await self.now(campaign), "publicity", ORGANISER, None, BASE)
        return found

    async def awarded(self, campaign, division=TOWN):
        await self.public(campaign, division)
        await self.shift(campaign, "publicity_until", -1)
        await self.step(await self.now(campaign), "awards", ORGANISER, None, BASE)
        return (await self.get(f"{BASE}/awards", ORGANISER)).json()["items"][0]

    async def now(self, campaign):
        return (await self.get(f"{BASE}/{campaign['id']}", ORGANISER)).json()

    async def shift(self, campaign, member, days):
        """Moves a day of the campaign, so that nobody has to wait."""
        day = (today() + timedelta(days=days)).isoformat()
        await self.desk.rows(
            "UPDATE records SET state = jsonb_set(state, $2::text[], to_jsonb($3::text)) WHERE id = $1::uuid",
            campaign["id"], [member], day,
        )  # fmt: skip


@pytest.fixture
async def work(send, get, filled):
    return Campaign(send, get, filled)


async def test_an_office_applies_is_reviewed_level_by_level_and_awarded(work):
    """O4.3a: application, preliminary review by county and city, decision, publicity, award, public register."""
    campaign = await work.opened()
    found = await work.applied(campaign)
    assert (found["score"], found["review_due_from"], found["status_label"]) == (8750, COUNTY, "初审中")
    turn = await work.send(
        "POST", f"{BASE}/applications/{found['id']}/reviews", bureau(CITY),
        {"verdict": "recommended", "reason": "越级"}, version=1,
    )  # fmt: skip
    problem(turn, 403, "reporting.campaign.not-the-reviewer")
    told = {"verdict": "recommended", "points": {"service": 70}, "reason": "服务项扣分"}
    found = await work.step(found, "reviews", bureau(COUNTY), told)
    assert (found["score"], found["review_due_from"]) == (7250, CITY)
    found = await work.step(found, "reviews", bureau(CITY), {"verdict": "recommended", "reason": "同意"})
    assert (found["status"], found["score"], found["review_due_from"]) == ("recommended", 7250, None)
    early = await work.send(
        "POST", f"{BASE}/applications/{found['id']}/decision", ORGANISER, {"selects": True, "reason": "择优"},
        version=found["version"],
    )  # fmt: skip
    problem(early, 409, "reporting.campaign.not-in-state")
    await work.shift(campaign, "apply_until", -1)
    found = await work.step(found, "decision", ORGANISER, {"selects": True, "reason": "择优"})
    campaign = await work.step(await work.now(campaign), "publicity", ORGANISER, None, BASE)
    assert campaign["publicity_until"] == (today() + timedelta(days=7)).isoformat()
    shown = (await work.get(f"{BASE}/{campaign['id']}/publicity")).json()
    assert [(one["division"], one["score"]) for one in shown] == [(TOWN, 7250)]
    running = await work.send("POST", f"{BASE}/{campaign['id']}/awards", ORGANISER, version=campaign["version"])
    problem(running, 409, "reporting.campaign.publicity-running")
    await work.shift(campaign, "publicity_until", -1)
    campaign = await work.step(await work.now(campaign), "awards", ORGANISER, None, BASE)
    assert campaign["status"] == "decided"
    (holder,) = (await work.get(f"{BASE}/holders")).json()["items"]
    assert (holder["division"], holder["office_name"], holder["awarded_on"]) == (
        TOWN, "南头街道机构", today().isoformat(),
    )  # fmt: skip
    assert (await work.get(f"{BASE}/holders", on=today() - timedelta(days=1))).json()["items"] == []
    assert (await work.get(f"{BASE}/holders", division=OTHER_TOWN)).json()["items"] == []


async def test_a_city_without_counties_reviews_first_and_who_is_not_recommended_is_out(work):
    """O4.3a: 东莞 has no county level."""
    campaign = await work.opened()
    found = await work.applied(campaign, DONGCHENG)
    assert found["review_due_from"] == DONGGUAN
    found = await work.step(found, "reviews", bureau(DONGGUAN), {"verdict": "not_recommended", "reason": "制度不全"})
    assert (found["status_label"], found["review_due_from"]) == ("未推荐", None)


async def test_objections_are_answered_before_the_award_and_one_that_is_right_ends_it(work):
    """O4.3a, O4.3f: who objects stands in no answer and no state."""
    campaign = await work.opened()
    found = await work.public(campaign)
    raised = await work.send(
        "POST", f"{BASE}/applications/{found['id']}/objections", CITIZEN, {"text": "窗口经常无人值守"}
    )
    assert raised.status_code == 201, raised.text
    seen = (await work.get(f"{BASE}/applications/{found['id']}", ORGANISER)).json()
    assert seen["objections"][0]["text"] == "窗口经常无人值守"
    state = await work.desk.value("SELECT state::text FROM records WHERE id = $1::uuid", found["id"])
    assert "citizen" not in state
    await work.shift(campaign, "publicity_until", -1)
    held = await work.now(campaign)
    waiting = await work.send("POST", f"{BASE}/{campaign['id']}/awards", ORGANISER, version=held["version"])
    problem(waiting, 409, "reporting.campaign.objections-unanswered")
    late = await work.send("POST", f"{BASE}/applications/{found['id']}/objections", CITIZEN, {"text": "再次提出"})
    problem(late, 404, "record.not-found")
    path = f"objections/{seen['objections'][0]['id']}/answer"
    answered = await work.step(seen, path, ORGANISER, {"answer": "经查属实。", "is_upheld": True})
    assert answered["objections"][0]["is_upheld"] is True
    await work.step(held, "awards", ORGANISER, None, BASE)
    assert (await work.get(f"{BASE}/holders")).json()["items"] == []
    assert (await work.get(f"{BASE}/applications/{found['id']}", ORGANISER)).json()["status"] == "rejected"


async def test_open_orders_bar_an_office_by_the_platforms_own_records(work):
    """O4.3a, S6: disqualifiers are read, not declared."""
    campaign = await work.opened()
    found = await work.recommended(campaign)
    order = await work.send("POST", "/orders", bureau(COUNTY), {
        "to_division": TOWN, "title": "整改窗口", "demand": "整改", "clause": "O2.2b",
        "due_on": (today() + timedelta(days=9)).isoformat(),
    })  # fmt: skip
    assert order.status_code == 201
    await work.shift(campaign, "apply_until", -1)
    refused = await work.send(
        "POST", f"{BASE}/applications/{found['id']}/decision", ORGANISER, {"selects": True, "reason": "择优"},
        version=found["version"],
    )  # fmt: skip
    told = problem(refused, 422, "reporting.campaign.disqualified", "O4.3a")
    assert (told["disqualifiers"], told["detail"]) == (["open_orders"], "有未办结的督办事项")
    rejected = await work.step(found, "decision", ORGANISER, {"selects": False, "reason": "有未办结督办"})
    assert (rejected["status"], rejected["barred_by"]) == ("rejected", ["open_orders"])


async def test_of_two_who_take_the_last_place_one_gets_it(work):
    """O4.3a: quota."""
    campaign = await work.opened(quota=1)
    found = [await work.recommended(campaign, division) for division in (TOWN, OTHER_TOWN)]
    await work.shift(campaign, "apply_until", -1)
    answers = await asyncio.gather(*(
        work.send("POST", f"{BASE}/applications/{one['id']}/decision", ORGANISER,
                  {"selects": True, "reason": "择优"}, version=one["version"])
        for one in found
    ))  # fmt: skip
    assert sorted(answer.status_code for answer in answers) == [200, 422]
    problem(next(one for one in answers if one.status_code == 422), 422, "reporting.campaign.quota-exhausted", "O4.3a")


async def test_a_title_is_withdrawn_after_the_office_was_heard_and_by_somebody_else(work):
    """O4.3a: reason, statement, decision; the register of earlier days stays as it was."""
    award = await work.awarded(await work.opened())
    where = f"{BASE}/awards"
    told = {"on": today().isoformat(), "is_passed": False, "remark": "抽查发现推诿", "evidence": PROOF}
    award = await work.step(award, "rechecks", bureau(CITY), told, where)
    award = await work.step(award, "withdrawal", ORGANISER, {"reason": "复核不合格"}, where)
    assert (award["status"], len((await work.get(f"{BASE}/holders")).json()["items"])) == ("withdrawal_proposed", 1)
    path = f"{where}/{award['id']}/withdrawal/decision"
    decided = {"withdraws": True, "reason": "属实"}
    early = await work.send("POST", path, COLLEAGUE, decided, version=award["version"])
    problem(early, 409, "reporting.campaign.statement-pending")
    award = await work.step(award, "withdrawal/statement", head(TOWN), {"text": "已整改。"}, where)
    own = await work.send("POST", path, ORGANISER, decided, version=award["version"])
    problem(own, 403, "reporting.campaign.proposer-decides")
    city = await work.send("POST", path, bureau(CITY), decided, version=award["version"])
    problem(city, 403, "reporting.campaign.not-the-organiser")
    award = await work.step(award, "withdrawal/decision", COLLEAGUE, decided, where)
    assert (award["status"], award["withdrawn_on"]) == ("withdrawn", today().isoformat())
    assert (await work.get(f"{BASE}/holders")).json()["items"] == []


@pytest.mark.parametrize(("points", "evidence", "division", "status", "code"), [
    ((90, 101), PROOF, TOWN, 422, "request.validation-failed"),
    ((90, 80), [], TOWN, 422, "reporting.campaign.self-assessment-unfit"),
    ((90, 80), PROOF, "440305001001", 422, "reporting.campaign.applications-closed"),
    ((90, 80), PROOF, CITY, 422, "reporting.campaign.applications-closed"),
])  # fmt: skip
async def test_an_application_that_does_not_fit_is_refused_and_not_written(
    work, points, evidence, division, status, code
):
    """O4.3a."""
    campaign = await work.opened()
    problem(await work.apply(campaign, division, points=points, evidence=evidence), status, code)
    count = "SELECT count(*) FROM records WHERE record = 'reporting.window-application'"
    assert await work.desk.value(count) == 0


@pytest.mark.parametrize(("actor", "changes", "status", "code"), [
    (head(TOWN), {}, 403, "auth.role-required"),
    (bureau(CITY), {}, 422, "reporting.campaign.plan-unfit"),
    (ORGANISER, {"apply_until": "2020-01-01"}, 422, "reporting.campaign.plan-unfit"),
    (ORGANISER, {"criteria": [CRITERIA[0], CRITERIA[0]]}, 422, "reporting.campaign.plan-unfit"),
    (ORGANISER, {"quota": 0}, 422, "request.validation-failed"),
    (ORGANISER, {"title": "联系13800138000"}, 422, "request.validation-failed"),
])  # fmt: skip
async def test_a_campaign_that_makes_no_sense_is_refused_and_not_written(work, actor, changes, status, code):
    """O4.3a."""
    problem(await work.open(actor, **changes), status, code)
    assert await work.desk.value("SELECT count(*) FROM records WHERE record = 'reporting.campaign'") == 0


async def test_an_office_applies_once_and_only_in_its_days(work):
    """O4.3a."""
    campaign = await work.opened()
    await work.applied(campaign)
    problem(await work.apply(campaign), 409, "reporting.campaign.already-applied")
    await work.shift(campaign, "apply_until", -1)
    closed = await work.apply(campaign, OTHER_TOWN)
    problem(closed, 422, "reporting.campaign.applications-closed", "O4.3a")
    undecided = await work.send("POST", f"{BASE}/{campaign['id']}/publicity", ORGANISER, version=1)
    problem(undecided, 409, "reporting.campaign.still-undecided")


async def test_a_level_that_does_not_review_holds_nobody_up(work):
    """O4.3a: after the days of application the organiser decides with a reason; before, every level has its turn."""
    campaign = await work.opened()
    found = await work.applied(campaign)
    other = await work.recommended(campaign, OTHER_TOWN)
    told = {"selects": False, "reason": "逾期未完成初审"}
    path = f"{BASE}/applications/{found['id']}/decision"
    problem(await work.send("POST", path, ORGANISER, told, version=1), 409, "reporting.campaign.not-in-state")
    await work.shift(campaign, "apply_until", -1)
    await work.step(other, "decision", ORGANISER, {"selects": True, "reason": "择优"})
    undecided = await work.send("POST", f"{BASE}/{campaign['id']}/publicity", ORGANISER, version=1)
    problem(undecided, 409, "reporting.campaign.still-undecided")
    found = await work.step(found, "decision", ORGANISER, told)
    assert (found["status"], found["review_due_from"], found["reviews"]) == ("rejected", None, [])
    review = {"verdict": "recommended", "reason": "补审"}
    late = await work.send("POST", f"{BASE}/applications/{found['id']}/reviews", bureau(COUNTY), review, version=2)
    problem(late, 409, "reporting.campaign.application-not-in-state")
    assert (await work.step(await work.now(campaign), "publicity", ORGANISER, None, BASE))["status"] == "publicity"


async def test_an_office_that_has_closed_meanwhile_does_not_keep_the_others_from_their_award(work, directory_events):
    """O4.3a: it is rejected with its reason."""
    campaign = await work.opened()
    gone, other = [await work.recommended(campaign, division) for division in (TOWN, OTHER_TOWN)]
    await work.shift(campaign, "apply_until", -1)
    for one in (gone, other):
        await work.step(one, "decision", ORGANISER, {"selects": True, "reason": "择优"})
    await work.step(await work.now(campaign), "publicity", ORGANISER, None, BASE)
    await work.shift(campaign, "publicity_until", -1)
    await work.desk.directory(directory_events("office", TOWN, "suspended", version=2))
    campaign = await work.step(await work.now(campaign), "awards", ORGANISER, None, BASE)
    assert campaign["status"] == "decided"
    assert [one["division"] for one in (await work.get(f"{BASE}/holders")).json()["items"]] == [OTHER_TOWN]
    told = (await work.get(f"{BASE}/applications/{gone['id']}", ORGANISER)).json()
    assert (told["status"], told["decision_reason"]) == ("rejected", "命名时该服务机构未在运行")


def test_who_reviews_is_every_level_between():
    """O4.3a: county, then city; over a level that does not exist."""
    assert domain.reviewers_of(PROVINCE, TOWN) == [COUNTY, CITY]
    assert domain.reviewers_of(CITY, TOWN) == [COUNTY]
    assert domain.reviewers_of(PROVINCE, DONGCHENG) == [DONGGUAN]
    assert domain.reviewers_of(DONGGUAN, DONGCHENG) == []


@given(st.dates(date(2011, 1, 1), date(2090, 1, 1)), st.integers(1, 120))
def test_a_title_ends_the_day_before_the_same_day_of_its_last_month(first: date, months: int):
    """O4.3a: validity; from a month's end to a shorter month's end."""
    after = domain.last_day(first, months) + timedelta(days=1)
    assert (after.year * 12 + after.month) - (first.year * 12 + first.month) == months
    assert after.day == first.day or (after.day < first.day and (after + timedelta(days=1)).day == 1)


@given(st.lists(st.tuples(st.integers(1, 1000), st.integers(0, 100)), min_size=1, max_size=9))
def test_a_score_lies_between_the_worst_and_the_best_points(rows):
    """O4.3a."""
    criteria = [
        CampaignCriterionState(code=f"c{number}", title="标准", weight=weight)
        for number, (weight, _) in enumerate(rows)
    ]
    score = domain.score_of(criteria, {f"c{number}": points for number, (_, points) in enumerate(rows)})
    worst, best = min(points for _, points in rows), max(points for _, points in rows)
    assert worst * 100 <= score <= best * 100
