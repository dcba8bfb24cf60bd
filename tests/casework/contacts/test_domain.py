"""Who is responsible for a first contact, in every state that can be reached. Source: O4.3b."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from casework.cases.errors import IdNumberInvalid
from casework.clock.domain import Calendar
from casework.contacts import domain
from casework.contacts.domain import Doer, make_asker, read_clock, require_promise
from casework.contacts.errors import (
    AskerNameInvalid,
    AskerPhoneInvalid,
    ContactEnded,
    MaterialNotHeld,
    NoOffer,
    NotHolder,
    NotOffered,
    OfferOpen,
    OfferToHolder,
    PromiseTooLong,
    ReferralUnreachable,
)
from common.contracts.casework.contacts import ContactHolder, ContactMaterial, FirstContactState
from common.divisions import Level
from common.errors import DomainError
from common.ids import uuid7
from common.records.service import next_state
from common.testing.persons import synthetic_person

AT = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
TOWN, VILLAGE, NEIGHBOUR, COUNTY = "440305001000", "440305001001", "440305001002", "440305000000"
OFFICES = {code: uuid7() for code in (TOWN, VILLAGE, NEIGHBOUR, COUNTY)}
CALENDAR = Calendar(1, ())


def contact(**changes: Any) -> FirstContactState:
    """A first contact at the village's station."""
    holder = ContactHolder(account="agent", division=VILLAGE, office_id=OFFICES[VILLAGE], since=AT)
    values: dict[str, Any] = {
        "id": uuid7(), "version": 1, "division": VILLAGE, "level": Level.VILLAGE, "office_id": OFFICES[VILLAGE],
        "changed_at": AT, "number": "SW1", "status": "open", "channel": "window", "matter": "如何办理", "is_ours": False,
        "registered_at": AT, "first_asked": "agent", "is_signed": True, "holder": "agent", "holder_division": VILLAGE,
        "holders": (holder,), "office_name": "某站", "promised_working_days": 5, "promised_on": date(2026, 9, 8),
        "due_on": date(2026, 9, 8),
    }  # fmt: skip
    return FirstContactState(**{**values, **changes})


def doer(account: str, division: str, *, is_head: bool = False, **heirs: str) -> Doer:
    return Doer(account, division, is_head=is_head, heirs=heirs)


def offered(division: str = TOWN, account: str | None = None) -> FirstContactState:
    made = domain.offer(
        contact(), division=division, office_id=OFFICES[division], account=account, reason="职责", by="agent", at=AT
    )
    return next_state(contact(), **made)


@settings(max_examples=120, stateful_step_count=25)
class Responsibility(RuleBasedStateMachine):
    """Any acts of any people in any order, against a model of who is responsible.

    The model knows the holder, the open offer and whether somebody still waits; each act must be refused exactly when
    the model says so, and change nothing then.
    """

    PEOPLE = (
        doer("agent", VILLAGE), doer("colleague", VILLAGE), doer("clerk", TOWN), doer("head", TOWN, is_head=True),
        doer("other", NEIGHBOUR), doer("chief", COUNTY, is_head=True),
    )  # fmt: skip
    people = st.sampled_from(PEOPLE)
    places = st.sampled_from(sorted(OFFICES))
    accounts = st.none() | st.sampled_from([one.account for one in PEOPLE])

    @initialize()
    def registers(self) -> None:
        self.state = contact()
        self.holder, self.where, self.offer, self.is_open = "agent", VILLAGE, None, True
        self.cases = 0
        self.taken = 1

    def attempt(self, changes: Any, *, refused: bool) -> bool:
        before = self.state
        try:
            made = changes()
        except DomainError:
            assert refused
            assert self.state is before
            return False
        assert not refused
        self.state = next_state(self.state, **made)
        return True

    def may_act(self, one: Doer) -> bool:
        heads_station = self.where in (VILLAGE, NEIGHBOUR) and one.division == TOWN
        return one.account == self.holder or (one.is_head and (one.division == self.where or heads_station))

    def act(self, one: Doer, changes: Any, *, refused: bool) -> bool:
        def held() -> Any:
            domain.require_responsible(self.state, one)
            return changes()

        return self.attempt(held, refused=refused or not self.may_act(one))

    @rule(one=people, division=places, account=accounts)
    def offers(self, one: Doer, division: str, account: str | None) -> None:
        def made() -> Any:
            return domain.offer(
                self.state, division=division, office_id=OFFICES[division], account=account, reason="职责",
                by=one.account, at=AT,
            )  # fmt: skip

        refused = not self.is_open or self.offer is not None or account == self.holder
        if self.act(one, made, refused=refused):
            self.offer = (division, account)

    @rule(one=people)
    def accepts(self, one: Doer) -> None:
        is_asked = self.offer is not None and self.offer[0] == one.division and self.offer[1] in (None, one.account)
        refused = not is_asked or one.account == self.holder
        if self.attempt(lambda: domain.accept_offer(self.state, one, at=AT), refused=refused):
            self.holder, self.where, self.offer = one.account, one.division, None
            self.taken += 1

    @rule(one=people)
    def declines(self, one: Doer) -> None:
        there = None if self.offer is None else self.offer[0]
        is_asked = there == one.division and self.offer is not None and self.offer[1] in (None, one.account)
        heads = one.is_head and (there == one.division or (there in (VILLAGE, NEIGHBOUR) and one.division == TOWN))
        refused = self.offer is None or not (is_asked or heads)
        if self.attempt(lambda: domain.decline_offer(self.state, one, reason="不属", at=AT), refused=refused):
            self.offer = None

    @rule(one=people)
    def withdraws(self, one: Doer) -> None:
        made = lambda: domain.withdraw_offer(self.state, by=one.account, at=AT)  # noqa: E731
        if self.act(one, made, refused=self.offer is None):
            self.offer = None

    @rule(one=people)
    def settles(self, one: Doer) -> None:
        made = lambda: domain.settle(self.state, told="已告知", by=one.account, at=AT)  # noqa: E731
        if self.act(one, made, refused=not self.is_open):
            self.is_open, self.offer = False, None

    @rule(one=people, phone=st.none() | st.just("0755-80000000"))
    def refers(self, one: Doer, phone: str | None) -> None:
        made = lambda: domain.refer(self.state, body="某局", phone=phone, address=None, by=one.account, at=AT)  # noqa: E731
        if self.act(one, made, refused=not self.is_open or phone is None):
            self.is_open, self.offer = False, None

    @rule(one=people)
    def takes_a_case(self, one: Doer) -> None:
        made = lambda: domain.link_cases(self.state, [uuid7()], by=one.account, at=AT)  # noqa: E731
        if self.act(one, made, refused=not self.is_open and self.cases == 0):
            self.is_open, self.offer = False, None
            self.cases += 1

    @invariant()
    def exactly_one_is_responsible(self) -> None:
        """No reachable state without exactly one holder; nobody becomes one but by accepting. Source: O4.3b."""
        state = self.state
        assert state.holder == state.holders[-1].account == self.holder
        assert state.holder_division == state.holders[-1].division == self.where
        assert len(state.holders) == self.taken
        assert len([one for one in state.offers if one.answer == "accepted"]) == self.taken - 1

    @invariant()
    def at_most_the_last_offer_waits(self) -> None:
        waiting = [one for one in self.state.offers if one.answer is None]
        assert (self.offer is not None) == (self.state.offered_to is not None) == bool(waiting)
        assert waiting in ([], list(self.state.offers[-1:]))

    @invariant()
    def whoever_asked_waits_until_an_end_is_told(self) -> None:
        state = self.state
        assert (state.status == "open") == self.is_open == (state.due_on is not None) == (state.ended_at is None)
        ends = [state.settlement is not None, state.referral is not None, bool(state.case_ids)]
        assert sum(ends) == (0 if self.is_open else 1)
        assert len(state.case_ids) == self.cases


TestResponsibility = Responsibility.TestCase


def test_an_offer_changes_nothing_until_it_is_accepted():
    """Source: O4.3b."""
    state = offered()
    assert (state.holder, state.holder_division, state.due_on) == ("agent", VILLAGE, date(2026, 9, 8))
    taken = next_state(state, **domain.accept_offer(state, doer("clerk", TOWN), at=AT))
    assert (taken.holder, taken.holder_division, taken.first_asked) == ("clerk", TOWN, "agent")
    assert [one.account for one in taken.holders] == ["agent", "clerk"]
    assert taken.division == VILLAGE


def test_only_who_was_asked_takes_over():
    """Source: O4.3b."""
    state = offered(account="clerk")
    for one in (doer("head", TOWN, is_head=True), doer("clerk", NEIGHBOUR), doer("other", NEIGHBOUR)):
        with pytest.raises(NotOffered):
            domain.accept_offer(state, one, at=AT)
    domain.accept_offer(state, doer("clerk", TOWN), at=AT)
    with pytest.raises(NoOffer):
        domain.accept_offer(contact(), doer("clerk", TOWN), at=AT)


def test_who_holds_it_accepts_nothing():
    with pytest.raises(OfferToHolder):
        domain.accept_offer(offered(VILLAGE), doer("agent", VILLAGE), at=AT)
    with pytest.raises(OfferToHolder):
        offered(VILLAGE, "agent")


def test_one_offer_at_a_time():
    with pytest.raises(OfferOpen):
        domain.offer(
            offered(), division=COUNTY, office_id=OFFICES[COUNTY], account=None, reason="职责", by="agent", at=AT
        )


def test_the_head_of_the_office_acts_for_the_holder_and_of_a_station_the_head_of_its_office():
    """Source: O4.3b, O1.3c."""
    assert not domain.require_responsible(contact(), doer("agent", VILLAGE))
    assert domain.require_responsible(contact(), doer("chief", VILLAGE, is_head=True))
    assert domain.require_responsible(contact(), doer("head", TOWN, is_head=True))
    for one in (doer("colleague", VILLAGE), doer("clerk", TOWN), doer("chief", COUNTY, is_head=True)):
        with pytest.raises(NotHolder):
            domain.require_responsible(contact(), one)
    town = contact(holder="clerk", holder_division=TOWN)
    with pytest.raises(NotHolder):
        domain.require_responsible(town, doer("chief", COUNTY, is_head=True))


def test_offices_of_retired_divisions_are_followed_to_who_took_over():
    """Source: O4.3b; standards.md §1 (Order 79)."""
    moved = doer("head", NEIGHBOUR, is_head=True, **{VILLAGE: NEIGHBOUR})
    assert domain.require_responsible(contact(), moved)
    assert not doer("head", NEIGHBOUR, is_head=True).heads(VILLAGE)
    assert domain.is_party(contact(), doer("colleague", NEIGHBOUR, **{VILLAGE: NEIGHBOUR}))
    assert not domain.is_party(contact(), doer("colleague", NEIGHBOUR))


def test_parties_are_those_who_hold_or_held_it_and_those_who_are_asked():
    state = offered()
    assert domain.is_party(state, doer("clerk", TOWN))
    assert not domain.is_party(state, doer("other", NEIGHBOUR))
    taken = next_state(state, **domain.accept_offer(state, doer("clerk", TOWN), at=AT))
    assert domain.is_party(taken, doer("agent", NEIGHBOUR))
    assert not domain.is_party(taken, doer("colleague", VILLAGE))


def test_the_end_takes_an_unanswered_offer_back():
    ended = next_state(offered(), **domain.settle(offered(), told="已告知", by="agent", at=AT))
    assert (ended.offered_to, ended.offers[-1].answer, ended.due_on) == (None, "withdrawn", None)
    with pytest.raises(ContactEnded):
        domain.settle(ended, told="再告知", by="agent", at=AT)


def test_whoever_is_sent_elsewhere_is_told_how_to_reach_it():
    """Source: O4.3b; standards.md §6."""
    with pytest.raises(ReferralUnreachable):
        domain.refer(contact(), body="某局", phone=None, address=None, by="agent", at=AT)
    told = domain.refer(contact(), body="某局", phone=None, address="某路1号", by="agent", at=AT)
    assert told["referral"].address == "某路1号"


def test_materials_are_given_back_once():
    """Source: standards.md §6."""
    both = (ContactMaterial(name="合同", originals=1, copies=0), ContactMaterial(name="照片", originals=0, copies=2))
    state = contact(materials=both)
    back = next_state(state, **domain.return_materials(state, ["合同"], at=AT))
    assert [one.returned_at for one in back.materials] == [AT, None]
    for names in ([], ["合同"], ["照片", "证书"]):
        with pytest.raises(MaterialNotHeld):
            domain.return_materials(back, names, at=AT)


def test_a_promise_is_the_rule_or_shorter():
    """Source: O4.3b, O4.1b."""
    assert [require_promise(wanted, rule=5) for wanted in (None, 0, 5)] == [5, 0, 5]
    with pytest.raises(PromiseTooLong) as refused:
        require_promise(6, rule=5)
    assert refused.value.clause == "O4.3b"


@pytest.mark.parametrize(
    ("on", "left", "is_late"),
    [
        (date(2026, 9, 1), 5, False),
        (date(2026, 9, 4), 2, False),
        (date(2026, 9, 5), 2, False),
        (date(2026, 9, 8), 0, False),
        (date(2026, 9, 9), -1, True),
        (date(2026, 9, 12), -3, True),
    ],
)
def test_the_promise_counts_working_days(on: date, left: int, is_late: bool):
    """Source: O4.3b, O4.3c."""
    clock = read_clock(contact(), CALENDAR, on=on)
    assert (clock.remaining_working_days, clock.is_overdue) == (left, is_late)


def test_an_answer_after_the_promise_stays_late():
    for days, is_late in ((7, False), (8, True)):
        at = AT + timedelta(days=days)
        ended = next_state(contact(), **domain.settle(contact(), told="已告知", by="agent", at=at))
        clock = read_clock(ended, CALENDAR, on=date(2027, 1, 1))
        assert (clock.remaining_working_days, clock.is_overdue) == (None, is_late)


def test_an_asker_is_kept_in_one_form():
    somebody = synthetic_person(1)
    asker = make_asker(
        name=f" {somebody.name} ", phone="０755 8000-0001", id_number=somebody.id_number.lower(), on=date(2026, 9, 1)
    )
    assert (asker.name, asker.phone, asker.id_number) == (somebody.name, "07558000-0001", somebody.id_number)
    assert make_asker(name="甲", phone=None, id_number=None, on=date(2026, 9, 1)).phone is None
    assert somebody.name not in repr(asker)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"name": "  "}, AskerNameInvalid),
        ({"name": "甲\x00"}, AskerNameInvalid),
        ({"name": "甲" * 101}, AskerNameInvalid),
        ({"phone": "abc"}, AskerPhoneInvalid),
        ({"phone": "12345"}, AskerPhoneInvalid),
        ({"phone": "1" * 30}, AskerPhoneInvalid),
        ({"phone": ""}, AskerPhoneInvalid),
        ({"id_number": synthetic_person(1).id_number[:-1] + "?"}, IdNumberInvalid),
    ],
)
def test_an_asker_that_is_none_is_refused(changes: dict[str, Any], error: type[Exception]):
    values: dict[str, Any] = {"name": "甲", "phone": None, "id_number": None, "on": date(2026, 9, 1)}
    with pytest.raises(error):
        make_asker(**{**values, **changes})
