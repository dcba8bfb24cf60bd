"""Purchases of services: one at a time for each office, accepted once and not before they began. Source: O1.2b, O1.4d."""

import asyncio
import json
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.auth import Role
from common.clock import today
from common.contracts.registry.offices import ServiceContractState
from common.divisions import Level
from common.testing.problems import problem
from common.testing.tokens import make_actor
from registry.service_contracts.domain import last_day, require_apart, runs_on
from registry.service_contracts.errors import ContractOverlaps

USCC = "91512081MA62K0260E"
TERM = {"starts_on": "2026-01-01", "ends_on": "2026-12-31"}


def state(starts_on, ends_on, terminated_on=None):
    return ServiceContractState(
        id=uuid4(), version=1, office_id=UUID(int=1), division="441624101201", level=Level.VILLAGE,
        effective_on=date(2026, 1, 1), provider="某社工站", provider_uscc=None, starts_on=starts_on, ends_on=ends_on,
        amount_fen=1, acceptance=None, accepted_on=None, document=None, terminated_on=terminated_on,
    )  # fmt: skip


async def tell(desk, world, actor=None, /, **body):
    office = await desk.office_of(world.HEPING_VILLAGE)
    whole = {"office_id": office["id"], "provider": "和平县某社会工作服务中心", "amount_fen": 4_800_000, **TERM, **body}
    return await desk.post("/service-contracts", actor or world.head, **whole)


async def told(desk, world, **body):
    answer = await tell(desk, world, **body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def traces(desk):
    return await desk.rows(
        "SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM audit_entries), "
        "(SELECT count(*) FROM record_versions), (SELECT count(*) FROM records)"
    )


DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 1))


@given(a=DAYS, b=DAYS, c=DAYS, d=DAYS, ended=st.none() | DAYS)
def test_two_contracts_are_refused_exactly_if_both_run_on_some_day(a, b, c, d, ended):
    """Source: O1.2b."""
    first = state(min(a, b), max(a, b), ended if ended and min(a, b) <= ended <= max(a, b) else None)
    second = state(min(c, d), max(c, d))
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(60)]
    both = any(runs_on(first, day) and runs_on(second, day) for day in days)
    assert [day for day in days if runs_on(first, day)][-1:] in ([last_day(first)], [])
    if both:
        with pytest.raises(ContractOverlaps):
            require_apart(second, [first])
    else:
        require_apart(second, [first, second])


@given(a=DAYS, b=DAYS, c=DAYS, d=DAYS, e=DAYS, f=DAYS)
def test_a_change_is_refused_exactly_if_it_adds_a_day_on_which_another_one_runs(a, b, c, d, e, f):
    """Source: O1.2b."""
    before, other = state(min(a, b), max(a, b)), state(min(c, d), max(c, d))
    after = before.model_copy(update={"version": 2, "starts_on": min(e, f), "ends_on": max(e, f)})
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(60)]
    if any(runs_on(after, day) and runs_on(other, day) and not runs_on(before, day) for day in days):
        with pytest.raises(ContractOverlaps):
            require_apart(after, [before, other], before=before)
    else:
        require_apart(after, [before, other], before=before)


async def test_contracts_that_overlap_after_a_merger_can_be_corrected_and_ended(small_desk, world):
    """Source: O1.2b; standards.md §1."""
    other = await small_desk.office_of("441624101202")
    kept, brought = await told(small_desk, world), await told(small_desk, world, office_id=other["id"])
    city = make_actor("441600000000", Role.BUREAU_SUPERVISOR)
    merger = {"effective_on": today().isoformat(), "document": "粤民〔2026〕7号", "kind": "merge"}
    place = world.HEPING_VILLAGE
    merged = await small_desk.post(
        "/division-changes", city, sources=[place, "441624101202"], targets=[{"code": place}], **merger
    )
    assert merged.status_code == 201, merged.text
    path = f"/service-contracts/{brought['id']}"
    longer = await small_desk.patch(path, world.head, 2, ends_on="2027-01-31")
    assert longer.status_code == 200, longer.text
    corrected = await small_desk.patch(path, world.head, 3, provider="和平县某社会工作站")
    assert corrected.status_code == 200, corrected.text
    ended = await small_desk.patch(path, world.head, 4, terminated_on=today().isoformat(), reason="撤并")
    assert (ended.status_code, ended.json()["office_id"]) == (200, kept["office_id"]), ended.text
    again = await small_desk.patch(path, world.head, 5, terminated_on=None)
    problem(again, 422, "registry.contract-overlaps")


async def test_a_contract_is_told_with_provider_term_and_amount_and_leaves_its_event(small_desk, world):
    """Source: O1.2b."""
    contract = await told(small_desk, world, provider_uscc=USCC.lower(), document="和人社购〔2026〕3号")
    assert (contract["provider_uscc"], contract["amount_fen"], contract["acceptance"]) == (USCC, 4_800_000, None)
    assert contract["division"] == world.HEPING_VILLAGE
    (event,) = await small_desk.rows("SELECT * FROM outbox WHERE subject = $1", contract["id"])
    assert (event["type"], event["division"]) == ("registry.service-contract.changed.v1", world.HEPING_VILLAGE)
    data = json.loads(event["data"])
    assert (data["amount_fen"], data["provider_uscc"]) == (4_800_000, USCC)
    shown = await small_desk.get(f"/service-contracts/{contract['id']}", world.head)
    assert (shown.json(), shown.headers["ETag"]) == (contract, '"1"')
    listed = (await small_desk.get("/service-contracts", world.supervisor, office_id=contract["office_id"])).json()
    assert listed["items"] == [contract]


async def test_a_running_contract_takes_the_warning_off_the_station(small_desk, world):
    """Source: O1.2b."""
    office = await small_desk.office_of(world.HEPING_VILLAGE)
    changed = await small_desk.change(world.supervisor, office["id"], provision_mode="purchased_service")
    assert [one["code"] for one in changed.json()["warnings"]] == ["registry.no-running-contract"]
    term = {
        "starts_on": (today() - timedelta(days=30)).isoformat(),
        "ends_on": (today() + timedelta(days=30)).isoformat(),
    }
    contract = await told(small_desk, world, **term)
    assert (await small_desk.get(f"/offices/{office['id']}")).json()["warnings"] == []
    assert (await small_desk.office_of(world.HEPING_VILLAGE))["warnings"] == []
    ended = await small_desk.patch(
        f"/service-contracts/{contract['id']}", world.head, 1, terminated_on=today().isoformat(), reason="服务方退出"
    )
    assert ended.status_code == 200, ended.text
    assert [one["code"] for one in (await small_desk.office_of(world.HEPING_VILLAGE))["warnings"]] == [
        "registry.no-running-contract"
    ]


WRONG = [
    ({"ends_on": "2025-12-31"}, 422, "registry.contract-term-refused"),
    ({"provider_uscc": "91512081MA62K0260A"}, 422, "registry.uscc-refused"),
    ({"amount_fen": -1}, 422, "request.validation-failed"),
    ({"amount_fen": 1.5}, 422, "request.validation-failed"),
    ({"amount_fen": "100"}, 422, "request.validation-failed"),
    ({"amount_fen": 10**14}, 422, "request.validation-failed"),
    ({"provider": " "}, 422, "request.validation-failed"),
    ({"effective_on": "2999-01-01"}, 422, "registry.effective-date-refused"),
    ({"office_id": "01900000-0000-7000-8000-000000000000"}, 404, "registry.office-not-found"),
    ({"acceptance": "accepted"}, 422, "request.validation-failed"),
]


@pytest.mark.parametrize(("body", "status", "code"), WRONG)
async def test_a_contract_that_cannot_be_is_refused_and_leaves_nothing(small_desk, world, body, status, code):
    before = await traces(small_desk)
    problem(await tell(small_desk, world, **body), status, code)
    assert await traces(small_desk) == before


async def test_overlapping_contracts_of_a_station_are_refused_even_when_told_at_once(small_desk, world):
    """Source: O1.2b."""
    answers = await asyncio.gather(*(tell(small_desk, world, starts_on=f"2026-0{month}-01") for month in range(1, 6)))
    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422, 422]
    refused = next(answer for answer in answers if answer.status_code == 422)
    assert problem(refused, 422, "registry.contract-overlaps")["clause"] == "O1.2b"
    await told(small_desk, world, starts_on="2027-01-01", ends_on="2027-12-31")


async def test_services_are_accepted_once_and_only_after_they_began(small_desk, world):
    """Source: O1.2b."""
    contract = await told(small_desk, world)
    path = f"/service-contracts/{contract['id']}"

    async def accept(version, /, **body):
        headers_of = {"acceptance": "accepted", "accepted_on": "2026-06-30", **body}
        return await small_desk.client.post(
            f"/registry/v1{path}/acceptance", json=headers_of, headers=_headers(world.head, version)
        )

    problem(await accept(1, accepted_on="2025-12-31"), 422, "registry.acceptance-refused")
    problem(await accept(1, accepted_on=(today() + timedelta(days=1)).isoformat()), 422, "registry.acceptance-refused")
    taken = await accept(1, acceptance="accepted_with_faults")
    assert taken.status_code == 200, taken.text
    assert (taken.json()["acceptance_label"], taken.json()["accepted_on"]) == ("验收基本合格", "2026-06-30")
    problem(await accept(2), 409, "registry.contract-accepted")
    problem(await small_desk.patch(path, world.head, 2, amount_fen=1), 409, "registry.contract-accepted")
    versions = (await small_desk.get(f"{path}/versions", world.head)).json()
    assert [one["acceptance"] for one in versions] == [None, "accepted_with_faults"]


def _headers(actor, version):
    from common.testing.tokens import bearer

    return {**bearer(actor), "If-Match": f'"{version}"'}


async def test_of_two_changes_of_one_version_the_second_is_refused(small_desk, world):
    contract = await told(small_desk, world)
    path = f"/service-contracts/{contract['id']}"
    assert (await small_desk.patch(path, world.head, 1, amount_fen=5)).status_code == 200
    problem(await small_desk.patch(path, world.head, 1, amount_fen=6), 412, "request.if-match-stale")
    problem(await small_desk.patch(path, world.head, 2), 422, "request.validation-failed")
    problem(await small_desk.patch(path, world.head, 2, amount_fen=None), 422, "request.validation-failed")
    assert (await small_desk.get(path, world.head)).json()["amount_fen"] == 5


async def test_money_follows_leadership_and_readers_see_their_subtree(small_desk, world):
    """Source: O1.3a, O1.4d."""
    problem(await tell(small_desk, world, world.supervisor), 403, "auth.out-of-scope")
    problem(await tell(small_desk, world, world.clerk), 403, "auth.role-required")
    contract = await told(small_desk, world)
    path = f"/service-contracts/{contract['id']}"
    problem(await small_desk.get(path), 401, "auth.token-missing")
    problem(await small_desk.get(path, world.stranger), 404, "registry.record-not-found")
    problem(await small_desk.get(path, world.clerk), 403, "auth.role-required")
    assert (await small_desk.get("/service-contracts", world.stranger)).json()["items"] == []
    auditor = make_actor(world.PROVINCE, Role.AUDITOR)
    assert len((await small_desk.get("/service-contracts", auditor)).json()["items"]) == 1


async def test_a_bureau_buys_no_services_here_and_a_towns_office_may(small_desk, world):
    """Source: O1.4d: new staff without establishment come by purchase."""
    bureau, town = await small_desk.office_of(world.HEPING), await small_desk.office_of(world.HEPING_TOWN)
    problem(await tell(small_desk, world, world.supervisor, office_id=bureau["id"]), 422, "registry.contract-refused")
    assert (await tell(small_desk, world, office_id=town["id"])).status_code == 201
