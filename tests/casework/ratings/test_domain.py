"""The rules of ratings, as they are: pure. Source: O4.3f; standards.md §4 (A.8), §7."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from casework.ratings.domain import (
    ASPECT_LABELS,
    RATING_LABELS,
    UNRATED,
    Matter,
    SignFact,
    Tally,
    excluded,
    find_signs,
    from_gb,
    from_interface,
    good_rate,
    is_bad,
    is_good,
    limits_on,
    occasion_key,
    occasion_of,
    protected,
    rated_share,
    rectifying,
    require_aspects,
    require_finished_months,
    require_open,
    require_period,
    stars_of,
    to_gb,
    to_interface,
)
from casework.ratings.domain.codes import (
    GB_CHANNELS,
    HRSS_SOURCES,
    INTERFACE_CHANNELS,
    RATINGS,
    from_channel_code,
    to_channel_code,
)
from casework.ratings.domain.rules import matter_of, visits_of
from casework.ratings.domain.signs import densest
from casework.ratings.errors import (
    AspectsDoNotFit,
    MaliceNotProven,
    MeasuresMissing,
    NotTheHandler,
    PeriodRefused,
    RatingAlreadyExcluded,
    RatingCodeUnknown,
    RatingNoLongerOpen,
    RatingNotOpenYet,
    RectificationNotInState,
    VisitNotProven,
)
from common.clock import beijing_day
from common.contracts.casework.cases import CaseFile, ClockEntry, SpecialState, StepState, SupplementState
from common.contracts.casework.ratings import RatingState, RectificationState
from common.divisions import Level
from common.testing.events import case_state

DAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
ID = UUID(int=1)
VILLAGE = "440305001001"
levels = st.sampled_from(RATINGS)


def matter(**changes):
    made = Matter(
        id=ID, division=VILLAGE, level=Level.VILLAGE, office_id=ID, item_code="B01", duty="social_insurance",
        registered_at=AT, accepted_at=AT, ended_at=None, accounts=("clerk",),
    )  # fmt: skip
    return replace(made, **changes)


def rectification(**changes):
    values = {
        "id": ID, "version": 1, "division": VILLAGE, "level": Level.VILLAGE, "office_id": ID, "changed_at": AT,
        "rating_id": ID, "case_id": ID, "item_code": "B01", "duty": "social_insurance", "rating": "dissatisfied",
        "status": "open", "opened_at": AT, "due_on": DAY,
    }  # fmt: skip
    return RectificationState(**{**values, **changes})


def rating(**changes):
    values = {
        "id": ID, "version": 1, "division": VILLAGE, "level": Level.VILLAGE, "office_id": ID, "changed_at": AT,
        "case_id": ID, "item_code": "B01", "duty": "social_insurance", "occasion": "matter", "number": 1,
        "rating": "dissatisfied", "channel": "pc", "rated_at": AT, "rated_on": DAY, "status": "counted",
    }  # fmt: skip
    return RatingState(**{**values, **changes})


# --- codes ----------------------------------------------------------------------------------------------------------


def test_the_standard_counts_from_the_best_and_the_interfaces_from_the_worst():
    """standards.md §4 (A.8), §7: 1 = 非常满意 there, 5 = 非常满意 here."""
    assert [to_gb(one) for one in RATINGS] == ["1", "2", "3", "4", "5"]
    assert [to_interface(one) for one in RATINGS] == ["5", "4", "3", "2", "1"]
    assert (RATINGS[0], RATING_LABELS[RATINGS[0]], RATING_LABELS[RATINGS[-1]]) == (
        "very_satisfied", "非常满意", "非常不满意",
    )  # fmt: skip


@given(levels)
def test_both_directions_come_back_and_are_mirror_images(one):
    assert from_gb(to_gb(one)) == from_interface(to_interface(one)) == one
    assert int(to_gb(one)) + int(to_interface(one)) == 6
    assert int(to_interface(one)) == stars_of(one)


@given(st.sampled_from(["", " ", None]))
def test_nobodys_rating_is_a_value_of_its_own_in_both_directions(nothing):
    """O4.3f: 未评价 is never praise."""
    assert from_gb(nothing) == from_interface(nothing) == UNRATED
    assert to_gb(UNRATED) is to_interface(UNRATED) is None
    assert not is_good(UNRATED, on=DAY)
    assert not is_bad(UNRATED, on=DAY)


@given(levels)
def test_what_another_system_rated_by_default_is_no_rating(one):
    """O4.3f: the default of the 2019 trial is not copied."""
    assert from_interface(to_interface(one), "7") == UNRATED
    assert from_interface(to_interface(one), "6") == one


@given(st.text(max_size=3).filter(lambda text: text.strip() and text not in {"1", "2", "3", "4", "5"}))
def test_an_unknown_code_is_refused(code):
    for read in (from_gb, from_interface):
        with pytest.raises(RatingCodeUnknown):
            read(code)


def test_channels_map_to_the_codes_of_each_source_and_back_where_one_code_is_one_channel():
    """standards.md §7: one source has 6 电话 7 短信, the other 6 短信 and no phone."""
    assert {one: to_channel_code(one, GB_CHANNELS) for one in GB_CHANNELS} == dict(GB_CHANNELS)
    assert (to_channel_code("phone", INTERFACE_CHANNELS), to_channel_code("sms", INTERFACE_CHANNELS)) == (None, "6")
    for codes in (GB_CHANNELS, INTERFACE_CHANNELS):
        assert all(from_channel_code(code, codes) == one for one, code in codes.items())
    for code, codes in (("7", INTERFACE_CHANNELS), ("1", HRSS_SOURCES), ("9", GB_CHANNELS)):
        with pytest.raises(RatingCodeUnknown):
            from_channel_code(code, codes)


@given(levels, st.lists(st.sampled_from(sorted(ASPECT_LABELS)), max_size=4))
def test_aspects_belong_to_the_stars(one, aspects):
    fits = len(set(aspects)) == len(aspects) and all(code[0] == str(stars_of(one)) for code in aspects)
    if fits:
        require_aspects(one, aspects)
    else:
        with pytest.raises(AspectsDoNotFit):
            require_aspects(one, aspects)


def test_there_are_forty_aspects_eight_for_each_star():
    assert sorted(code[0] for code in ASPECT_LABELS) == sorted("12345" * 8)


# --- what may be rated ------------------------------------------------------------------------------------------------


def test_a_matter_is_rated_from_its_acceptance_on_until_thirty_days_after_its_end():
    """O4.3f."""
    with pytest.raises(RatingNotOpenYet):
        require_open(matter(accepted_at=None), at=AT)
    require_open(matter(), at=AT + timedelta(days=4000))
    ended = matter(ended_at=AT)
    require_open(ended, at=datetime(2026, 12, 20, 15, 59, tzinfo=UTC))
    with pytest.raises(RatingNoLongerOpen) as caught:
        require_open(ended, at=datetime(2026, 12, 20, 16, 0, tzinfo=UTC))
    assert caught.value.facts == {"last_day": "2026-12-20"}
    assert caught.value.clause == "O4.3f"


def test_the_hall_is_rated_by_visit_and_everything_else_by_matter():
    """standards.md §7: 现场一次一评, 网上一事一评."""
    for channel in ("qr_code", "hall_tablet", "hall_terminal"):
        assert occasion_of(channel, DAY) == "visit"
        with pytest.raises(VisitNotProven):
            occasion_of(channel, None)
    for channel in ("pc", "mobile", "phone", "sms"):
        assert (occasion_of(channel, None), occasion_of(channel, DAY)) == ("matter", "visit")
    assert occasion_key("matter", DAY) == occasion_key("matter", None) == "matter"
    assert occasion_key("visit", DAY) == "visit:2026-11-20"


def test_a_rating_is_excluded_once_and_only_when_its_rectification_found_nothing():
    """O4.3f."""
    values = {"by": "supervisor", "at": AT, "reason": "同一人反复恶意评价"}
    done = rectification(status="closed", finding="unsubstantiated")
    assert excluded(rating(), done, **values)["status"] == "excluded"
    assert excluded(rating(rating="very_satisfied"), None, **values)["excluded_by"] == "supervisor"
    for other in (
        rectification(),
        rectification(status="verified", finding="unsubstantiated"),
        rectification(status="closed", finding="substantiated"),
    ):
        with pytest.raises(MaliceNotProven):
            excluded(rating(), other, **values)
    with pytest.raises(RatingAlreadyExcluded):
        excluded(rating(status="excluded"), done, **values)


# --- rectification ------------------------------------------------------------------------------------------------------


class RectificationLife(RuleBasedStateMachine):
    """Any order of steps by anybody: the states follow one another, and only the holder works. Source: O4.3f."""

    def __init__(self):
        super().__init__()
        self.state = rectification()
        self.seen = ["open"]

    def attempt(self, allowed, change):
        try:
            changes = change()
        except (RectificationNotInState, NotTheHandler, MeasuresMissing):
            assert not allowed
        else:
            assert allowed
            self.state = self.state.model_copy(update=changes)
            self.seen.append(self.state.status)

    @rule(by=st.sampled_from("ab"))
    def accept(self, by):
        self.attempt(self.state.status == "open", lambda: rectifying.accepted(self.state, by=by, at=AT))

    @rule()
    def release(self):
        self.attempt(self.state.status in {"accepted", "verified"}, lambda: rectifying.released(self.state))

    @rule(by=st.sampled_from("ab"), contact=st.sampled_from(["reached", "not_reachable", "refused"]))
    def verify(self, by, contact):
        allowed = (self.state.status, self.state.holder) == ("accepted", by)
        self.attempt(allowed, lambda: rectifying.verified(self.state, by=by, at=AT, contact=contact, note=None))

    @rule(by=st.sampled_from("ab"))
    def measure(self, by):
        allowed = (self.state.status, self.state.holder) == ("verified", by)
        self.attempt(allowed, lambda: rectifying.measured(self.state, by=by, measures="增设窗口"))

    @rule(by=st.sampled_from("ab"), finding=st.sampled_from(["substantiated", "unsubstantiated"]))
    def close(self, by, finding):
        allowed = (self.state.status, self.state.holder) == ("verified", by) and (
            finding == "unsubstantiated" or self.state.measures is not None
        )
        self.attempt(
            allowed,
            lambda: rectifying.closed(self.state, by=by, at=AT, finding=finding, reply="已整改", overdue_days=0),
        )

    @rule(result=st.sampled_from(["satisfied", "not_reachable"]))
    def call_back(self, result):
        before = len(self.state.follow_ups)
        self.attempt(
            self.state.status == "closed",
            lambda: rectifying.called_back(self.state, by="a", at=AT, result=result, note=None),
        )
        assert len(self.state.follow_ups) == before + (self.state.status == "closed")

    @invariant()
    def holds(self):
        assert (self.state.holder is None) == (self.state.status == "open")
        if self.state.status == "closed":
            assert self.state.contact is not None
            assert self.state.finding == "unsubstantiated" or self.state.measures


TestRectificationLife = RectificationLife.TestCase


def test_overdue_is_seen_while_it_is_open_and_stays_when_it_is_closed():
    """O4.3c."""
    assert not rectifying.is_overdue(rectification(), on=DAY)
    assert rectifying.is_overdue(rectification(), on=DAY + timedelta(days=1))
    late, in_time = rectification(status="closed", overdue_days=2), rectification(status="closed", overdue_days=0)
    assert rectifying.is_overdue(late, on=DAY)
    assert not rectifying.is_overdue(in_time, on=DAY + timedelta(days=99))


# --- figures ------------------------------------------------------------------------------------------------------------

counted = st.dictionaries(levels, st.integers(0, 40))


@given(counted, st.integers(0, 50))
def test_the_good_rate_asks_only_who_rated(counts, silent):
    """O4.3f: good / rated, never / all."""
    told = Tally("", matters=sum(counts.values()) + silent, rated_matters=sum(counts.values()), counts=counts)
    rate = good_rate(told, on=DAY)
    without_silence = good_rate(replace(told, matters=told.rated), on=DAY)
    assert rate == without_silence
    good = sum(counts.get(one, 0) for one in ("very_satisfied", "satisfied", "basically_satisfied"))
    assert rate == (good * 1000 // told.rated if told.rated else None)
    if silent and told.matters:
        assert rated_share(told) < 1000


tallies = st.lists(st.integers(0, 30), max_size=8).map(
    lambda sizes: [Tally(str(place), matters=50, counts={"satisfied": size}) for place, size in enumerate(sizes)]
)


@given(tallies, st.integers(1, 12))
def test_small_groups_are_hidden_and_cannot_be_found_by_subtraction(groups, minimum):
    """O4.3f; standards.md §7: who rated is protected."""
    cells = protected(groups, minimum)
    assert [cell.tally.key for cell in cells] == [group.key for group in groups]
    hidden = [group.rated for group, cell in zip(groups, cells, strict=True) if cell.is_hidden]
    shown = [cell.tally for cell in cells if not cell.is_hidden]
    assert all(tally.rated == 0 or tally.rated >= minimum for tally in shown)
    assert not hidden or sum(hidden) >= minimum or all(tally.rated == 0 for tally in shown)
    assert all(cell.tally == Tally(cell.tally.key) for cell in cells if cell.is_hidden)


def test_single_levels_are_hidden_where_one_of_them_is_a_small_number():
    """O4.3f."""
    (cell,) = protected([Tally("", counts={"very_satisfied": 40, "dissatisfied": 1})], 5)
    assert (cell.is_hidden, cell.are_levels_hidden) == (False, True)
    (open_cell,) = protected([Tally("", counts={"very_satisfied": 40, "dissatisfied": 5})], 5)
    assert not open_cell.are_levels_hidden


def test_a_period_is_at_most_a_quarter_and_runs_forwards():
    require_period(DAY, DAY)
    require_period(date(2026, 7, 1), date(2026, 9, 30))
    for since, until in ((DAY, DAY - timedelta(days=1)), (date(2026, 7, 1), date(2026, 10, 1))):
        with pytest.raises(PeriodRefused):
            require_period(since, until)


def test_the_public_asks_for_whole_months_that_are_over():
    """O4.3f: the difference of two periods is never one rating."""
    require_finished_months(date(2026, 8, 1), date(2026, 10, 31), on=DAY)
    for since, until in (
        (date(2026, 10, 2), date(2026, 10, 31)),
        (date(2026, 10, 1), date(2026, 10, 30)),
        (date(2026, 11, 1), date(2026, 11, 30)),
        (date(2026, 11, 1), DAY),
    ):
        with pytest.raises(PeriodRefused):
            require_finished_months(since, until, on=DAY)
    require_finished_months(date(2026, 10, 1), date(2026, 10, 31), on=date(2026, 11, 1))


# --- signs --------------------------------------------------------------------------------------------------------------


def facts(count, *, level="very_satisfied", gap=3600, after=3600, terminal=None):
    """`count` ratings, `gap` seconds apart, each `after` seconds after the end of its case (None: before it)."""
    made = []
    for number in range(count):
        at = AT + timedelta(seconds=gap * number)
        ended = None if after is None else at - timedelta(seconds=after)
        made.append(SignFact(level, at, ended, terminal))
    return made


def codes(found):
    return [sign.code for sign in find_signs(found, limits_on(DAY))]


def test_thirty_ratings_without_any_other_than_the_best_look_odd_and_twenty_nine_do_not():
    assert codes(facts(29)) == []
    assert codes(facts(30)) == ["uniform_praise"]
    assert codes([*facts(29), *facts(1, level="satisfied")]) == []


def test_ten_ratings_of_one_terminal_within_ten_minutes_are_a_burst():
    burst = facts(10, level="satisfied", gap=60, terminal="T1")
    assert codes(burst) == ["burst"]
    assert codes(facts(10, level="satisfied", gap=70, terminal="T1")) == []
    assert codes([*burst[:5], *(replace(one, terminal="T2") for one in burst[5:])]) == []
    assert codes([replace(one, terminal=None) for one in burst]) == []
    (sign,) = find_signs(burst, limits_on(DAY))
    assert sign.explanation == "终端T1自2026-11-20 10:00起10分钟内有10个评价"
    assert sign.numbers == {"ratings": 10, "minutes": 10}


def test_ratings_while_cases_wait_and_within_seconds_of_closing_look_odd_by_their_share():
    assert codes([*facts(15, after=None, level="satisfied"), *facts(15, level="satisfied")]) == ["rated_while_waiting"]
    assert codes([*facts(14, after=None, level="satisfied"), *facts(16, level="satisfied")]) == []
    assert codes([*facts(15, after=10, level="satisfied"), *facts(15, level="satisfied")]) == ["rated_at_once"]
    assert codes([*facts(15, after=11, level="satisfied"), *facts(15, level="satisfied")]) == []


@given(st.lists(st.integers(0, 5000), max_size=40), st.integers(0, 900))
def test_the_densest_span_is_what_counting_every_span_finds(offsets, span):
    instants = [AT + timedelta(seconds=one) for one in offsets]
    count, since = densest(instants, timedelta(seconds=span))
    expected = max((sum(0 <= other - one <= span for other in offsets) for one in offsets), default=0)
    assert count == expected
    assert (since is None) == (not offsets)


@given(st.lists(st.tuples(levels, st.integers(0, 10**6), st.none() | st.integers(0, 100), st.none() | st.just("T"))))
def test_signs_do_not_depend_on_the_order_of_ratings_and_every_number_is_explained(rows):
    found = [
        SignFact(
            level,
            AT + timedelta(seconds=offset),
            None if after is None else AT + timedelta(seconds=offset - after),
            terminal,
        )
        for level, offset, after, terminal in rows
    ]
    signs = find_signs(found, limits_on(DAY))
    assert signs == find_signs(found[::-1], limits_on(DAY))
    for sign in signs:
        assert all(str(number) in sign.explanation for number in sign.numbers.values())
        assert sign.code != "uniform_praise" or len(found) >= 30


def test_visits_are_what_the_file_tells_of_the_window():
    """O4.3f: registration, receipt, acceptance and collection; not what happened behind the window, nor by the law."""
    days = [AT + timedelta(days=number) for number in range(5)]
    steps = tuple(
        StepState(step=step, action="pass", by="clerk", division=VILLAGE, started_at=at, ended_at=at)
        for step, at in zip(("receipt", "acceptance", "reviewing"), days[1:4], strict=True)
    )
    case = case_state(registered_at=days[0], channel="window", file=CaseFile(steps=steps), collected_at=days[4])
    on = [beijing_day(one) for one in days]
    assert visits_of(case) == {on[0], on[1], on[2], on[4]}
    assert visits_of(case.model_copy(update={"is_deemed_accepted": True})) == {on[0], on[1], on[4]}
    assert visits_of(case.model_copy(update={"channel": "mobile"})) == {on[4]}
    assert visits_of(case.model_copy(update={"channel": "mobile", "collected_at": None})) == set()


def test_who_served_is_every_account_of_the_file():
    """O4.3b, O4.3f: also who asked for what was missing, paused or extended the clock."""
    asked = SupplementState(asked_at=AT, by="asker", materials=("身份证",), due_on=DAY)
    special = SpecialState(kind="hearing", started_at=AT, by="pauser", reason="听证", is_pausing=True)
    extended = ClockEntry(at=AT, fact="extended", clock="handling", by="extender")
    by_the_law = ClockEntry(at=AT, fact="started", clock="handling")
    file = CaseFile(supplements=(asked,), specials=(special,), ledger=(extended, by_the_law))
    assert matter_of(case_state(file=file, handled_by="closer")).accounts == ("asker", "closer", "extender", "pauser")
