"""Indicators over HTTP: values that can be trusted and traced, the way down, rankings, maps, definitions."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import httpx
import pytest
import time_machine

from common.auth import Role
from common.contracts.registry.readiness import CriterionState, OfficeFigure, ReadinessState
from common.divisions import Level, level_of, path_levels
from common.testing.events import accepted_record, case_state
from common.testing.tokens import bearer, make_actor
from reporting.completeness.service import expected_by_kind_on
from reporting.indicators.catalogue import shipped
from reporting.indicators.service import values_of
from reporting.standings.domain import counts_of
from reporting.standings.service import AcceptedStanding, apply_standings

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = (
    "440000000000", "440300000000", "440305000000", "440305001000", "440305001001",
)  # fmt: skip
OTHER_TOWN, FAR_TOWN, DONGGUAN_TOWN = "440306001000", "441624100000", "441900003000"
PROVINCIAL = make_actor(PROVINCE, Role.STATISTICIAN)
COUNTY_HEAD = make_actor(COUNTY, Role.BUREAU_SUPERVISOR)
BUILT = date(2026, 3, 1)
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 3, 3, 2, 0, tzinfo=UTC)):
        yield


def criterion(code: str, status: str) -> CriterionState:
    return CriterionState(
        code=code, status=status, clause="O2.1c", document="", strength="hard", rule="", value="", why=None,
        evidence=(), waiver_expires_on=None,
    )  # fmt: skip


def office(division: str, version: int = 1, *, on: date = BUILT, sign: str = "met", **changes: Any) -> ReadinessState:
    figures = changes.pop("figures", {})
    is_town = level_of(division) is Level.TOWN
    values = {
        "id": uuid5(NAMESPACE_OID, f"readiness {changes.pop('number', division)}"),
        "version": version,
        "office_id": uuid5(NAMESPACE_OID, division),
        "division": division,
        "level": level_of(division),
        "effective_on": on,
        "rules_on": on,
        "status": "not_ready",
        "criteria": (criterion("unified_sign", sign),),
        "figures": tuple(OfficeFigure(code=code, value=value, unit="count") for code, value in figures.items()),
        "kind": "service_office" if is_town else "service_station",
        "office_status": "operating",
    }
    return ReadinessState(**{**values, **changes})


async def tell(desk: Any, *states: ReadinessState) -> None:
    async with desk.db.transaction() as conn:
        await apply_standings(
            conn,
            [
                AcceptedStanding(
                    level, one.id, one.version, one.office_id, one.division, one.effective_on, one.status,
                    counts_of(one), NOON, NOON,
                )
                for one in states
                for level in path_levels(one.division)
            ],
        )  # fmt: skip


@pytest.fixture
async def built(filled: Any, directory_events: Any) -> Any:
    """Four towns: one knows both halves of the staff ratio, one a half, one nothing of it, one is no more than planned."""
    await filled.directory(directory_events("office", DONGGUAN_TOWN, "planned", version=2))
    await tell(
        filled,
        office(TOWN, figures={"staff_total": 3, "served_persons": 20_000, "baseline_staff": 1,
                              "baseline_served_persons": 20_000}, status="ready"),
        office(OTHER_TOWN, figures={"staff_total": 100}, sign="unmet"),
        office(FAR_TOWN, sign="unknown"),
        office(DONGGUAN_TOWN, office_status="planned", sign="waived"),
        office(VILLAGE),
    )  # fmt: skip
    return filled


async def ask(get: Any, where: str, actor: Any = PROVINCIAL, **query: Any) -> dict[str, Any]:
    response = await get(f"/indicators{where}", actor, **query)
    assert response.status_code == 200, response.text
    return response.json()


async def value(get: Any, code: str, **query: Any) -> dict[str, Any]:
    (found,) = (await ask(get, "/values", code=code, **query))["values"]
    return found


async def test_who_has_told_half_of_a_ratio_is_unknown_and_weighs_on_neither_side(built: Any, get: Any) -> None:
    """Source: S1, O1.4b."""
    found = await value(get, "staff-per-10k-served")
    assert (found["numerator"], found["denominator"], found["value"]) == (3, 20_000, "1.50")
    assert (found["expected"], found["known"], found["unknown"], found["completeness"]) == (4, 1, 3, 0.25)
    assert found["formula"] == "3 × 10000 ÷ 20000 = 1.50人"
    assert found["as_of"] == "2026-03-02T12:00:00+08:00"


async def test_what_nobody_has_told_is_no_zero(built: Any, get: Any) -> None:
    """Source: S1, S2."""
    assert (await value(get, "staff-per-10k-served", division=FAR_TOWN))["value"] is None
    assert (await value(get, "floor-area-per-office"))["value"] is None


async def test_the_baseline_stands_beside_todays_value(built: Any, get: Any) -> None:
    """Source: S3."""
    assert (await value(get, "staff-per-10k-served"))["baseline"] == "0.50"
    assert (await value(get, "sign-coverage"))["baseline"] is None


async def test_signs_are_counted_over_those_that_are_known(built: Any, get: Any) -> None:
    """Source: O2.1c."""
    found = await value(get, "sign-coverage")
    assert (found["numerator"], found["denominator"], found["unknown"], found["value"]) == (2, 3, 1, "66.7")


async def test_all_indicators_of_a_day_have_values_with_their_as_of(built: Any, get: Any) -> None:
    """Source: S2."""
    answer = await ask(get, "/values")
    assert len(answer["values"]) >= 30
    assert answer["accepted_at"] is not None
    operating = next(one for one in answer["values"] if one["code"] == "offices-operating")
    assert (operating["value"], operating["known"]) == ("4", 4)
    of_day_before = await ask(get, "/values", day="2026-02-28", code="offices-operating")
    assert of_day_before["values"][0]["value"] is None


async def test_cases_are_set_against_those_who_are_served(built: Any, get: Any) -> None:
    """Source: S1."""
    state = case_state(division=VILLAGE, registered_at=NOON)
    await built.accept(*(accepted_record(state, level=level) for level in path_levels(VILLAGE)))
    found = await value(get, "cases-per-10k-served")
    assert (found["numerator"], found["denominator"], found["value"]) == (1, 20_000, "0.5")


async def test_the_way_down_adds_up(built: Any, get: Any) -> None:
    """Source: S1, S2."""
    for division in (PROVINCE, CITY, COUNTY, TOWN, VILLAGE):
        found = await ask(get, "/offices-operating/children", division=division)
        parts = found["own"]["numerator"] + found["unlisted"]["numerator"]
        assert parts + sum(one["value"]["numerator"] for one in found["items"]) == found["total"]["numerator"]
        assert found["unlisted"]["numerator"] == 0
    assert found["own"]["numerator"] == 1


async def test_every_number_leads_to_the_records_behind_it(built: Any, get: Any) -> None:
    """Source: S2, O6.3b."""
    first = await ask(get, "/sign-coverage/offices", limit=2)
    rest = await ask(get, "/sign-coverage/offices", limit=2, cursor=first["next_cursor"])
    items = first["items"] + rest["items"]
    assert [one["division"] for one in items] == [TOWN, OTHER_TOWN, DONGGUAN_TOWN]
    assert sum(one["numerator"] for one in items) == first["total"]["numerator"] == 2
    assert sum(one["denominator"] for one in items) == first["total"]["denominator"] == 3
    assert {one["record_version"] for one in items} == {1}
    assert items[0]["record_id"] == str(office(TOWN).id)


async def test_a_series_tells_the_value_of_each_day(built: Any, get: Any) -> None:
    """Source: S3."""
    await tell(built, office(OTHER_TOWN, 2, on=date(2026, 3, 3), sign="met"))
    found = await ask(get, "/sign-coverage/series", from_="2026-02-28", by="day")
    assert [point["value"]["value"] for point in found["points"]] == [None, "66.7", "66.7", "100.0"]
    assert len((await ask(get, "/sign-coverage/series", from_="2026-01-15"))["points"]) == 3


async def test_divisions_are_ranked_and_those_without_a_value_are_not(built: Any, get: Any) -> None:
    """Source: S1, O6.3b."""
    found = await ask(get, "/sign-coverage/ranking", of_level="city")
    assert [(one["division"], one["rank"]) for one in found["items"]] == [
        ("441900000000", 1), (CITY, 2), ("441600000000", None),
    ]  # fmt: skip
    page = await ask(get, "/sign-coverage/ranking", of_level="city", limit=1)
    assert page["items"][0]["rank"] == 1
    page = await ask(get, "/sign-coverage/ranking", of_level="city", limit=1, cursor=page["next_cursor"])
    assert page["items"][0]["division"] == CITY


async def test_a_map_is_sent_once_and_invents_no_geometry(built: Any, app: Any, get: Any) -> None:
    response = await get("/indicators/sign-coverage/map", PROVINCIAL, of_level="town")
    assert [one["division"] for one in response.json()["places"]] == sorted([TOWN, OTHER_TOWN, DONGGUAN_TOWN, FAR_TOWN])
    assert "private" in response.headers["Cache-Control"]
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://reporting.test") as client:
        again = await client.get(
            "/reporting/v1/indicators/sign-coverage/map",
            params={"of_level": "town"},
            headers={**bearer(PROVINCIAL), "If-None-Match": response.headers["ETag"]},
        )
    assert again.status_code == 304


async def test_a_division_is_compared_as_it_is_bounded_today(built: Any, get: Any, directory_events: Any) -> None:
    """A town that another district took over counts for that district's past too (Order 79). Source: S1."""
    await built.rows("INSERT INTO directory_heirs (code, heir) VALUES ($1, $2)", TOWN, OTHER_TOWN)
    baoan = await value(get, "town-offices-operating", division="440306000000")
    nanshan = await value(get, "town-offices-operating", division=COUNTY)
    assert (baoan["numerator"], nanshan["numerator"]) == (2, 0)
    assert (await value(get, "town-offices-operating", division=CITY))["numerator"] == 2
    behind = await ask(get, "/town-offices-operating/offices", division="440306000000")
    assert [one["division"] for one in behind["items"]] == [TOWN, OTHER_TOWN]
    assert not (await ask(get, "/town-offices-operating/offices", division=COUNTY))["items"]


RETIRED, HEIR = COUNTY, "440306000000"
THE_DAY_BEFORE = {"day": "2026-03-02"}


@pytest.fixture
async def merged(built: Any, directory_events: Any) -> Any:
    """On 3 March one district and its town went to another district and its town."""
    for code, heir in ((RETIRED, HEIR), (TOWN, OTHER_TOWN)):
        await built.rows("INSERT INTO directory_heirs (code, heir) VALUES ($1, $2)", code, heir)
        await built.directory(
            directory_events("division", code, "已撤并", version=2, valid_to=date(2026, 3, 3), successors=(heir,))
        )
    return built


async def test_a_retired_division_stands_in_no_list_of_the_days_before_it_went(merged: Any, get: Any) -> None:
    """Nothing is negative on a past day, and the whole is its parts. Source: S1, S2."""
    down = await ask(get, "/offices-operating/children", division=CITY, **THE_DAY_BEFORE)
    assert [(one["division"], one["value"]["numerator"]) for one in down["items"]] == [(HEIR, 3)]
    assert (down["total"]["numerator"], down["unlisted"]["numerator"]) == (3, 0)
    map_ = await ask(get, "/offices-operating/map", of_level="county", **THE_DAY_BEFORE)
    assert RETIRED not in {one["division"] for one in map_["places"]}
    ranking = await ask(get, "/offices-operating/ranking", of_level="town", **THE_DAY_BEFORE)
    assert TOWN not in {one["division"] for one in ranking["items"]}


async def test_a_retired_division_has_no_value_of_its_own(merged: Any, get: Any) -> None:
    """Source: S1, S2."""
    found = await value(get, "offices-operating", division=RETIRED, **THE_DAY_BEFORE)
    assert (found["numerator"], found["value"], found["expected"]) == (0, None, 0)
    assert not (await ask(get, "/offices-operating/offices", division=RETIRED, **THE_DAY_BEFORE))["items"]
    async with merged.db.autocommit() as conn:
        told = await values_of(
            conn, ["offices-operating"], level=Level.PROVINCE, divisions=[RETIRED], on=date(2026, 3, 2)
        )
    assert told["offices-operating", RETIRED].value is None


async def test_an_heir_stands_in_the_lists_of_days_before_it_was_there(
    built: Any, get: Any, directory_events: Any
) -> None:
    """What moved to a new division is shown with it on all days, and not as what nobody lists. Source: S1, S3."""
    new = "440307000000"
    await built.directory(
        directory_events("division", new, "龙岗区", valid_from=date(2026, 3, 3)),
        directory_events("division", RETIRED, "已撤并", version=2, valid_to=date(2026, 3, 3), successors=(new,)),
    )
    down = await ask(get, "/town-offices-operating/children", division=CITY, **THE_DAY_BEFORE)
    assert [(one["division"], one["value"]["numerator"]) for one in down["items"]] == [(HEIR, 1), (new, 1)]
    assert down["unlisted"]["numerator"] == 0


async def test_what_lies_below_a_code_that_moved_is_counted_and_traced_once(built: Any, get: Any) -> None:
    """A county went to one district, its town to another, a village of that came back. Source: S1, S2, O6.3b."""
    for code, heir in ((COUNTY, "440306000000"), (TOWN, FAR_TOWN), (VILLAGE, "440306001001")):
        await built.rows("INSERT INTO directory_heirs (code, heir) VALUES ($1, $2)", code, heir)
    for division, expected in (
        ("440306000000", [VILLAGE, OTHER_TOWN]), ("441624000000", [TOWN, FAR_TOWN]), (OTHER_TOWN, [VILLAGE, OTHER_TOWN]),
    ):  # fmt: skip
        behind = await ask(get, "/offices-operating/offices", division=division)
        assert [one["division"] for one in behind["items"]] == expected
        assert behind["total"]["numerator"] == len(expected)


async def test_values_for_other_features_and_whose_scope_they_lie_in(built: Any) -> None:
    async with built.db.autocommit() as conn:
        found = await values_of(
            conn, ["offices-operating", "sign-coverage"], level=Level.PROVINCE, divisions=[CITY, COUNTY], on=BUILT
        )
    assert found["offices-operating", CITY].value == Decimal(3)
    assert found["sign-coverage", COUNTY].value == Decimal("100.0")


@pytest.mark.parametrize(
    ("where", "actor", "query", "status", "code"),
    [
        ("/values", COUNTY_HEAD, {"division": CITY}, 403, "auth.out-of-scope"),
        ("/values", COUNTY_HEAD, {"level": "province"}, 403, "reporting.level-above-own"),
        ("/values", PROVINCIAL, {"code": "no-such"}, 404, "reporting.indicators.unknown"),
        ("/no-such/children", PROVINCIAL, {}, 404, "reporting.indicators.unknown"),
        ("/sign-coverage/ranking", PROVINCIAL, {"of_level": "province"}, 400, "reporting.indicators.level-not-below"),
        ("/sign-coverage/map", PROVINCIAL, {"of_level": "city", "division": TOWN}, 400, "reporting.indicators.level-not-below"),
        ("/sign-coverage/series", PROVINCIAL, {"from_": "2025-01-01", "by": "day"}, 400, "reporting.indicators.too-many-points"),
        ("/sign-coverage/series", PROVINCIAL, {"from_": "2026-03-02", "to": "2026-03-01"}, 400, "reporting.days-reversed"),
        ("/sign-coverage/offices", PROVINCIAL, {"cursor": "made-up"}, 400, "request.cursor-invalid"),
        ("", None, {}, 401, "auth.token-missing"),
    ],
)  # fmt: skip
async def test_what_is_asked_wrongly_is_refused(
    built: Any, get: Any, where: str, actor: Any, query: dict[str, Any], status: int, code: str
) -> None:
    response = await get(f"/indicators{where}", actor, **query)
    assert (response.status_code, response.json()["code"]) == (status, code)


DEFINED = "SELECT count(*) FROM records WHERE record = 'reporting.indicator-definition'"
NEW = {
    "code": "towns-with-centre", "name": "可结合社区服务中心的服务所", "dimension": "systems",
    "numerator": [{"measure": "office.community_centre"}], "denominator": [{"measure": "office.community_centre.known"}],
    "factor": 100, "unit": "%", "decimals": 1, "direction": "higher", "clause": "S3",
    "document": "深府办〔2012〕13号", "reason": "现状调查", "effective_on": "2026-03-02",
}  # fmt: skip


@pytest.fixture
async def post(app: Any) -> Any:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://reporting.test") as client:

        async def send(where: str, actor: Any, body: dict[str, Any], key: str = "key-0000-0000-0001") -> Any:
            headers = {**bearer(actor), "Idempotency-Key": key}
            return await client.post(f"/reporting/v1/indicators{where}", json=body, headers=headers)

        yield send


async def test_the_province_adds_an_indicator_without_code(built: Any, get: Any, post: Any) -> None:
    """Source: S2, S3."""
    await tell(built, office(TOWN, 2, figures={"community_centre": 1}))
    response = await post("", PROVINCIAL, NEW)
    assert (response.status_code, response.json()["number"]) == (201, 1)
    assert (await value(get, "towns-with-centre"))["value"] == "100.0"
    assert (await get("/indicators/towns-with-centre", PROVINCIAL, day="2026-03-01")).status_code == 404
    again = await post("", PROVINCIAL, NEW)
    assert again.json() == response.json(), "the same request once more"
    second = await post(
        "", PROVINCIAL, {**NEW, "name": "第二版", "effective_on": "2026-03-03"}, key="key-0000-0000-0002"
    )
    assert second.json()["number"] == 2
    assert (await ask(get, "/towns-with-centre", day="2026-03-02"))["name"] == NEW["name"]
    ended = await post(
        "/towns-with-centre/withdrawal", PROVINCIAL, {"reason": "并入其他指标"}, key="key-0000-0000-0003"
    )
    assert ended.json()["is_withdrawn"] is True
    assert (await get("/indicators/towns-with-centre", PROVINCIAL)).status_code == 404
    assert len((await ask(get, "/towns-with-centre/versions"))["indicators"]) == 3
    events = "SELECT count(*) FROM outbox WHERE type = 'reporting.indicator-definition.changed.v1'"
    assert await built.value(events) == 3


@pytest.mark.parametrize(
    ("changes", "actor", "status", "code"),
    [
        ({}, COUNTY_HEAD, 422, "reporting.indicators.not-the-province"),
        ({}, make_actor(PROVINCE, Role.AUDITOR), 403, "auth.role-required"),
        ({"numerator": [{"measure": "house.windows"}]}, PROVINCIAL, 422, "reporting.indicators.term-unknown"),
        ({"clause": "O9.9"}, PROVINCIAL, 422, "reporting.indicators.clause-unknown"),
        ({"direction": "range"}, PROVINCIAL, 422, "reporting.indicators.definition-incomplete"),
        ({"effective_on": "2010-12-31"}, PROVINCIAL, 409, "reporting.indicators.definition-too-early"),
        ({"numerator": []}, PROVINCIAL, 422, None),
        ({"colour": "red"}, PROVINCIAL, 422, None),
        ({"factor": 0}, PROVINCIAL, 422, None),
    ],
)
async def test_a_definition_that_does_not_fit_changes_nothing(
    built: Any, post: Any, changes: dict[str, Any], actor: Any, status: int, code: str | None
) -> None:
    response = await post("", actor, {**NEW, **changes})
    assert response.status_code == status, response.text
    assert code in {None, response.json()["code"]}
    assert await built.value(DEFINED) == 0


async def test_what_can_be_measured_is_listed(built: Any, get: Any) -> None:
    response = await get("/standings/measures", PROVINCIAL)
    labels = {one["code"]: one["label"] for one in response.json()["measures"]}
    assert labels["office.staff_total@served_persons"] == "服务所：工作人员（同时有服务对象的机构）"
    page = await get("/standings", COUNTY_HEAD, division=TOWN, limit=1)
    assert page.json()["items"][0]["counts"]["office.staff_total"] == 3
    assert page.json()["next_cursor"] is not None
    assert (await get("/standings", COUNTY_HEAD, division=CITY)).status_code == 403


async def test_a_cohort_counts_its_own_towns_and_no_others(
    built: Any, get: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readiness by cohort, against all towns of the cohort, told or not. Source: O6.1b, O6.1c."""
    cohort = [TOWN, OTHER_TOWN, DONGGUAN_TOWN]

    async def towns(_: Any, asked: str, __: date) -> list[str]:
        return cohort if asked == "2011-2012:A" else []

    monkeypatch.setattr("reporting.indicators.service.reckoning.towns_of", towns)
    found = await value(get, "towns-ready-share-cohort-a")
    assert (found["numerator"], found["denominator"], found["value"]) == (1, 3, "33.3")
    city = await value(get, "towns-ready-share-cohort-a", division=CITY)
    assert (city["denominator"], city["value"]) == (2, "50.0")
    assert (await value(get, "towns-ready-share-cohort-b"))["value"] is None
    await tell(built, office(VILLAGE, 2, status="ready"))
    assert (await value(get, "towns-ready-cohort-a"))["numerator"] == 1, "stations below a town are no towns"


@pytest.fixture
def cohort(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The towns of the first cohort."""
    members = [TOWN, OTHER_TOWN, DONGGUAN_TOWN]

    async def towns(_: Any, asked: str, __: date) -> list[str]:
        return members if asked == "2011-2012:A" else []

    monkeypatch.setattr("reporting.indicators.service.reckoning.towns_of", towns)
    return members


@pytest.mark.usefixtures("cohort")
@pytest.mark.parametrize("code", ["towns-ready-cohort-a", "towns-ready-share-cohort-a"])
async def test_the_way_down_adds_up_for_a_cohort_too(built: Any, get: Any, code: str) -> None:
    """Only a town of the cohort is its own; all above have nothing of their own. Source: O6.1b, S2."""
    for division in (PROVINCE, CITY, COUNTY, TOWN, VILLAGE):
        found = await ask(get, f"/{code}/children", division=division)
        for part in ("numerator", "denominator"):
            if found["total"][part] is None:
                continue
            below = sum(one["value"][part] for one in found["items"])
            assert found["own"][part] + below == found["total"][part]
            assert found["unlisted"][part] == 0
            assert found["own"][part] == int(division == TOWN)


async def test_the_way_down_adds_up_for_what_the_directory_expects(built: Any, get: Any) -> None:
    """A place is expected to be connected itself, beside those below it. Source: O4.2a, S2."""
    for division in (CITY, COUNTY, TOWN):
        found = await ask(get, "/network-connected/children", division=division)
        assert found["unlisted"] == {"numerator": 0, "denominator": 0}
        assert found["own"]["denominator"] == int(division == TOWN)


async def test_the_offices_behind_a_cohort_add_up_to_its_number(built: Any, get: Any, cohort: list[str]) -> None:
    """Also with the town that one of its towns took over. Source: S2, O6.3b, O6.1b."""
    cohort.remove(TOWN)
    await built.rows("INSERT INTO directory_heirs (code, heir) VALUES ($1, $2)", TOWN, OTHER_TOWN)
    await built.rows("INSERT INTO directory_heirs (code, heir) VALUES ($1, $2)", COUNTY, "440306000000")
    for division, expected in ((PROVINCE, [TOWN]), ("440306000000", [TOWN]), (OTHER_TOWN, [TOWN]), (COUNTY, [])):
        found = await ask(get, "/towns-ready-cohort-a/offices", division=division)
        assert [one["division"] for one in found["items"] if one["numerator"]] == expected
        assert found["total"]["numerator"] == len(expected)


@pytest.mark.parametrize(
    ("code", "expected", "known"),
    [
        ("stations-operating", 5, 1), ("station-sign-coverage", 5, 1), ("town-offices-operating", 3, 1),
        ("sign-coverage", 3, 1), ("staff-per-10k-served", 3, 1), ("staff-total", 8, 1), ("towns-ready-share", 3, 1),
        ("aid-used", 2, 0),
    ],
)  # fmt: skip
async def test_offices_that_nobody_has_heard_of_are_unknown(
    filled: Any, get: Any, directory_events: Any, code: str, expected: int, known: int
) -> None:
    """The directory says how many there are, and not what has come in. Source: S1, S2, O1.1a, O1.1d."""
    await filled.directory(directory_events("office", DONGGUAN_TOWN, "planned", version=2))
    await tell(
        filled, office(TOWN, figures={"staff_total": 3, "served_persons": 20_000}, status="ready"), office(VILLAGE)
    )
    found = await value(get, code)
    assert (found["expected"], found["known"], found["unknown"]) == (expected, known, expected - known)
    assert found["completeness"] < 1


async def test_every_shipped_definition_counts_those_nobody_has_heard_of() -> None:
    """Source: S1, S2."""
    for spec in shipped().values():
        told = {(one.source, one.measure, one.sign) for one in spec.expected}
        for kind in ("office", "station"):
            if spec.cohort is None and any(measure.startswith(f"{kind}.") for _, measure, _ in told):
                assert ("directory", kind, 1) in told, spec.code
                assert ("standings", f"{kind}.status.operating", -1) in told, spec.code


async def test_the_directory_tells_kinds_of_a_place_alone_too(built: Any) -> None:
    """Source: O1.1a, O1.1d."""
    async with built.db.autocommit() as conn:
        whole = await expected_by_kind_on(conn, [PROVINCE, COUNTY, VILLAGE], on=BUILT)
        own = await expected_by_kind_on(conn, [COUNTY, TOWN, VILLAGE], on=BUILT, own=True)
    assert whole == {PROVINCE: (3, 5), COUNTY: (1, 2), VILLAGE: (0, 1)}
    assert own == {COUNTY: (0, 0), TOWN: (1, 0), VILLAGE: (0, 1)}


@pytest.mark.parametrize("code", ["cases-registered", "cases-on-time", "cases-satisfied", "cases-online"])
async def test_cases_are_as_complete_as_the_days_that_were_reported(built: Any, get: Any, code: str) -> None:
    """Not by whose readiness is known: by place-days heard from over those that should be. Source: O6.3a, S2."""
    state = case_state(division=VILLAGE, registered_at=NOON)
    await built.accept(*(accepted_record(state, level=level) for level in path_levels(VILLAGE)))
    found = await value(get, code, division=VILLAGE)
    days = (date(2026, 3, 3) - date(2025, 4, 1)).days + 1
    assert (found["expected"], found["known"]) == (days, 1)
    assert (await value(get, code, division=PROVINCE))["expected"] == 8 * days
    elsewhere = await value(get, code, division=FAR_TOWN)
    assert (elsewhere["known"], elsewhere["completeness"]) == (0, 0.0)


async def test_an_indicator_of_two_sources_is_as_old_as_the_older(built: Any, get: Any) -> None:
    """Source: S1, S2."""
    assert (await value(get, "cases-per-10k-served"))["as_of"] is None, "no case has come in yet"
    state = case_state(division=VILLAGE, registered_at=NOON)
    await built.accept(*(accepted_record(state, level=level) for level in path_levels(VILLAGE)))
    cases = (await value(get, "cases-registered"))["as_of"]
    standings = (await value(get, "offices-operating"))["as_of"]
    assert cases != standings
    assert (await value(get, "cases-per-10k-served"))["as_of"] == min(cases, standings)
