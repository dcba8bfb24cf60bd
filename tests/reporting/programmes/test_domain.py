"""Who belongs to a programme, and what a programme must be: pure. Source: O6.1a-O6.1c."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.contracts.reporting.programmes import (
    Cohort,
    ListedTown,
    MembershipRule,
    Milestone,
    ProgrammeState,
    Target,
)
from common.divisions import Level
from registry.data.reader import read_divisions
from registry.data.rows import DATA_AS_OF, DivisionKind
from reporting.programmes.catalogue import packaged_programmes
from reporting.programmes.domain import (
    Content,
    Town,
    Tree,
    closed,
    content_of,
    enforced,
    explain,
    informal_on,
    is_complete_by_form,
    is_in_force,
    listed_twice,
    members_on,
    problems_of,
    revised,
)
from reporting.programmes.errors import NothingChanged, ProgrammeInvalid, ProgrammeNotInState

AT = datetime(2026, 11, 23, tzinfo=UTC)
(POLICY,) = packaged_programmes(at=AT)
NINE = {"4401", "4403", "4404", "4406", "4407", "4412", "4413", "4419", "4420"}
BEGIN = date(2011, 1, 1)


def town(code, *, name="某镇", kind="standard", since=BEGIN, until=None, heir=None):
    return Town(code, name, kind, since, until, heir)


def tree(*towns, begins_on=BEGIN):
    return Tree(towns, begins_on)


def entry(code, since=BEGIN, until=None):
    return ListedTown(division=code, since=since, until=until, reason="中心镇", entered_at=AT, entered_by="a")


def cohorts_of(found):
    return {one.division: one.fit.cohort for one in found}


@pytest.fixture(scope="module")
def guangdong():
    """Every town of the province, as the registry loads them: valid from the day of the data."""
    towns = [
        Town(row.code, row.name, row.kind.value, DATA_AS_OF) for row in read_divisions() if row.level is Level.TOWN
    ]
    assert {row.kind for row in towns} == {DivisionKind.STANDARD.value, DivisionKind.INFORMAL.value}
    return Tree(tuple(towns), DATA_AS_OF)


def test_the_policy_s_programme_says_what_the_policy_says():
    """O6.1a, O6.1b, O6.1c, O6.2b: two years, about 1,000 by the end of 2011, the rest by the end of 2012."""
    assert (POLICY.code, POLICY.starts_on, POLICY.ends_on) == ("2011-2012", date(2011, 1, 1), date(2012, 12, 31))
    first, rest = POLICY.cohorts
    assert (first.due_on, rest.due_on) == (date(2011, 12, 31), date(2012, 12, 31))
    assert first.target == Target(offices=1000, wording="approximate", clause="O6.1b")
    assert {code[:4] for rule in first.rules for code in rule.divisions} == NINE
    assert [one.on for one in POLICY.milestones if one.kind == "plan_filing"] == [date(2011, 10, 31)]
    assert problems_of(content_of(POLICY), division=POLICY.division) == []
    assert is_complete_by_form(POLICY.cohorts, division=POLICY.division)
    assert POLICY.documents[0].number == "粤府办〔2011〕65号"


def test_the_nine_cities_have_610_formal_towns_and_no_central_town_is_invented(guangdong):
    """O6.1b: 610 on the real divisions; the others come only by being entered; 147 units like towns stay apart."""
    found = members_on(POLICY, guangdong, {}, on=date(2011, 12, 31))
    assert len(found) == 1610
    first = [one for one in found if one.fit.cohort == "A"]
    assert len(first) == 610
    assert {one.division[:4] for one in first} == NINE
    assert len([one for one in found if one.fit.cohort == "B"]) == 1000
    assert len(informal_on(guangdong, on=date(2011, 12, 31))) == 147
    elsewhere = next(one.division for one in found if one.fit.cohort == "B")
    entered = members_on(POLICY, guangdong, {"A": [entry(elsewhere)]}, on=date(2011, 12, 31))
    assert sum(one.fit.cohort == "A" for one in entered) == 611


def test_before_the_directory_begins_its_first_day_answers():
    """O6.1b: divisions are known from the first load on; nothing is counted as zero because of that."""
    known = tree(town("440305001000", since=date(2023, 6, 30)), begins_on=date(2023, 6, 30))
    assert cohorts_of(members_on(POLICY, known, {}, on=date(2011, 6, 1))) == {"440305001000": "A"}


def test_towns_that_merged_are_counted_once_and_keep_the_earlier_cohort():
    """O6.1b: one of the two had been entered; the heir is due when that one was."""
    merged = date(2012, 3, 1)
    known = tree(
        town("441624100000", until=merged, heir="441624102000"),
        town("441624101000", until=merged, heir="441624102000"),
        town("441624102000", since=merged, name="新镇"),
    )
    lists = {"A": [entry("441624101000")]}
    before = members_on(POLICY, known, lists, on=date(2012, 2, 29))
    after = members_on(POLICY, known, lists, on=merged)
    assert [(one.division, len(one.codes), one.fit.cohort) for one in before] == [("441624102000", 2, "A")]
    assert [(one.division, one.codes, one.fit.cohort) for one in after] == [("441624102000", ("441624102000",), "A")]
    assert after[0].origins == ("441624100000", "441624101000")
    assert after[0].name == "新镇"


def test_a_town_that_moves_to_another_city_keeps_its_cohort():
    """O6.1b, O6.1c: nobody's due day moves because a border did."""
    moved = date(2011, 6, 1)
    into = tree(town("441624100000", until=moved, heir="440118100000"), town("440118100000", since=moved))
    out = tree(town("440118100000", until=moved, heir="441624100000"), town("441624100000", since=moved))
    for on in (date(2011, 5, 1), date(2012, 12, 31)):
        assert cohorts_of(members_on(POLICY, into, {}, on=on)) == {"440118100000": "B"}
        assert cohorts_of(members_on(POLICY, out, {}, on=on)) == {"441624100000": "A"}


def test_a_town_set_up_during_the_programme_goes_by_its_own_place():
    """O6.1b: it was nothing before."""
    known = tree(town("440118100000"), town("440118101000", since=date(2011, 6, 1)))
    assert len(members_on(POLICY, known, {}, on=date(2011, 5, 31))) == 1
    assert cohorts_of(members_on(POLICY, known, {}, on=date(2011, 6, 1)))["440118101000"] == "A"


def test_an_entry_counts_on_its_days_only():
    """O6.1b: a town is on the list from a day, and until a day."""
    known = tree(town("441624100000"))
    lists = {"A": [entry("441624100000", since=date(2011, 3, 1), until=date(2011, 9, 1))]}
    found = [
        members_on(POLICY, known, lists, on=day)[0].fit.cohort
        for day in (date(2011, 2, 28), date(2011, 3, 1), date(2011, 8, 31), date(2011, 9, 1))
    ]
    assert found == ["B", "A", "A", "B"]


def test_why_a_town_is_where_it_is():
    """O6.1b, O6.1c: said in words."""
    known = tree(town("440305001000"), town("441624100000"), town("441624101000"))
    found = members_on(POLICY, known, {"A": [entry("441624101000")]}, on=BEGIN)
    words = [explain(one.fit, POLICY.cohorts) for one in found]
    assert "440300000000" in words[0]
    assert "其余" in words[1]
    assert "名单" in words[2]


@given(st.data())
def test_every_town_has_at_most_one_cohort_and_none_is_lost(data):
    """O6.1b, O6.1c: whatever merges and is entered, each town of today is counted exactly once."""
    codes = [f"44{city}{county:02}10{number}" for city in ("01", "16") for county in (1, 2) for number in (1, 2)]
    codes = [code.ljust(12, "0") for code in codes]
    day = data.draw(st.dates(date(2011, 1, 2), date(2012, 12, 31)))
    ended = data.draw(st.dictionaries(st.sampled_from(codes), st.sampled_from(codes), max_size=4))
    ended = {code: heir for code, heir in ended.items() if heir not in ended}
    towns = tree(*(town(code, until=day if code in ended else None, heir=ended.get(code)) for code in codes))
    listed = data.draw(st.sets(st.sampled_from([code for code in codes if code.startswith("4416")])))
    on = data.draw(st.dates(BEGIN, date(2013, 6, 1)))
    found = members_on(POLICY, towns, {"A": [entry(code) for code in sorted(listed)]}, on=on)
    assert len({one.division for one in found}) == len(found)
    assert {one.division for one in found} == {ended.get(code, code) for code in codes}
    assert all(one.fit.cohort in {"A", "B"} for one in found)


# --- what a programme must be --------------------------------------------------------------------------------------------

SOUND = content_of(POLICY)


def rule(kind, *divisions):
    return MembershipRule(kind=kind, divisions=divisions)


def cohort(code="A", *rules, due_on=date(2012, 6, 1)):
    return Cohort(code=code, title="批次", rules=rules or (rule("rest"),), due_on=due_on)


def milestone(**changes):
    return Milestone(**{"code": "m", "title": "节点", "kind": "other", "on": date(2012, 1, 1), **changes})


BROKEN = {
    "ends first": (replace(SOUND, starts_on=date(2013, 1, 1)), "结束日期早于"),
    "code twice": (replace(SOUND, cohorts=(cohort(), cohort())), "批次编号重复"),
    "due outside": (replace(SOUND, cohorts=(cohort(due_on=date(2013, 1, 1)),)), "期限不在"),
    "two rests": (replace(SOUND, cohorts=(cohort("A"), cohort("B"))), "只能有一个批次"),
    "rest and more": (replace(SOUND, cohorts=(cohort("A", rule("rest"), rule("listed")),)), "不与其他规则并用"),
    "lists twice": (replace(SOUND, cohorts=(cohort("A", rule("listed"), rule("listed")),)), "名单规则重复"),
    "no divisions": (replace(SOUND, cohorts=(cohort("A", rule("towns_of")),)), "须列出区划"),
    "divisions of rest": (replace(SOUND, cohorts=(cohort("A", rule("rest", "440300000000")),)), "须列出区划"),
    "elsewhere": (replace(SOUND, cohorts=(cohort("A", rule("towns_of", "450100000000")),)), "不在本区划"),
    "a village": (replace(SOUND, cohorts=(cohort("A", rule("towns_of", "440305001001")),)), "是村"),
    "nested": (
        replace(
            SOUND,
            cohorts=(cohort("A", rule("towns_of", "440300000000")), cohort("B", rule("towns_of", "440305000000"))),
        ),
        "重叠",
    ),
    "milestone outside": (replace(SOUND, milestones=(milestone(on=date(2013, 1, 1)),)), "日期不在"),
    "milestone of nobody": (replace(SOUND, milestones=(milestone(cohort="Z"),)), "批次不存在"),
    "no share": (replace(SOUND, milestones=(milestone(kind="members_ready"),)), "百分比"),
    "two filings": (
        replace(SOUND, milestones=(milestone(kind="plan_filing"), milestone(code="n", kind="plan_filing"))),
        "只能有一个",
    ),
}


@pytest.mark.parametrize(("content", "words"), BROKEN.values(), ids=BROKEN.keys())
def test_what_does_not_fit_together_is_named(content: Content, words: str):
    """O6.1a, O6.1b, O6.1c."""
    found = problems_of(content, division=POLICY.division)
    assert any(words in one for one in found), found


def test_everything_is_named_at_once():
    """O6.1a: nobody corrects a draft twice."""
    broken = replace(SOUND, starts_on=date(2013, 1, 1), cohorts=(cohort(), cohort()))
    assert len(problems_of(broken, division=POLICY.division)) >= 3


def test_a_programme_that_names_some_cities_only_is_not_complete():
    """O6.1c: completeness is told."""
    some = (cohort("A", rule("towns_of", "440300000000")),)
    assert not is_complete_by_form(some, division=POLICY.division)
    assert is_complete_by_form((cohort("A", rule("towns_of", POLICY.division)),), division=POLICY.division)
    programme = POLICY.model_copy(update={"cohorts": some})
    found = members_on(programme, tree(town("440305001000"), town("441624100000")), {}, on=BEGIN)
    assert cohorts_of(found) == {"440305001000": "A", "441624100000": None}


def test_a_list_that_repeats_what_a_rule_has_is_told():
    """O6.1b: cohorts are disjoint."""
    known = tree(town("440305001000"), town("441624100000"))
    assert listed_twice(POLICY, known, {"A": [entry("441624100000")]}, on=BEGIN) == []
    assert len(listed_twice(POLICY, known, {"A": [entry("440305001000")]}, on=BEGIN)) == 1
    both = {"A": [entry("441624100000")], "C": [entry("441624100000")]}
    assert len(listed_twice(POLICY, known, both, on=BEGIN)) == 2


def draft() -> ProgrammeState:
    return POLICY.model_copy(update={"status": "draft", "in_force_from": None})


def test_the_life_of_a_programme():
    """O6.1a: draft, in force, closed; every version with its reason; a closed one stays as it was."""
    who = {"by": "a", "at": AT, "reason": "省府办通知"}
    state = draft()
    with pytest.raises(ProgrammeNotInState):
        closed(state, on=date(2012, 12, 31), **who)
    with pytest.raises(NothingChanged):
        revised(state, SOUND, **who)
    with pytest.raises(ProgrammeInvalid):
        enforced(state, from_day=BEGIN, problems=["重叠"], **who)
    with pytest.raises(ProgrammeInvalid):
        enforced(state, from_day=date(2013, 1, 1), problems=[], **who)
    changes = revised(state, replace(SOUND, title="新的名称"), **who)
    assert changes["history"][-1].changed == ("title",)
    running = state.model_copy(update=enforced(state, from_day=BEGIN, problems=[], **who))
    assert (running.status, running.history[-1].act) == ("in_force", "enforce")
    with pytest.raises(ProgrammeNotInState):
        enforced(running, from_day=BEGIN, problems=[], **who)
    with pytest.raises(ProgrammeInvalid):
        closed(running, on=date(2010, 12, 31), **who)
    over = running.model_copy(update=closed(running, on=date(2013, 1, 1), **who))
    with pytest.raises(ProgrammeNotInState):
        revised(over, replace(SOUND, title="新的名称"), **who)
    days = (date(2010, 12, 31), BEGIN, date(2012, 12, 31), date(2013, 1, 1))
    assert [is_in_force(over, day) for day in days] == [False, True, True, False]
