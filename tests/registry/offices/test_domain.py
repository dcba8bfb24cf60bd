"""Rules of an office's life, without a database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from common.auth import OutOfScope, Role, RoleRequired
from common.contracts.registry import DivisionKind as ToldDivisionKind
from common.contracts.registry import OfficeKind as ToldOfficeKind
from common.contracts.registry import OfficeStatus as ToldOfficeStatus
from common.divisions import LEVELS, ancestors_of, level_of, parent_of
from common.testing.tokens import make_actor
from registry.data.reader import read_divisions
from registry.data.rows import KIND_LABELS, DivisionKind
from registry.offices.domain import (
    INITIAL_STATUSES,
    NEEDS_DECISION,
    STATUS_LABELS,
    TRANSITIONS,
    NameApproval,
    OfficeStatus,
    clause_of_name,
    edges_of,
    end_of_validity,
    is_supervised_by,
    kind_at,
    require_alive,
    require_name,
    require_supervisor,
    require_transition,
    unnamed_reason_labels,
)
from registry.offices.errors import (
    OfficeClosed,
    OfficeNameNeedsApproval,
    OfficeNameRefused,
    OfficeStatusChangeRefused,
)
from registry.offices.naming import OFFICE_KIND_LABELS, NameFault, OfficeKind, UnnamedReason
from registry.offices.repository import pairs_of

CODES = st.sampled_from([row.code for row in read_divisions() if row.kind is not DivisionKind.FILLER])
HARD = NameFault("缺“和”字", "O2.1a", is_hard=True, expected=None)
SOFT = NameFault("与区划名称不一致", "O2.1b", is_hard=False, expected="何屋村人力资源社会保障服务站")
APPROVAL = NameApproval("历史沿用", "和机编〔2020〕1号")


def test_what_events_may_say_is_what_the_rules_know():
    assert set(ToldOfficeStatus.__args__) == {status.value for status in OfficeStatus}
    assert set(ToldOfficeKind.__args__) == {kind.value for kind in OfficeKind}
    assert set(ToldDivisionKind.__args__) == {kind.value for kind in DivisionKind}


def test_every_code_has_its_label():
    assert set(STATUS_LABELS) == set(OfficeStatus) == set(TRANSITIONS)
    assert set(OFFICE_KIND_LABELS) == set(OfficeKind)
    assert set(KIND_LABELS) == set(DivisionKind)
    assert set(unnamed_reason_labels()) == set(UnnamedReason) > NEEDS_DECISION


def test_each_level_has_its_kind_of_office():
    """O1.1d, O2.1a, O2.1b."""
    assert [kind_at(level) for level in LEVELS] == [
        OfficeKind.BUREAU,
        OfficeKind.BUREAU,
        OfficeKind.BUREAU,
        OfficeKind.SERVICE_OFFICE,
        OfficeKind.SERVICE_STATION,
    ]


@given(code=CODES)
def test_leadership_is_the_own_government_and_guidance_the_next_level_that_exists(code):
    """O1.3a, O1.3c."""
    edges = edges_of(code)
    assert (edges.leadership, edges.guidance) == (code, parent_of(code))


@given(code=CODES, other=CODES)
def test_a_supervisor_rules_over_what_lies_below_and_not_over_the_own_office(code, other):
    """O1.3a: business guidance comes from above; only the province has nobody above it."""
    actor = make_actor(code, Role.BUREAU_SUPERVISOR)
    expected = code in ancestors_of(other) or (code == other == "440000000000")
    assert is_supervised_by(actor, other, level_of(other)) is expected


def test_supervision_needs_the_role_before_the_place():
    with pytest.raises(RoleRequired):
        require_supervisor(make_actor("441600000000", Role.OFFICE_HEAD), "441624000000", level_of("441624000000"))
    with pytest.raises(OutOfScope) as caught:
        require_supervisor(make_actor("440300000000", Role.BUREAU_SUPERVISOR), "441624000000", level_of("441624000000"))
    assert caught.value.clause == "O1.3a"
    require_supervisor(make_actor("441600000000", Role.BUREAU_SUPERVISOR), "441624000000", level_of("441624000000"))


@pytest.mark.parametrize(("current", "wanted"), [(a, b) for a in OfficeStatus for b in OfficeStatus])
def test_an_office_goes_only_where_its_life_leads(current, wanted):
    allowed = {
        ("planned", "building"), ("planned", "operating"), ("planned", "closed"),
        ("building", "operating"), ("building", "closed"),
        ("operating", "suspended"), ("suspended", "operating"), ("suspended", "closed"),
    }  # fmt: skip
    if (current.value, wanted.value) in allowed:
        require_transition(current, wanted)
    else:
        with pytest.raises(OfficeStatusChangeRefused) as caught:
            require_transition(current, wanted)
        assert caught.value.facts["status"] == current.value
        assert STATUS_LABELS[current] in caught.value.detail


class Life(RuleBasedStateMachine):
    """Any sequence of wishes."""

    def __init__(self):
        super().__init__()
        self.status = OfficeStatus.PLANNED
        self.was_closed = False
        self.was_operating_when_closed = False

    @rule(wanted=st.sampled_from(OfficeStatus))
    def wish(self, wanted):
        try:
            require_alive(self.status)
            require_transition(self.status, wanted)
        except (OfficeStatusChangeRefused, OfficeClosed):
            return
        assert not self.was_closed, "nothing comes back from closed"
        self.was_operating_when_closed |= wanted is OfficeStatus.CLOSED and self.status is OfficeStatus.OPERATING
        self.status = wanted
        self.was_closed = wanted is OfficeStatus.CLOSED

    @invariant()
    def an_office_is_never_closed_while_it_serves(self):
        assert not self.was_operating_when_closed


TestLife = Life.TestCase


def test_every_status_can_be_reached_and_left_but_the_last():
    reached, frontier = set(INITIAL_STATUSES), list(INITIAL_STATUSES)
    while frontier:
        for status in TRANSITIONS[frontier.pop()] - reached:
            reached.add(status)
            frontier.append(status)
    assert reached == set(OfficeStatus)
    assert [status for status in OfficeStatus if not TRANSITIONS[status]] == [OfficeStatus.CLOSED]


def test_a_closed_office_still_is_on_the_day_of_its_closing():
    assert end_of_validity(OfficeStatus.CLOSED, date(2026, 2, 28)) == date(2026, 3, 1)
    assert end_of_validity(OfficeStatus.SUSPENDED, date(2026, 2, 28)) is None


def test_a_hard_fault_is_refused_even_with_an_approval():
    """O2.1a."""
    with pytest.raises(OfficeNameRefused) as caught:
        require_name([SOFT, HARD], APPROVAL)
    assert caught.value.clause == "O2.1a"
    assert caught.value.detail == HARD.explanation


def test_a_soft_fault_wants_an_approval_and_says_the_ruled_name():
    """O2.1b."""
    with pytest.raises(OfficeNameNeedsApproval) as caught:
        require_name([SOFT], None)
    assert (caught.value.clause, caught.value.facts["expected"]) == ("O2.1b", SOFT.expected)
    require_name([SOFT], APPROVAL)
    require_name([], None)


def test_names_are_ruled_by_the_clause_of_their_kind():
    """O2.1a, O2.1b, S6."""
    assert [clause_of_name(kind) for kind in OfficeKind] == ["S6", "O2.1a", "O2.1b"]


@given(name=st.text(min_size=1, max_size=20), data=st.data())
def test_the_pairs_of_any_part_are_among_the_pairs_of_the_name(name, data):
    first = data.draw(st.integers(0, len(name) - 1))
    part = name[first : data.draw(st.integers(first + 1, len(name)))]
    assert set(pairs_of(part)) <= set(pairs_of(name))
    assert bool(pairs_of(part)) is (len(part) > 1)
