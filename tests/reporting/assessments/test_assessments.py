"""Assessments of offices and persons, and the ledger that keeps what follows. Source: O4.3g, O4.3d."""

import asyncio
from datetime import datetime, timedelta, timezone
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.auth import Role
from common.bus import Received
from common.clock import now, today
from common.consumer import decode
from common.contracts import contracts_of, record_of
from common.contracts.casework.accountability import LedgerEntryState
from common.contracts.reporting.assessments import (
    AssessmentSchemeState,
    ComponentValueState,
    SchemeComponentState,
    SchemeGradeState,
)
from common.divisions import level_of
from common.records.service import changed
from common.testing.problems import problem
from common.testing.tokens import make_actor
from reporting.assessments.consumers import keep_ledger
from reporting.assessments.domain import grade, permille_of, reckon, require_scheme
from reporting.assessments.errors import SchemeUnfit, ValueUnfit

CITY, COUNTY, TOWN, OTHER_TOWN = "440300000000", "440305000000", "440305001000", "440306001000"
BASE = "/assessments"
ASSESSOR = make_actor(CITY, Role.BUREAU_SUPERVISOR, subject="assessor")
COLLEAGUE = make_actor(CITY, Role.BUREAU_SUPERVISOR, subject="colleague")
HEAD = make_actor(TOWN, Role.OFFICE_HEAD)
CLERK = make_actor(TOWN, Role.WINDOW_CLERK, subject="clerk")
COMPONENTS = [
    {"code": "timely", "title": "按时办结率", "source": "on_time_rate", "weight": 3, "zero_at": 0, "full_at": 1000},
    {"code": "orders", "title": "督办按期", "source": "order_timeliness", "weight": 1, "zero_at": 0, "full_at": 1000},
]
GRADES = [
    {"code": "excellent", "label": "优秀", "from_score": 9000, "quota_permille": 500, "points": 5},
    {"code": "good", "label": "合格", "from_score": 6000},
    {"code": "poor", "label": "不合格", "points": -5},
]


def beijing_time(day):
    return datetime(day.year, day.month, day.day, 15, tzinfo=timezone(timedelta(hours=8)))


def scheme(components=None, grades=None):
    return AssessmentSchemeState(
        id=uuid4(), version=1, division=CITY, level=level_of(CITY), changed_at=now(), series=uuid4(), number=1,
        title="考核办法", document="文", subject="office", status="in_force", issued_by="a",
        components=components or tuple(SchemeComponentState.model_validate(one) for one in COMPONENTS),
        grades=grades or tuple(SchemeGradeState.model_validate({"from_score": None, **one}) for one in GRADES),
    )  # fmt: skip


def value(component, number):
    return ComponentValueState(component=component, value=number, sources=("casework.case/1",), as_of=now())


class Round:
    """A round of assessment as its people see it."""

    def __init__(self, send, get, desk):
        self.send, self.get, self.desk = send, get, desk

    async def issue(self, actor=ASSESSOR, **changes):
        told = {
            "title": "年度考核办法", "document": "深人社〔2026〕2号", "subject": "office", "components": COMPONENTS,
            "grades": GRADES, **changes,
        }  # fmt: skip
        return await self.send("POST", f"{BASE}/schemes", actor, told)

    async def opened(self, **changes):
        issued = await self.issue(**changes)
        assert issued.status_code == 201, issued.text
        told = {
            "scheme_id": issued.json()["id"], "title": "2026年度考核", "scope": CITY,
            "period_from": (today() - timedelta(days=300)).isoformat(),
            "period_until": (today() + timedelta(days=60)).isoformat(),
        }  # fmt: skip
        answer = await self.send("POST", BASE, ASSESSOR, told)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def add(self, held, *assessed):
        told = {"assessed": list(assessed)}
        answer = await self.send("POST", f"{BASE}/rounds/{held['id']}/results", ASSESSOR, told)
        assert answer.status_code == 201, answer.text
        return answer.json()["results"]

    async def enter(self, result, actor=ASSESSOR, **values):
        told = {"values": [
            {"component": code, "value": number, "sources": ["casework.statistics/2026"]}
            for code, number in values.items()
        ]}  # fmt: skip
        return await self.send("PUT", f"{BASE}/results/{result['id']}/values", actor, told, version=result["version"])

    async def step(self, record, name, actor, told=None, where=f"{BASE}/rounds"):
        answer = await self.send("POST", f"{where}/{record['id']}/{name}", actor, told, version=record["version"])
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def computed(self, *scores):
        """A round with one office for each number."""
        held = await self.opened()
        towns = (TOWN, OTHER_TOWN)[: len(scores)]
        results = await self.add(held, *({"division": town} for town in towns))
        for result, number in zip(results, scores, strict=True):
            assert (await self.enter(result, timely=number)).status_code == 200
        return await self.step(held, "computation", ASSESSOR)

    async def result(self, held, division=TOWN):
        found = (await self.get(f"{BASE}/results", ASSESSOR, assessment_id=held["id"])).json()["items"]
        return next(one for one in found if one["division"] == division)

    async def over(self, held):
        """The days of objections are over, without waiting."""
        day = (today() - timedelta(days=1)).isoformat()
        await self.desk.rows(
            "UPDATE records SET state = jsonb_set(state, '{objection_until}', to_jsonb($2::text)) WHERE id = $1::uuid",
            held["id"], day,
        )  # fmt: skip

    async def due(self, *places):
        """Reports of the town: how many days ago each was due, whether begun, how many days late it came (None: not)."""
        for ago, is_begun, late in places:
            period, day = uuid4(), today() - timedelta(days=ago)
            await self.desk.rows(
                "INSERT INTO report_places (period_id, division, level, parent, is_top, due_on, status, "
                "first_submitted_at, reminded) VALUES ($1, $2, 'town', $3, false, $4, $5, $6, '{}')",
                period, TOWN, COUNTY, day, "draft" if is_begun else None,
                None if late is None else beijing_time(day + timedelta(days=late)),
            )  # fmt: skip


@pytest.fixture
async def work(send, get, filled):
    return Round(send, get, filled)


PUNCTUAL = [
    {"code": "reports", "title": "报送及时", "source": "report_timeliness", "weight": 1, "zero_at": 0, "full_at": 1000},
    {"code": "orders", "title": "督办按期", "source": "order_timeliness", "weight": 1, "zero_at": 0, "full_at": 1000},
]


async def test_reports_that_were_never_begun_are_late_and_what_is_not_due_yet_counts_for_nobody(work):
    """O4.3g, O6.3a: silence earns nothing; one of four in time is a quarter, also when the round was opened before."""
    held = await work.opened(components=PUNCTUAL)
    (mine,) = await work.add(held, {"division": TOWN})
    assert mine["values"] == []
    await work.due((30, True, 0), (20, False, None), (10, False, None), (1, True, None))
    await work.due((0, True, None), (-9, True, None), (800, True, 0))
    held = await work.step(held, "computation", ASSESSOR)
    (known,) = (await work.result(held))["values"]
    assert (known["value"], len(known["sources"])) == (250, 4)
    assert [one.split("/")[0] for one in known["sources"]].count("reporting.report-period") == 2


async def test_an_order_that_nobody_answers_is_late_and_one_that_is_not_due_yet_is_not_judged(work):
    """O4.3g, S6: only what was closed used to count, so that not answering was the best answer."""
    told = {"to_division": TOWN, "title": "整改", "demand": "整改", "clause": "O2.2b", "due_on": today().isoformat()}
    orders = [(await work.send("POST", "/orders", ASSESSOR, told)).json() for _ in range(3)]
    proof = {"text": "已整改", "evidence": [{"title": "照片", "reference": "1"}]}
    answered = await work.step(orders[0], "answers", HEAD, proof, "/orders/records")
    await work.step(answered, "closure", ASSESSOR, {"remark": "合格"}, "/orders/records")
    await work.step(orders[2], "withdrawal", ASSESSOR, {"reason": "误发"}, "/orders/records")
    held = await work.opened(components=PUNCTUAL)
    (mine,) = await work.add(held, {"division": TOWN})
    assert [one["value"] for one in mine["values"]] == [1000]
    day = (today() - timedelta(days=1)).isoformat()
    await work.desk.rows(
        "UPDATE records SET state = jsonb_set(jsonb_set(state, '{due_on}', to_jsonb($2::text)), '{first_due_on}', "
        "to_jsonb($2::text)) WHERE id = $1::uuid", orders[1]["id"], day,
    )  # fmt: skip
    held = await work.step(held, "computation", ASSESSOR)
    assert [one["value"] for one in (await work.result(held))["values"]] == [500]


async def test_what_was_entered_stays_when_the_platform_collects_again(work):
    """O4.3g."""
    held = await work.opened(components=PUNCTUAL)
    (mine,) = await work.add(held, {"division": TOWN})
    assert (await work.enter(mine, reports=700)).status_code == 200
    await work.due((30, False, None))
    held = await work.step(held, "computation", ASSESSOR)
    assert [one["value"] for one in (await work.result(held))["values"]] == [700]


async def test_a_round_is_computed_explained_confirmed_and_enters_the_ledger(work):
    """O4.3g: assessment → reward/penalty ledger; what the platform knows is collected with its source records."""
    order = await work.send("POST", "/orders", ASSESSOR, {
        "to_division": TOWN, "title": "整改窗口", "demand": "整改", "clause": "O2.2b", "due_on": today().isoformat(),
    })  # fmt: skip
    told = {"text": "已整改", "evidence": [{"title": "照片", "reference": "1"}]}
    answered = await work.step(order.json(), "answers", HEAD, told, "/orders/records")
    await work.step(answered, "closure", ASSESSOR, {"remark": "合格"}, "/orders/records")
    held = await work.computed(1000, 300)
    assert (held["status"], held["objection_until"]) == ("computed", (today() + timedelta(days=5)).isoformat())
    mine, other = await work.result(held), await work.result(held, OTHER_TOWN)
    assert (mine["score"], mine["grade"], other["score"], other["grade"]) == (10_000, "excellent", 3000, "poor")
    (collected,) = [one for one in mine["values"] if one["component"] == "orders"]
    assert (collected["value"], collected["sources"]) == (1000, [f"reporting.order/{answered['id']}"])
    assert "没有数据" in other["parts"][1]["explanation"]
    early = await work.send("POST", f"{BASE}/rounds/{held['id']}/confirmation", COLLEAGUE, version=held["version"])
    problem(early, 409, "reporting.assessment.objections-running")
    await work.over(held)
    own = await work.send("POST", f"{BASE}/rounds/{held['id']}/confirmation", ASSESSOR, version=held["version"])
    problem(own, 403, "reporting.assessment.entered-by-confirmer")
    held = await work.step(held, "confirmation", COLLEAGUE)
    found = (await work.get(f"{BASE}/ledger/entries", ASSESSOR)).json()["items"]
    assert {(one["division"], one["points"], one["direction"]) for one in found} == {
        (TOWN, 5, "reward"), (OTHER_TOWN, -5, "penalty"),
    }  # fmt: skip
    assert {one["source_id"] for one in found} == {mine["id"], other["id"]}
    assert (await work.result(held))["ledger_entry_id"] in {one["id"] for one in found}
    again = await work.send("POST", f"{BASE}/rounds/{held['id']}/confirmation", COLLEAGUE, version=held["version"])
    problem(again, 409, "reporting.assessment.not-in-state")


async def test_an_objection_is_reviewed_by_somebody_else_corrected_and_computed_again(work):
    """O4.3g: objection and review."""
    held = await work.computed(500)
    mine = await work.result(held)
    settled = await work.enter(mine, timely=900)
    problem(settled, 409, "reporting.assessment.values-settled")
    stranger = await work.send(
        "POST", f"{BASE}/results/{mine['id']}/objections", CLERK, {"text": "不服"}, version=mine["version"]
    )
    problem(stranger, 403, "reporting.assessment.not-concerned")
    where = f"{BASE}/results"
    mine = await work.step(mine, "objections", HEAD, {"text": "按时办结率有误"}, where)
    told = {"is_upheld": True, "answer": "经核属实"}
    own = await work.send("POST", f"{where}/{mine['id']}/objections/review", ASSESSOR, told, version=mine["version"])
    problem(own, 403, "reporting.assessment.reviewer-concerned")
    mine = await work.step(mine, "objections/review", COLLEAGUE, told, where)
    await work.over(held)
    stale = await work.send("POST", f"{BASE}/rounds/{held['id']}/confirmation", COLLEAGUE, version=held["version"])
    problem(stale, 409, "reporting.assessment.recompute-first")
    corrected = await work.enter(mine, timely=900)
    assert corrected.status_code == 200, corrected.text
    held = await work.step(held, "computation", ASSESSOR)
    mine = await work.result(held)
    assert mine["score"] == 9000
    problem(await work.enter(mine, timely=1000), 409, "reporting.assessment.values-settled")


async def test_nobody_assesses_the_own_person_or_the_own_office(work):
    """O4.3g: values are entered and results confirmed by somebody whom they are not about."""
    held = await work.opened()
    own = {"assessed": [{"division": CITY}]}
    refused = await work.send("POST", f"{BASE}/rounds/{held['id']}/results", ASSESSOR, own)
    problem(refused, 422, "reporting.assessment.subject-unfit")
    held = await work.opened(subject="person")
    (mine, other) = await work.add(
        held,
        {"division": CITY, "staff_member_id": str(uuid4()), "account": ASSESSOR.subject},
        {"division": TOWN, "staff_member_id": str(uuid4()), "account": "clerk"},
    )
    problem(await work.enter(mine, timely=1000), 403, "reporting.assessment.assessor-concerned")
    assert (await work.enter(mine, COLLEAGUE, timely=1000)).status_code == 200
    assert (await work.enter(other, COLLEAGUE, timely=900)).status_code == 200
    held = await work.step(held, "computation", ASSESSOR)
    await work.over(held)
    for actor, code in ((ASSESSOR, "assessor-concerned"), (COLLEAGUE, "entered-by-confirmer")):
        answer = await work.send("POST", f"{BASE}/rounds/{held['id']}/confirmation", actor, version=held["version"])
        problem(answer, 403, f"reporting.assessment.{code}")
    assert await work.desk.value("SELECT count(*) FROM records WHERE record = 'reporting.ledger-entry'") == 0
    third = make_actor(CITY, Role.BUREAU_SUPERVISOR, subject="third")
    assert (await work.step(held, "confirmation", third))["status"] == "confirmed"


async def test_a_person_is_named_by_the_staff_member_id_and_sees_the_own_result(work):
    """O4.3g: persons without names."""
    person = str(uuid4())
    held = await work.opened(subject="person")
    (mine,) = await work.add(held, {"division": TOWN, "staff_member_id": person, "account": "clerk"})
    assert mine["values"] == []
    assert (await work.enter(mine, timely=1000)).status_code == 200
    held = await work.step(held, "computation", ASSESSOR)
    seen = (await work.get(f"{BASE}/results/{mine['id']}", CLERK)).json()
    assert (seen["staff_member_id"], seen["score"]) == (person, 10_000)
    other = make_actor(TOWN, Role.WINDOW_CLERK, subject="other")
    problem(await work.get(f"{BASE}/results/{mine['id']}", other), 404, "record.not-found")
    await work.step(seen, "objections", CLERK, {"text": "等次有误"}, f"{BASE}/results")
    wrong = await work.send("POST", f"{BASE}/rounds/{held['id']}/results", ASSESSOR, {"assessed": [{"division": TOWN}]})
    problem(wrong, 409, "reporting.assessment.not-in-state")


async def test_a_clerk_finds_the_own_results_and_the_round_without_knowing_an_id(work):
    """O4.3g: in time to object; nobody else's, and no round of elsewhere."""
    held = await work.opened(subject="person")
    mine, _ = await work.add(
        held,
        {"division": TOWN, "staff_member_id": str(uuid4()), "account": "clerk"},
        {"division": TOWN, "staff_member_id": str(uuid4()), "account": "other"},
    )
    found = (await work.get(f"{BASE}/results", CLERK, mine="true")).json()["items"]
    assert [one["id"] for one in found] == [mine["id"]]
    problem(await work.get(f"{BASE}/results", CLERK), 403, "auth.role-required")
    assert (await work.get(f"{BASE}/results", HEAD, mine="true")).json()["items"] == []
    seen = await work.get(f"{BASE}/rounds/{found[0]['assessment_id']}", CLERK)
    assert (seen.status_code, seen.json()["id"]) == (200, held["id"])
    for place, status in ((COUNTY, 200), ("440000000000", 200), ("441900003000", 404), ("441900000000", 404)):
        reader = make_actor(place, Role.BUREAU_SUPERVISOR)
        assert (await work.get(f"{BASE}/rounds/{held['id']}", reader)).status_code == status, place


async def test_a_lower_level_does_not_take_back_what_a_higher_one_has_entered(work):
    """O4.3g: who entered it, or a level above; what was entered before that was kept, the province alone."""
    told = {
        "division": TOWN, "source": "entered", "direction": "penalty", "title": "推诿", "points": -3, "reason": "属实",
    }  # fmt: skip
    path = f"{BASE}/ledger/entries"
    county, province = (make_actor(code, Role.BUREAU_SUPERVISOR) for code in (COUNTY, "440000000000"))
    first, second, old, lower = [(await work.send("POST", path, ASSESSOR, told)).json() for _ in range(3)] + [
        (await work.send("POST", path, county, told)).json()
    ]
    assert (first["entered_for"], lower["entered_for"]) == (CITY, COUNTY)
    await work.desk.rows("UPDATE records SET state = state - 'entered_for' WHERE id = $1::uuid", old["id"])

    async def back(entry, actor):
        return await work.send("POST", f"{path}/{entry['id']}/reversal", actor, {"reason": "复查不实"})

    for entry, actor in ((first, county), (old, county), (old, ASSESSOR)):
        problem(await back(entry, actor), 403, "reporting.ledger.not-above")
    assert await work.desk.value("SELECT count(*) FROM records WHERE record = 'reporting.ledger-entry'") == 4
    for entry, actor in ((first, COLLEAGUE), (second, province), (old, province), (lower, ASSESSOR)):
        taken = await back(entry, actor)
        assert (taken.status_code, taken.json()["entered_for"]) == (201, actor.division)


async def test_the_ledger_is_only_added_to_and_taken_back_once(work):
    """O4.3g: reversal by counter-entry, never an edit."""
    told = {
        "division": TOWN, "source": "entered", "direction": "penalty", "title": "推诿", "points": -3, "reason": "属实",
    }  # fmt: skip
    path = f"{BASE}/ledger/entries"
    entry = await work.send("POST", path, ASSESSOR, told)
    assert entry.status_code == 201, entry.text
    reversal = f"{path}/{entry.json()['id']}/reversal"
    answers = await asyncio.gather(*(work.send("POST", reversal, ASSESSOR, {"reason": "复查不实"}) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    back = next(answer.json() for answer in answers if answer.status_code == 201)
    assert (back["points"], back["reverses"], back["source_label"]) == (3, entry.json()["id"], "冲销")
    twice = await work.send("POST", f"{path}/{back['id']}/reversal", ASSESSOR, {"reason": "再冲"})
    problem(twice, 409, "reporting.ledger.reversal-of-reversal")
    listed = (await work.get(path, HEAD)).json()["items"]
    assert [one["points"] for one in listed] == [-3, 3]
    assert listed[0] == entry.json()


@pytest.mark.parametrize(("actor", "changes", "status", "code"), [
    (HEAD, {}, 403, "auth.role-required"),
    (make_actor(TOWN, Role.BUREAU_SUPERVISOR), {}, 403, "reporting.ledger.not-above"),
    (ASSESSOR, {"division": "441900003000"}, 403, "auth.out-of-scope"),
    (ASSESSOR, {"points": 3}, 422, "reporting.ledger.points-unfit"),
    (ASSESSOR, {"points": 0}, 422, "reporting.ledger.points-unfit"),
    (ASSESSOR, {"source": "award"}, 422, "reporting.ledger.source-unknown"),
    (ASSESSOR, {"source": "inspection", "source_id": str(uuid4())}, 422, "reporting.ledger.source-unknown"),
    (ASSESSOR, {"source": "assessment"}, 422, "request.validation-failed"),
    (ASSESSOR, {"reason": "电话13800138000"}, 422, "request.validation-failed"),
])  # fmt: skip
async def test_an_entry_that_is_nobodys_to_make_is_refused_and_not_written(work, actor, changes, status, code):
    """O4.3g."""
    told = {
        "division": TOWN, "source": "entered", "direction": "penalty", "title": "推诿", "points": -3, "reason": "属实",
        **changes,
    }  # fmt: skip
    problem(await work.send("POST", f"{BASE}/ledger/entries", actor, told), status, code)
    assert await work.desk.value("SELECT count(*) FROM records WHERE record = 'reporting.ledger-entry'") == 0


def casework_entry(version=1, points=-5, division=TOWN, number=1):
    return LedgerEntryState(
        id=uuid5(NAMESPACE_OID, f"entry {number}"), version=version, division=division, level=level_of(division),
        changed_at=now(), subject="person", person="clerk", source="accountability", direction="penalty",
        kind="circulated_criticism", title="通报批评", points=points, year=today().year, quarter=4, entered_on=today(),
        reason="通报批评",
    )  # fmt: skip


def deliver(state):
    kind = record_of(LedgerEntryState)
    key, data, headers = changed(state).to_kafka()
    return decode(Received(kind.topic, key, data, headers, 0, 0, 0), contracts_of((kind.type,)))


async def test_the_windows_ledger_stands_beside_ours_whatever_order_it_came_in(work):
    """O4.3d, O4.3g: one view of an office's ledger; duplicates and old versions change nothing, nobody edits it."""
    batches = [[casework_entry(2, -8), casework_entry(number=2)], [casework_entry(1, -5)], [casework_entry(2, -8)]]
    for batch in (*batches, [casework_entry(number=3, division=OTHER_TOWN)]):
        async with work.desk.db.transaction() as conn:
            await keep_ledger(conn, [deliver(one) for one in batch])
    told = {
        "division": TOWN, "source": "entered", "direction": "reward", "title": "表扬", "points": 2, "reason": "群众表扬",
    }  # fmt: skip
    await work.send("POST", f"{BASE}/ledger/entries", ASSESSOR, told)
    found = (await work.get(f"{BASE}/ledger/offices/{TOWN}", HEAD)).json()
    assert (found["points"], found["casework_points"]) == (2, -13)
    assert sorted(one["points"] for one in found["casework_entries"]) == [-8, -5]
    assert "clerk" not in str(found["casework_entries"])
    problem(await work.get(f"{BASE}/ledger/offices/{OTHER_TOWN}", HEAD), 403, "auth.out-of-scope")
    problem(await work.get(f"{BASE}/ledger/offices/{TOWN}", CLERK), 403, "auth.role-required")


async def test_the_ledger_of_an_office_is_its_own_page_by_page_and_its_points_are_of_all_pages(work):
    """O4.3d, O4.3g: entries of places below take no room from it."""
    below = [casework_entry(number=number, division="440305001001") for number in range(8)]
    own = [casework_entry(number=number, points=-number) for number in range(11, 16)]
    async with work.desk.db.transaction() as conn:
        await keep_ledger(conn, [deliver(one) for one in (*below, *own)])
    path, seen, cursor = f"{BASE}/ledger/offices/{TOWN}", [], {}
    for size in (2, 2, 1):
        found = (await work.get(path, HEAD, limit=2, **cursor)).json()
        assert (found["casework_points"], len(found["casework_entries"])) == (-65, size)
        seen += [one["id"] for one in found["casework_entries"]]
        cursor = {"cursor": found["casework_next_cursor"]}
    assert (sorted(seen), cursor["cursor"]) == (sorted(str(one.id) for one in own), None)
    assert (await work.get(f"{BASE}/ledger/offices/{COUNTY}", ASSESSOR)).json()["casework_entries"] == []


@pytest.mark.parametrize(("changes", "code"), [
    ({"components": [COMPONENTS[0], COMPONENTS[0]]}, "reporting.assessment.scheme-unfit"),
    ({"components": [{**COMPONENTS[0], "full_at": 0}]}, "reporting.assessment.scheme-unfit"),
    ({"grades": GRADES[:2]}, "reporting.assessment.scheme-unfit"),
    ({"grades": [GRADES[1], GRADES[0], GRADES[2]]}, "reporting.assessment.scheme-unfit"),
    ({"components": []}, "request.validation-failed"),
])  # fmt: skip
async def test_a_scheme_that_cannot_be_reckoned_with_is_refused_and_not_written(work, changes, code):
    """O4.3g."""
    problem(await work.issue(**changes), 422, code)
    assert await work.desk.value("SELECT count(*) FROM records WHERE record = 'reporting.assessment-scheme'") == 0


async def test_a_value_needs_its_source_and_a_component(work):
    """O4.3g: recorded component values with source record ids."""
    held = await work.opened()
    (mine,) = await work.add(held, {"division": TOWN})
    (same,) = await work.add(held, {"division": TOWN})
    assert same["id"] == mine["id"]
    problem(await work.enter(mine, gossip=1), 422, "reporting.assessment.value-unfit")
    bare = {"values": [{"component": "timely", "value": 1, "sources": []}]}
    answer = await work.send("PUT", f"{BASE}/results/{mine['id']}/values", ASSESSOR, bare, version=1)
    problem(answer, 422, "request.validation-failed")
    county = make_actor(COUNTY, Role.BUREAU_SUPERVISOR)
    problem(await work.enter(mine, county, timely=1), 404, "record.not-found")


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(-80, 80))
def test_a_component_earns_between_nothing_and_everything_also_where_less_is_better(zero, full, number):
    """O4.3g."""
    if zero == full:
        return
    one = SchemeComponentState(code="a", title="a", source="entered", weight=1, zero_at=zero, full_at=full)
    assert 0 <= permille_of(one, number) <= 1000
    assert (permille_of(one, zero), permille_of(one, full)) == (0, 1000)
    step = 1 if full > zero else -1
    assert permille_of(one, number) <= permille_of(one, number + step)


def test_without_a_required_value_there_is_no_result_and_another_ones_lack_weighs_the_rest_more():
    """O4.3g."""
    needed = SchemeComponentState(
        code="a", title="a", source="entered", weight=1, zero_at=0, full_at=100, is_required=True
    )
    other = needed.model_copy(update={"code": "b", "is_required": False, "weight": 3})
    of = scheme(components=(needed, other))
    assert reckon(of, [value("b", 100)]).score is None
    assert reckon(of, [value("a", 50)]).score == 5000
    assert reckon(of, [value("a", 50), value("b", 100)]).score == 8750
    assert sum(part.points for part in reckon(of, [value("a", 50), value("b", 100)]).parts) == 8750
    for bad in ([value("x", 1)], [value("a", 1), value("a", 2)]):
        with pytest.raises(ValueUnfit):
            reckon(of, bad)
    with pytest.raises(SchemeUnfit):
        require_scheme((), ())


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=40), st.integers(0, 1000))
def test_no_more_than_the_quota_is_excellent_nobody_passes_a_better_one_and_equals_are_treated_alike(scores, quota):
    """O4.3g: 优秀 quota as a parameter of the scheme."""
    of = scheme(grades=(
        SchemeGradeState(code="top", label="优秀", from_score=9000, quota_permille=quota),
        SchemeGradeState(code="mid", label="合格", from_score=6000),
        SchemeGradeState(code="low", label="不合格", from_score=None),
    ))  # fmt: skip
    given_ = {UUID(int=number + 1): score for number, score in enumerate(scores)}
    found = grade(of, given_)
    assert set(found) == set(given_)
    top = [who for who, one in found.items() if one.grade == "top"]
    assert len(top) <= len(scores) * quota // 1000
    for who, one in found.items():
        score = given_[who]
        assert one.grade == ("top" if who in top else "mid" if score >= 6000 else "low")
        assert one.held_back == ("top" if score >= 9000 and who not in top else None)
        assert all(found[other].grade == one.grade for other in given_ if given_[other] == score)
        if one.grade != "top" and score >= 9000:
            assert all(given_[better] > score for better in top)


def test_equals_that_do_not_fit_into_the_quota_together_all_wait_and_so_do_those_below():
    """O4.3g: chance prefers nobody."""
    of = scheme(grades=(
        SchemeGradeState(code="top", label="优秀", from_score=9000, quota_permille=500),
        SchemeGradeState(code="low", label="其他", from_score=None),
    ))  # fmt: skip
    given_ = {UUID(int=number + 1): score for number, score in enumerate((9900, 9500, 9500, 9400))}
    assert [one.grade for _, one in sorted(grade(of, given_).items(), key=lambda pair: pair[0].int)] == [
        "top", "low", "low", "low",
    ]  # fmt: skip
