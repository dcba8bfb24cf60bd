"""Who may be paid: what is known of a person in the whole province, by pseudonym. Pure.

The answer depends on the set of facts alone, never on the order in which they arrived.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from common.contracts.registry.money import PayBlock
from common.divisions import Level, node_at
from common.policy import ParameterNotInForce, parameter
from registry.offices.domain import OfficeKind
from registry.staff.domain import FULL_POSTS, STAFF_TYPE_LABELS, is_public_employee, staff_types_of

BLOCK_LABELS: Mapping[PayBlock, str] = {
    "public_employee_post": "在公职岗位上",
    "public_employee_roster": "在公职人员名册上",
    "paid_elsewhere": "同期已在其他县（市、区）领取报酬",
    "no_station_post": "不是服务站可按任务计酬的人员",
}


@dataclass(frozen=True, slots=True)
class Period:
    """Beijing days from the first to the last, both included."""

    first: date
    last: date

    def meets(self, first: date, end: date | None) -> bool:
        """True if a day of the period lies in [first, end)."""
        return first <= self.last and (end is None or self.first < end) and first != end


@dataclass(frozen=True, slots=True)
class PostFact:
    """A post at one version, as its event told it."""

    id: UUID
    version: int
    pseudonym: str
    office_id: UUID
    division: str
    staff_type: str
    is_public_employee: bool
    effective_on: date
    started_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class RosterFact:
    """An entry of a roster of public employees, as it stands."""

    id: UUID
    version: int
    pseudonym: str
    division: str
    employed_from: date
    employed_to: date | None


@dataclass(frozen=True, slots=True)
class PayFact:
    """What a settled run has paid to a person.

    Attributes:
        returned_fen: what has come back of it, by recoveries that are settled.
    """

    pay_run_id: UUID
    staff_member_id: UUID
    version: int
    pseudonym: str
    office_id: UUID
    division: str
    period: Period
    amount_fen: int
    settled_at: datetime
    returned_fen: int = 0


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Everything that is known of one person here."""

    posts: frozenset[PostFact] = frozenset()
    roster: frozenset[RosterFact] = frozenset()
    pays: frozenset[PayFact] = frozenset()


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days [first, end) on which a post was what one of its versions says."""

    post: PostFact
    first: date
    end: date | None


@dataclass(frozen=True, slots=True)
class Block:
    """Why a line is not paid."""

    reason: PayBlock
    clause: str
    detail: str


def stretches_of(posts: Iterable[PostFact]) -> list[Stretch]:
    """When each post was what: a version holds from its effective day until that of the next one.

    The first version reaches back to the first day of the post, and the newest one knows when the post began and ended.

    Source: O1.4g, ADR 0013.
    """
    versions: dict[UUID, list[PostFact]] = {}
    for post in sorted(set(posts), key=lambda one: (one.id, one.version)):
        versions.setdefault(post.id, []).append(post)
    found = []
    for chain in versions.values():
        newest = chain[-1]
        for at, post in enumerate(chain):
            first = max(post.effective_on, newest.started_on) if at else newest.started_on
            end = _earlier(newest.ended_on, chain[at + 1].effective_on if at + 1 < len(chain) else None)
            if end is None or first < end:
                found.append(Stretch(post, first, end))
    return found


def area_of(division: str) -> str:
    """The county of a division, or its city where there are no counties.

    Source: O1.4g.
    """
    return node_at(division, Level.COUNTY) or node_at(division, Level.CITY) or division


def block_of(
    facts: PersonFacts,
    *,
    staff_member_id: UUID,
    division: str,
    period: Period,
    settled: tuple[datetime, UUID] | None = None,
) -> Block | None:
    """Why the post may not be paid for the period; None if it may.

    Source: O1.4e, O1.4f, O1.4g.

    Args:
        facts: of the person, in the whole province.
        staff_member_id: the post whose tasks are to be paid.
        division: of the run.
        settled: when the run was settled, and its id, if it was: then only earlier pay stands in its way.
    """
    stretches = stretches_of(facts.posts)
    own = [one for one in stretches if one.post.id == staff_member_id and period.meets(one.first, one.end)]
    return (
        _public_employee(facts, stretches, own, staff_member_id, period)
        or _no_station_post(own, period)
        or _paid_elsewhere(facts.pays, division, period, settled)
    )


def _public_employee(
    facts: PersonFacts, stretches: list[Stretch], own: list[Stretch], staff_member_id: UUID, period: Period
) -> Block | None:
    """兼职人员属于公职人员的，按规定不得领取兼职报酬.

    Beside a part-time post (or one that leaves the full post elsewhere) any day of the period counts. A post that is
    called full is part-time as well while the person is a public employee through another one.

    Source: O1.4g.
    """
    if _is_allowed("part_time_public_employee_pay_allowed", period):
        return None
    is_beside = any(one.post.staff_type not in FULL_POSTS for one in own) or not own
    days = _days_that_count(own, period, is_beside=is_beside)
    for stretch in sorted(stretches, key=lambda one: (one.first, one.post.id, one.post.version)):
        post = stretch.post
        is_public = is_public_employee(post.staff_type, is_declared=post.is_public_employee)
        if not is_public or (not is_beside and post.id == staff_member_id):
            continue
        if any(held.meets(stretch.first, stretch.end) for held in days):
            day = max(stretch.first, period.first)
            label = STAFF_TYPE_LABELS.get(post.staff_type, post.staff_type)
            detail = f"{day.isoformat()}在区划{post.division}的机构岗位上为公职人员（{label}）"
            return Block("public_employee_post", "O1.4g", f"{detail}，按规定不得领取兼职报酬")
    for entry in sorted(facts.roster, key=lambda one: (one.employed_from, one.id)):
        if any(held.meets(entry.employed_from, entry.employed_to) for held in days):
            day = max(entry.employed_from, period.first)
            detail = f"{day.isoformat()}在区划{entry.division}的公职人员名册上"
            return Block("public_employee_roster", "O1.4g", f"{detail}，按规定不得领取兼职报酬")
    return None


def _days_that_count(own: list[Stretch], period: Period, *, is_beside: bool) -> list[Period]:
    return [period] if is_beside else [_clipped(period, stretch) for stretch in own]


def _no_station_post(own: list[Stretch], period: Period) -> Block | None:
    """Stations are staffed in four ways, and those are paid by tasks; who is paid by others is not.

    Source: O1.4e.
    """
    types = sorted({one.post.staff_type for one in own})
    if not set(types).isdisjoint(staff_types_of(OfficeKind.SERVICE_STATION, on=period.last)):
        return None
    label = "、".join(STAFF_TYPE_LABELS.get(one, one) for one in types) or "该期间无岗位"
    return Block("no_station_post", "O1.4e", f"{label}：不是服务站可按任务计酬的人员")


def _paid_elsewhere(
    pays: frozenset[PayFact], division: str, period: Period, settled: tuple[datetime, UUID] | None
) -> Block | None:
    """Nobody is paid in two counties for the same days; who was settled first stands, unless the money is back.

    Source: O1.4f, O1.4g.
    """
    if _is_allowed("pay_in_two_counties_allowed", period):
        return None
    for pay in sorted(pays, key=lambda one: (one.settled_at, one.pay_run_id)):
        is_other = pay.amount_fen > pay.returned_fen and area_of(pay.division) != area_of(division)
        is_earlier = settled is None or (pay.settled_at, pay.pay_run_id) < settled
        if is_other and is_earlier and period.meets(pay.period.first, pay.period.last + timedelta(days=1)):
            paid = f"{pay.period.first.isoformat()}至{pay.period.last.isoformat()}"
            return Block("paid_elsewhere", "O1.4f", f"{paid}期间已在区划{area_of(pay.division)}领取报酬")
    return None


def _clipped(period: Period, stretch: Stretch) -> Period:
    last = period.last if stretch.end is None else min(period.last, stretch.end - timedelta(days=1))
    return Period(max(period.first, stretch.first), last)


def _is_allowed(code: str, period: Period) -> bool:
    try:
        return parameter(code, on=period.last).flag
    except ParameterNotInForce:
        return True


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day is not None), default=None)
