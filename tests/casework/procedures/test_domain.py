"""Which rule texts hold where and when."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.procedures.domain import (
    chain_of,
    end_of_withdrawn,
    in_force,
    is_in_force,
    judge_families,
    require_issuer,
    require_later,
    require_newest,
)
from casework.procedures.errors import RuleTextSuperseded, StationIssuesNothing, VersionTooEarly
from common.contracts.casework.catalogue import RuleTextState
from common.divisions import level_of
from common.ids import uuid7

PROVINCE, CITY, TOWN, VILLAGE = "440000000000", "440300000000", "440305001000", "440305001001"
DAY = date(2026, 11, 23)
FAMILIES = (
    ("employment_training", "就业培训服务"),
    ("social_insurance", "社会保险经办"),
    ("labour_complaints", "劳动保障投诉处理"),
    ("dispute_mediation", "劳动人事争议调解"),
    ("retiree_management", "退休人员社会化管理"),
    ("personnel_talent", "人事人才服务"),
)


def text(division: str = PROVINCE, **changes: object) -> RuleTextState:
    values: dict[str, object] = {
        "id": uuid7(),
        "version": 1,
        "division": division,
        "level": level_of(division),
        "changed_at": datetime(2026, 11, 1, tzinfo=UTC),
        "series": UUID(int=1),
        "number": 1,
        "family": "social_insurance",
        "kind": "rule",
        "title": "社会保险经办规程",
        "text": "第一条",
        "document": "文",
        "issued_by": "厅",
        "effective_from": DAY,
        "publication_id": UUID(int=2),
    }
    return RuleTextState.model_validate(values | changes)


def test_a_division_works_by_its_own_texts_and_those_of_all_above_it():
    """O4.1a."""
    assert chain_of(VILLAGE) == [VILLAGE, TOWN, "440305000000", CITY, PROVINCE]
    assert chain_of("441900003000") == ["441900003000", "441900000000", PROVINCE]


@given(first=st.integers(-400, 400), length=st.integers(0, 400) | st.none())
def test_a_version_holds_from_its_first_day_to_the_day_before_its_end(first: int, length: int | None):
    """O4.1a, O4.3e."""
    begin = DAY + timedelta(days=first)
    end = None if length is None else begin + timedelta(days=length)
    assert is_in_force(text(effective_from=begin, effective_to=end), DAY) == (
        begin <= DAY and (end is None or end > DAY)
    )


def test_the_nearest_text_comes_first_and_others_of_the_family_or_kind_are_left_out():
    """O4.1a."""
    above, near = text(PROVINCE), text(TOWN)
    other, process = text(family="personnel_talent"), text(kind="process")
    future = text(effective_from=DAY + timedelta(days=1))
    found = in_force([above, near, other, process, future], on=DAY, family="social_insurance", kind="rule")
    assert found == [near, above]


def test_each_family_without_a_rule_text_is_told_as_a_gap():
    """O4.1a: six families, each with a published rule text; a process alone fills no gap."""
    texts = [text(), text(TOWN), text(family="dispute_mediation", kind="process")]
    judged = judge_families(texts, FAMILIES, on=DAY)
    assert [one.label for one in judged] == [label for _, label in FAMILIES]
    assert [one.family for one in judged if not one.is_gap] == ["social_insurance"]
    mediation = next(one for one in judged if one.family == "dispute_mediation")
    assert (mediation.rules, len(mediation.processes)) == ((), 1)


def test_only_the_newest_version_is_followed_or_withdrawn():
    """O4.1a, O4.3e."""
    require_newest(text())
    for old in (text(effective_to=DAY), text(status="withdrawn")):
        with pytest.raises(RuleTextSuperseded):
            require_newest(old)


def test_a_version_begins_after_the_one_that_it_follows():
    """O4.1a."""
    require_later(DAY + timedelta(days=1), than=text())
    with pytest.raises(VersionTooEarly) as refused:
        require_later(DAY, than=text())
    assert refused.value.clause == "O4.1a"


def test_stations_issue_nothing():
    """O4.1a."""
    require_issuer(TOWN)
    with pytest.raises(StationIssuesNothing) as refused:
        require_issuer(VILLAGE)
    assert refused.value.clause == "O4.1a"


def test_a_withdrawn_text_ends_today_or_never_begins():
    """O4.3e."""
    assert end_of_withdrawn(text(), today=DAY + timedelta(days=3)) == DAY + timedelta(days=3)
    assert end_of_withdrawn(text(effective_from=DAY + timedelta(days=9)), today=DAY) == DAY + timedelta(days=9)
