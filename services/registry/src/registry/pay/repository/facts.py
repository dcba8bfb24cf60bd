"""SQL of what is known of persons in the whole province, by pseudonym."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, cast, delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from common.contracts.registry.money import PayRecoveryState, PayRunState
from common.contracts.registry.people import PublicEmployeeState, StaffMemberState
from common.db import Connection
from registry.pay.domain import PayFact, Period, PersonFacts, PostFact, RosterFact
from registry.pay.models import PayCheck, ProvincePay, ProvincePost, ProvinceReturn, ProvinceRosterEntry

_LOCK_CLASS = 0x7061
_BUCKETS = 64
_PAY_NAMES = ("pay_run_id", "staff_member_id", "version", "pseudonym", "office_id", "division")

_INSERT_POSTS = """
INSERT INTO province_posts (id, version, pseudonym, office_id, division, staff_type, is_public_employee, effective_on,
                            started_on, ended_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING
"""
_PUT_ROSTER = """
INSERT INTO province_public_employees AS t (id, version, pseudonym, division, employed_from, employed_to)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (id) DO UPDATE SET version = excluded.version, pseudonym = excluded.pseudonym,
    division = excluded.division, employed_from = excluded.employed_from, employed_to = excluded.employed_to
WHERE t.version < excluded.version
"""
_PUT_PAYS = """
INSERT INTO province_pay AS t (pay_run_id, staff_member_id, version, pseudonym, office_id, division, period_from,
                               period_to, amount_fen, settled_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (pay_run_id, staff_member_id) DO UPDATE SET version = excluded.version, office_id = excluded.office_id,
    division = excluded.division
WHERE t.version < excluded.version
"""
_INSERT_RETURNS = """
INSERT INTO province_returns (id, pay_run_id, staff_member_id, pseudonym, amount_fen)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Checks:
    """What is to be looked through: persons, cases, offices."""

    pseudonyms: frozenset[str]
    cases: frozenset[UUID]
    offices: frozenset[UUID]

    def __len__(self) -> int:
        """How much there is."""
        return len(self.pseudonyms) + len(self.cases) + len(self.offices)


class Facts:
    """Posts, rosters and settled pay of persons."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def hold(self, pseudonyms: Collection[str]) -> None:
        """Makes settlements of the same persons, and checks of them, follow one another until the transaction ends."""
        for bucket in sorted({int(pseudonym[:8], 16) % _BUCKETS for pseudonym in pseudonyms}):
            locked = text("SELECT pg_advisory_xact_lock(:class, :bucket)")
            await self._session.execute(locked, {"class": _LOCK_CLASS, "bucket": bucket})

    async def of(self, pseudonyms: Collection[str]) -> dict[str, PersonFacts]:
        """What events have told of the persons."""
        posts: dict[str, set[PostFact]] = {one: set() for one in pseudonyms}
        roster: dict[str, set[RosterFact]] = {one: set() for one in pseudonyms}
        pays: dict[str, set[PayFact]] = {one: set() for one in pseudonyms}
        for post in await self._session.scalars(select(ProvincePost).where(ProvincePost.pseudonym.in_(pseudonyms))):
            posts[post.pseudonym].add(_post(post))
        entries = select(ProvinceRosterEntry).where(ProvinceRosterEntry.pseudonym.in_(pseudonyms))
        for entry in await self._session.scalars(entries.execution_options(populate_existing=True)):
            roster[entry.pseudonym].add(_entry(entry))
        returned = await self._returned(pseudonyms)
        paid = select(ProvincePay).where(ProvincePay.pseudonym.in_(pseudonyms))
        for pay in await self._session.scalars(paid.execution_options(populate_existing=True)):
            pays[pay.pseudonym].add(_pay(pay, returned.get((pay.pay_run_id, pay.staff_member_id), 0)))
        return {
            one: PersonFacts(frozenset(posts[one]), frozenset(roster[one]), frozenset(pays[one])) for one in pseudonyms
        }

    async def _returned(self, pseudonyms: Collection[str]) -> dict[tuple[UUID, UUID], int]:
        """What has come back, by run and post."""
        line = (ProvinceReturn.pay_run_id, ProvinceReturn.staff_member_id)
        query = select(*line, cast(func.sum(ProvinceReturn.amount_fen), BigInteger))
        rows = await self._session.execute(query.where(ProvinceReturn.pseudonym.in_(pseudonyms)).group_by(*line))
        return {(run, staff): fen for run, staff, fen in rows}

    async def roster_by_id(self, ids: Collection[UUID]) -> dict[UUID, RosterFact]:
        """Entries of rosters by id."""
        query = select(ProvinceRosterEntry).where(ProvinceRosterEntry.id.in_(ids))
        rows = await self._session.scalars(query.execution_options(populate_existing=True))
        return {row.id: _entry(row) for row in rows}

    async def take_checks(self, limit: int) -> Checks:
        """Persons, cases and offices to be looked through; whoever takes them looks, or rolls back."""
        oldest = select(PayCheck.id).order_by(PayCheck.id).limit(limit).with_for_update(skip_locked=True)
        columns = (PayCheck.pseudonym, PayCheck.case_id, PayCheck.office_id)
        taken = delete(PayCheck).where(PayCheck.id.in_(oldest)).returning(*columns)
        rows = (await self._session.execute(taken)).all()
        persons = frozenset(one for one, _, _ in rows if one is not None)
        cases = frozenset(one for _, one, _ in rows if one is not None)
        offices = frozenset(one for _, _, one in rows if one is not None)
        return Checks(persons, cases, offices)


def post_of(state: StaffMemberState) -> PostFact:
    """A version of a post as the guard reads it."""
    return PostFact(
        id=state.id,
        version=state.version,
        pseudonym=state.pseudonym,
        office_id=state.office_id,
        division=state.division,
        staff_type=state.staff_type,
        is_public_employee=state.is_public_employee,
        effective_on=state.effective_on,
        started_on=state.started_on,
        ended_on=state.ended_on,
    )


def roster_of(state: PublicEmployeeState) -> RosterFact:
    """An entry of a roster as the guard reads it."""
    return RosterFact(state.id, state.version, state.pseudonym, state.division, state.employed_from, state.employed_to)


def pays_of(run: PayRunState) -> list[PayFact]:
    """What a settled run has paid to each person; nothing while it is a draft."""
    if run.status != "settled" or run.settled_at is None:
        return []
    period = Period(run.period_from, run.period_to)
    place = (run.office_id, run.division, period)
    return [
        PayFact(run.id, line.staff_member_id, run.version, line.pseudonym, *place, line.amount_fen, run.settled_at)
        for line in run.lines
        if line.amount_fen > 0
    ]


async def insert_posts(conn: Connection, posts: Sequence[PostFact]) -> None:
    """Keeps versions of posts; one that is here already stays as it is."""
    await conn.executemany(
        _INSERT_POSTS,
        [tuple(getattr(post, name) for name in PostFact.__dataclass_fields__) for post in posts],
    )


async def put_roster(conn: Connection, entries: Sequence[RosterFact]) -> None:
    """Keeps the newest version of each entry."""
    await conn.executemany(
        _PUT_ROSTER, [(e.id, e.version, e.pseudonym, e.division, e.employed_from, e.employed_to) for e in entries]
    )


async def put_pays(conn: Connection, pays: Sequence[PayFact]) -> None:
    """Keeps what settled runs have paid."""
    await conn.executemany(
        _PUT_PAYS,
        [
            (
                *(getattr(pay, name) for name in _PAY_NAMES),
                pay.period.first,
                pay.period.last,
                pay.amount_fen,
                pay.settled_at,
            )
            for pay in pays
        ],
    )


async def insert_returns(conn: Connection, recoveries: Sequence[PayRecoveryState]) -> None:
    """Keeps what recoveries have brought back; one that is open or waived has brought nothing."""
    await conn.executemany(
        _INSERT_RETURNS,
        [
            (one.id, one.pay_run_id, one.staff_member_id, one.pseudonym, one.amount_fen)
            for one in recoveries
            if one.status == "recovered"
        ],
    )


async def insert_checks(
    conn: Connection,
    *,
    pseudonyms: Collection[str] = (),
    cases: Collection[UUID] = (),
    offices: Collection[UUID] = (),
) -> None:
    """Asks for settled pay to be looked through; the one who looks waits for settlements under way."""
    rows: list[tuple[Any, Any, Any]] = [(one, None, None) for one in sorted(set(pseudonyms))]
    rows += [(None, case, None) for case in sorted(set(cases))]
    rows += [(None, None, office) for office in sorted(set(offices))]
    names = ("pseudonym", "case_id", "office_id")
    await conn.copy_records_to_table("pay_checks", records=rows, columns=names)


def _post(row: ProvincePost) -> PostFact:
    return PostFact(**{name: getattr(row, name) for name in PostFact.__dataclass_fields__})


def _entry(row: ProvinceRosterEntry) -> RosterFact:
    return RosterFact(row.id, row.version, row.pseudonym, row.division, row.employed_from, row.employed_to)


def _pay(row: ProvincePay, returned_fen: int) -> PayFact:
    return PayFact(
        row.pay_run_id,
        row.staff_member_id,
        row.version,
        row.pseudonym,
        row.office_id,
        row.division,
        Period(row.period_from, row.period_to),
        row.amount_fen,
        row.settled_at,
        returned_fen,
    )
