"""How every change of a case is done: seen in scope, judged by the rules, written in one statement."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from casework.calendar.service import calendar_at
from casework.cases.domain import APPLICANT, Case, event_of, heads, needs_head, require_holder
from casework.cases.errors import CaseNotFound, HeadNeeded, OutOfReach
from casework.cases.repository import EVERYWHERE, Cases
from casework.cases.service.roles import HANDLERS, HEADS, actor_of, entry_of
from casework.cases.service.views import CaseView, Remember, masked, require_written
from casework.clock.domain import Calendar
from common.auth import Actor, Role, require_role, scope_bounds
from common.clock import beijing_day, now
from common.contracts.casework import CASE_TOPIC
from common.crypto import FieldCipher
from common.divisions import contains
from common.errors import PreconditionFailed
from common.telemetry import current_traceparent
from common.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class SeenCase:
    """Which case the actor means, and the version that they saw."""

    id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Moment:
    """What a change goes by.

    Attributes:
        by: account of who acts.
        division: of who acts.
        holder_place: where the case is held; the heir of a division that is no more.
        offered_place: to where it is offered, the same way; None while it is not.
        is_head: whether who acts heads the office of `division`.
    """

    at: datetime
    by: str
    division: str
    holder_place: str
    offered_place: str | None
    calendar: Calendar
    is_head: bool

    @property
    def on(self) -> date:
        """The Beijing day."""
        return beijing_day(self.at)


Transition = Callable[[Case, Moment], Case]


@dataclass(frozen=True, slots=True)
class Act:
    """One kind of change.

    Attributes:
        verb: for the audit.
        transition: the rule.
        roles: who may; the applicant's own acts have none.
        is_for_holder: only who holds the case, or heads the office that does.
        is_from_above: only from where the case is held, or from above.
        reason: for the audit; told without personal data.
    """

    verb: str
    transition: Transition
    roles: Sequence[Role] = HANDLERS
    is_for_holder: bool = True
    is_from_above: bool = False
    reason: str | None = None

    def by_applicant(self) -> "Act":
        """The same as the applicant's own act: the caller has asked whether the case is theirs."""
        return replace(self, roles=(), is_for_holder=False)


async def change_case(
    uow: UnitOfWork, *, cipher: FieldCipher, seen: SeenCase, act: Act, remember: Remember | None = None
) -> CaseView:
    """Reads the case in scope, applies the rule, writes it where nobody was quicker.

    Source: O4.1b, O4.3b.

    Raises:
        RoleRequired, CaseNotFound, PreconditionFailed: may not; not there; saw an older version.
        NotHolder, HeadNeeded, OutOfReach: somebody else is responsible; this stage is for a head; it is held elsewhere.
        What the transition raises.
    """
    actor = actor_of(uow)
    if act.roles:
        require_role(actor, *act.roles)
    bounds = scope_bounds(actor) if act.roles else EVERYWHERE
    cases = Cases(uow.conn, cipher)
    stored = await cases.find(seen.id, bounds=bounds)
    if stored is None:
        raise CaseNotFound
    if stored.case.version != seen.version:
        raise PreconditionFailed(current_version=stored.case.version)
    if act.is_for_holder:
        _require_responsible(stored.case, actor, stored.holder_place)
    if act.is_from_above and not contains(actor.division, stored.holder_place):
        raise OutOfReach(holder_division=stored.holder_place)
    calendar = await calendar_at(uow.conn, stored.calendar_version)
    division = actor.division or stored.case.division
    by = actor.subject if act.roles else APPLICANT
    moment = Moment(now(), by, division, stored.holder_place, stored.offered_place, calendar, actor.has_role(*HEADS))
    case = act.transition(stored.case, moment)
    view = CaseView(case, masked(stored.applicant), stored.item_name, stored.duty_label)
    written = await cases.change(
        case,
        bounds=bounds,
        audit=entry_of(actor, act.verb, case, reason=act.reason),
        topic=CASE_TOPIC,
        event=event_of(case, before=stored.case.status, traceparent=current_traceparent()),
        once=None if remember is None else remember(view),
    )
    require_written(written)
    uow.wake_relay()
    return view


def _require_responsible(case: Case, actor: Actor, place: str) -> None:
    is_head = actor.has_role(*HEADS)
    require_holder(case, account=actor.subject, is_head_there=is_head and heads(place, actor.division))
    if needs_head(case) and not is_head:
        raise HeadNeeded(stage=case.stage.value if case.stage else None)
