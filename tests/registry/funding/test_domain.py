"""Whose budget, which source pays for what on which day, who is aided. Source: O5.1a, O5.1b, O5.1c, O5.2."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.auth import OutOfScope, Role, RoleRequired
from common.contracts.registry.money import AidGrantState, BudgetLineState, FundExpenseState
from common.divisions import Level
from common.ids import uuid7
from common.policy import BOOK, DOCUMENTS, Parameter, PolicyBook, parameter, sources
from common.testing.tokens import make_actor
from registry.funding.domain import (
    AID_USE_LABELS,
    EXPENSE_STATUS_LABELS,
    FUND_SOURCE_LABELS,
    FUND_USE_LABELS,
    Asset,
    BudgetFinding,
    aid_areas,
    area_list_version,
    assets_after,
    budget_division_of,
    fund_rule,
    judge_budget,
    require_aid_use,
    require_budget_document,
    require_budget_teller,
    require_eligible,
    require_grant_fits,
    require_town,
    require_use,
    spent_after,
)
from registry.funding.errors import (
    AidAreaNotEligible,
    AidGrantNotOurs,
    AidOverspent,
    AidRulesNotInForce,
    AidUseRefused,
    BudgetDocumentRequired,
    FundRulesNotInForce,
    FundUseRefused,
)

BEGIN, PROVINCIAL, NATIONAL, LATEST = date(2011, 9, 25), date(2014, 8, 4), date(2023, 12, 20), date(2026, 1, 9)
TOWN, VILLAGE, COUNTY = "441624101000", "441624101201", "441624000000"
DAY = timedelta(days=1)


def grant(**changes: Any) -> AidGrantState:
    values: dict[str, Any] = {
        "id": uuid7(),
        "version": 1,
        "office_id": uuid7(),
        "division": COUNTY,
        "level": Level.COUNTY,
        "effective_on": BEGIN,
        "use": "basic_equipment",
        "amount_fen": 1000,
        "granted_on": BEGIN,
        "document": "粤财社〔2012〕1号",
        "area_list_version": "粤府办〔2011〕65号/2011-09-25",
        "spent_fen": 0,
        "asset_ids": (),
    }
    return AidGrantState(**{**values, **changes})


# --- budget ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("division", "budget"),
    [
        (TOWN, COUNTY),
        (VILLAGE, COUNTY),
        (COUNTY, COUNTY),
        ("441600000000", "441600000000"),
        ("440000000000", "440000000000"),
        ("441900003000", "441900000000"),
        ("441900003001", "441900000000"),
        ("442000100000", "442000000000"),
    ],
)
def test_costs_stand_in_the_budget_of_the_county_or_of_a_city_without_counties(division: str, budget: str) -> None:
    """O5.1a: 东莞 and 中山 have no counties."""
    assert budget_division_of(division) == budget


def test_a_budget_line_is_told_by_whose_budget_it_is_or_by_who_leads() -> None:
    """O5.1a, O1.3a."""
    for division in (TOWN, COUNTY):
        require_budget_teller(
            make_actor(division, Role.BUREAU_SUPERVISOR), leadership_division=TOWN, budget_division=COUNTY
        )
    for division in ("441600000000", "440000000000", "441624102000"):
        with pytest.raises(OutOfScope):
            require_budget_teller(
                make_actor(division, Role.BUREAU_SUPERVISOR), leadership_division=TOWN, budget_division=COUNTY
            )
    with pytest.raises(RoleRequired):
        require_budget_teller(make_actor(TOWN, Role.WINDOW_CLERK), leadership_division=TOWN, budget_division=COUNTY)


def test_who_is_in_the_budget_says_where() -> None:
    """O5.1a."""
    require_budget_document("和财预〔2026〕1号", is_listed=True)
    require_budget_document(None, is_listed=False)
    with pytest.raises(BudgetDocumentRequired) as caught:
        require_budget_document(None, is_listed=True)
    assert caught.value.clause == "O5.1a"


def test_the_yearly_check_tells_not_listed_from_not_told() -> None:
    """O5.1a."""
    line = BudgetLineState(
        **grant().model_dump(include={"id", "version", "office_id", "division", "level", "effective_on"}),
        year=2026,
        budget_division=COUNTY,
        is_listed=False,
        amount_fen=None,
        document=None,
    )
    assert judge_budget(None) is BudgetFinding.NO_LINE
    assert judge_budget(line) is BudgetFinding.NOT_LISTED
    assert judge_budget(line.model_copy(update={"is_listed": True})) is BudgetFinding.LISTED


def test_a_supplement_is_the_towns_own() -> None:
    """O5.1b."""
    for division in (TOWN, VILLAGE):
        require_town(make_actor(TOWN, Role.OFFICE_HEAD), division)
    for actor, division in (
        (make_actor(COUNTY, Role.BUREAU_SUPERVISOR), TOWN),
        (make_actor(VILLAGE, Role.OFFICE_HEAD), VILLAGE),
        (make_actor("441624102000", Role.OFFICE_HEAD), TOWN),
        (make_actor(COUNTY, Role.BUREAU_SUPERVISOR), COUNTY),
    ):
        with pytest.raises(OutOfScope) as caught:
            require_town(actor, division)
        assert caught.value.clause == "O5.1b"
    with pytest.raises(RoleRequired):
        require_town(make_actor(TOWN, Role.STATISTICIAN), TOWN)


# --- the matrix -----------------------------------------------------------------------------------------------------

ALL = set(FUND_USE_LABELS)
NARROW = {"employment_training", "social_security", "purchased_service", "information_system"}


@pytest.mark.parametrize(
    ("on", "province", "others"),
    [
        (BEGIN, ALL, ALL),
        (PROVINCIAL - DAY, ALL, ALL),
        (PROVINCIAL, NARROW, ALL),
        (NATIONAL - DAY, NARROW, ALL),
        (NATIONAL, NARROW, NARROW),
        (LATEST - DAY, NARROW, NARROW),
        (LATEST, NARROW, NARROW),
        (date(2026, 11, 22), NARROW, NARROW),
    ],
)
def test_the_matrix_of_the_day_holds(on: date, province: set[str], others: set[str]) -> None:
    """O5.1c: 2011 text → 粤财社〔2014〕188号 → 财社〔2023〕181号 → 财社〔2026〕1号."""
    assert {source: set(fund_rule(source, on=on).uses) for source in FUND_SOURCE_LABELS} == {
        "province": province,
        "city": others,
        "county": others,
    }


@pytest.mark.parametrize(
    ("source", "on", "document", "mark"),
    [
        ("province", BEGIN, "粤府办〔2011〕65号", "V"),
        ("province", PROVINCIAL, "粤财社〔2014〕188号", "K"),
        ("city", PROVINCIAL, "粤府办〔2011〕65号", "K"),
        ("county", NATIONAL, "财社〔2023〕181号", "K"),
        ("county", LATEST, "财社〔2026〕1号", "K"),
    ],
)
def test_a_refusal_cites_the_document_of_the_day_and_says_how_sure_it_is(
    source: str, on: date, document: str, mark: str
) -> None:
    """O5.1c."""
    rule = fund_rule(source, on=on)
    assert (rule.document, rule.mark) == (document, mark)
    assert (rule.to_confirm is None) is (mark == "V")
    assert document in DOCUMENTS


@given(
    source=st.sampled_from(sorted(FUND_SOURCE_LABELS)),
    use=st.sampled_from(sorted(FUND_USE_LABELS)),
    on=st.dates(date(2005, 1, 1), date(2030, 1, 1)),
)
def test_an_expense_is_let_through_exactly_if_the_matrix_of_its_day_has_the_pair(
    source: str, use: str, on: date
) -> None:
    """O5.1c: against the periods themselves."""
    fitting = [one for one in BOOK if one.code == f"special_fund_uses_{source}" and one.is_in_force(on)]
    if not fitting:
        assert on < BEGIN
        with pytest.raises(FundRulesNotInForce) as early:
            require_use(source, use, on=on)
        assert early.value.clause == "O5.1c"
    elif use in fitting[0].option_codes:
        assert require_use(source, use, on=on).document == fitting[0].document
    else:
        with pytest.raises(FundUseRefused) as caught:
            require_use(source, use, on=on)
        assert caught.value.clause == "O5.1c"
        assert caught.value.facts["document"] == fitting[0].document
        assert use not in caught.value.facts["allowed"]  # type: ignore[operator]


def test_labels_and_states_speak_of_the_same_codes() -> None:
    """O5.1c, O5.2."""
    fields = FundExpenseState.model_fields
    assert set(fields["source"].annotation.__args__) == set(FUND_SOURCE_LABELS)  # type: ignore[union-attr]
    assert set(fields["use"].annotation.__args__) == ALL  # type: ignore[union-attr]
    assert set(fields["status"].annotation.__args__) == set(EXPENSE_STATUS_LABELS)  # type: ignore[union-attr]
    assert set(parameter("special_fund_sources", on=BEGIN).option_codes) == set(FUND_SOURCE_LABELS)
    assert set(parameter("aid_uses", on=BEGIN).option_codes) == set(AID_USE_LABELS)
    named = {code: label for one in BOOK if one.code.startswith("special_fund_uses_") for code, label in _pairs(one)}
    assert named == FUND_USE_LABELS


def _pairs(one: Parameter) -> list[tuple[str, str]]:
    return [(option.code, option.label) for option in one.options]


def test_a_matrix_of_the_future_changes_no_expense_of_the_past(monkeypatch: Any) -> None:
    """O5.1c: the expense of 2012 is judged today as it was in 2012."""
    entries = [one for one in BOOK if one.code != "special_fund_uses_county"]
    last = parameter("special_fund_uses_county", on=LATEST)
    values = {name: getattr(last, name) for name in Parameter.__dataclass_fields__}
    change = date(2026, 6, 1)
    entries += [one for one in BOOK if one.code == "special_fund_uses_county" and one is not last]
    entries.append(Parameter(**{**values, "valid_to": change}))
    entries.append(Parameter(**{**values, "valid_from": change, "value": last.options[:1]}))
    past = date(2012, 12, 31)
    before = require_use("county", "legal_publicity", on=past)
    monkeypatch.setattr(sources, "BOOK", PolicyBook(entries))
    assert require_use("county", "legal_publicity", on=past) == before
    require_use("county", "information_system", on=change - DAY)
    with pytest.raises(FundUseRefused):
        require_use("county", "information_system", on=change)


# --- aid ------------------------------------------------------------------------------------------------------------


def test_aid_goes_to_the_twelve_cities_outside_the_delta_and_the_list_says_how_sure_it_is() -> None:
    """O5.2: 粤东西北."""
    areas = aid_areas(on=BEGIN)
    assert len(areas.option_codes) == 12
    assert (areas.mark.value, bool(areas.to_confirm)) == ("P", True)
    for division in ("441624101000", "441600000000", "445224000000", "440222100000"):
        assert require_eligible(division, on=BEGIN) == area_list_version(areas) == "粤府办〔2011〕65号/2011-09-25"
    for division in ("440305001000", "441900003000", "440000000000", "440785000000"):
        with pytest.raises(AidAreaNotEligible) as caught:
            require_eligible(division, on=BEGIN)
        assert caught.value.clause == "O5.2"
    with pytest.raises(AidRulesNotInForce):
        require_eligible("441624101000", on=BEGIN - DAY)


def test_aid_is_for_infrastructure_and_basic_equipment_only() -> None:
    """O5.2."""
    require_aid_use("infrastructure", on=BEGIN)
    require_aid_use("basic_equipment", on=BEGIN)
    with pytest.raises(AidUseRefused):
        require_aid_use("salaries", on=BEGIN)


def test_a_grant_pays_for_its_own_office_and_for_those_that_it_guides() -> None:
    """O5.2."""
    given_grant = grant()
    asset = Asset(uuid7(), uuid7(), COUNTY, "basic_equipment")
    require_grant_fits(given_grant, asset)
    require_grant_fits(given_grant, Asset(uuid7(), given_grant.office_id, "441600000000", "basic_equipment"))
    stranger = Asset(uuid7(), uuid7(), "441625000000", "basic_equipment")
    with pytest.raises(AidGrantNotOurs):
        require_grant_fits(given_grant, stranger)
    require_grant_fits(grant(asset_ids=(stranger.id,)), stranger)
    with pytest.raises(AidUseRefused) as caught:
        require_grant_fits(given_grant, Asset(uuid7(), uuid7(), COUNTY, "infrastructure"))
    assert caught.value.facts == {"use": "infrastructure", "allowed": ["basic_equipment"]}


@given(
    amount=st.integers(1, 10_000),
    costs=st.lists(st.integers(0, 4_000), max_size=20),
    data=st.data(),
)
def test_aid_is_never_overspent_in_whatever_order(amount: int, costs: list[int], data: st.DataObject) -> None:
    """O5.2: purchases and corrections downwards, in any order."""
    held, linked = grant(amount_fen=amount), {}
    for cost in data.draw(st.permutations(costs)):
        asset = uuid7()
        corrected = data.draw(st.integers(0, cost))
        try:
            held = held.model_copy(
                update={"spent_fen": spent_after(held, cost), "asset_ids": assets_after(held.asset_ids, asset)}
            )
        except AidOverspent:
            assert sum(linked.values()) + cost > amount
            continue
        held = held.model_copy(
            update={
                "spent_fen": spent_after(held, corrected - cost),
                "asset_ids": assets_after(held.asset_ids, asset),
            }
        )
        linked[asset] = corrected
        assert held.spent_fen == sum(linked.values()) <= amount
    assert list(held.asset_ids) == list(linked)
