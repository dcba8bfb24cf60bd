"""The statements: what one of them writes, in which order, and which index answers a list."""

import asyncio
import json
import random
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from casework.cases import domain
from casework.cases.domain import ApplicantKind, CaseStatus
from casework.cases.repository import CaseFilter, Cases, OnceKey
from casework.clock.domain import Calendar
from common.audit import AuditEntry
from common.contracts.casework import CASE_TOPIC, CaseState
from common.contracts.casework.cases import CaseTerms, Limit
from common.divisions import subtree_range
from common.ids import uuid7
from common.testing.persons import synthetic_person

EVERYWHERE = ("440000000000", "449999999999")
AT = datetime(2026, 11, 20, 1, 2, 3, 456789, tzinfo=UTC)
TERMS = CaseTerms(
    handling="immediate", steps=("undertaking",), starts="accepted", acceptance=Limit(value=5, unit="working_days")
)
CALENDAR = Calendar(1, ())
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def person(number: int = 1) -> domain.Applicant:
    somebody = synthetic_person(number)
    return domain.make_applicant(
        kind=ApplicantKind.NATURAL_PERSON, name=somebody.name, id_number=somebody.id_number, uscc_code=None,
        phone=somebody.phone, on=date(2026, 11, 20),
    )  # fmt: skip


def fresh(division: str) -> domain.Case:
    counter = domain.Counter(division, uuid7(), None, "900001000001", random.randrange(10**8))
    return domain.register(
        case_id=uuid7(), counter=counter, item_code="E06", duty="employment_services", terms=TERMS,
        applicant_kind=ApplicantKind.NATURAL_PERSON, by="agent-1", at=AT, calendar=CALENDAR,
    )  # fmt: skip


def accepted_of(case: domain.Case) -> domain.Case:
    return domain.accept(case, by="agent-1", at=AT, calendar=CALENDAR)


def told(case: domain.Case) -> dict[str, object]:
    entry = AuditEntry(
        "agent-1", case.division, "casework.case.test", "casework.case", str(case.id), case.division, None, "t"
    )
    return {
        "audit": entry,
        "topic": CASE_TOPIC,
        "event": domain.event_of(case, before=None if case.version == 1 else CaseStatus.REGISTERED, traceparent=TRACE),
    }


@pytest.fixture
async def conn(context):
    async with context.db.autocommit() as connection:
        yield connection


@pytest.fixture
def cases(conn, cipher) -> Cases:
    return Cases(conn, cipher)


async def added(cases: Cases, division: str, once: OnceKey | None = None) -> domain.Case:
    case = fresh(division)
    written = await cases.add(case, person(), **told(case), once=once)
    assert (written.is_first, written.is_done) == (True, True)
    return case


async def test_one_statement_writes_the_row_its_entry_and_its_event(cases, conn, world):
    case = await added(cases, world.VILLAGE)
    stored = await cases.find(case.id, bounds=EVERYWHERE)
    assert (stored.case, stored.applicant, stored.item_name) == (case, person(), "求职登记")
    event = await conn.fetchrow("SELECT * FROM outbox")
    assert CaseState.model_validate_json(event["data"]).registered_at == AT
    assert json.loads(event["data"])["registered_at"] == "2026-11-20T09:02:03.456789+08:00"
    sent = {name: event[name] for name in ("topic", "type", "source", "subject", "partitionkey", "level", "division")}
    assert sent == {
        "topic": "jiceng.casework.case.v1",
        "type": "casework.case.registered.v1",
        "source": "/jiceng/casework",
        "subject": str(case.id),
        "partitionkey": str(case.id),
        "level": "village",
        "division": world.VILLAGE,
    }
    assert (event["recordversion"], event["time"], event["traceparent"]) == (1, AT, TRACE)
    entry = await conn.fetchrow("SELECT * FROM audit_entries")
    assert (entry["actor"], entry["action"], entry["object_id"]) == ("agent-1", "casework.case.test", str(case.id))
    assert entry["xid"] == event["xid"]


async def test_a_change_writes_the_next_version_or_nothing_at_all(cases, conn, world):
    case = await added(cases, world.VILLAGE)
    accepted = accepted_of(case)
    below = subtree_range(world.NEIGHBOUR)
    for number, (next_case, bounds, is_done) in enumerate(
        [(accepted, below, False), (accepted, EVERYWHERE, True), (accepted, EVERYWHERE, False)]
    ):
        written = await cases.change(next_case, bounds=bounds, **told(next_case), once=None)
        assert (number, written.is_first, written.is_done) == (number, True, is_done)
    assert (await cases.find(case.id, bounds=EVERYWHERE)).case == accepted
    counts = await conn.fetchrow("SELECT (SELECT count(*) FROM outbox) AS o, (SELECT count(*) FROM audit_entries) AS a")
    assert tuple(counts) == (2, 2)


async def test_a_request_done_before_writes_nothing(cases, conn, world):
    await conn.execute("CREATE TABLE once (key text PRIMARY KEY)")
    once = OnceKey("INSERT INTO once VALUES ($1) ON CONFLICT DO NOTHING RETURNING 1", ("k",))
    case = await added(cases, world.VILLAGE, once)
    again = fresh(world.VILLAGE)
    written = await cases.add(again, person(), **told(again), once=once)
    assert (written.is_first, written.is_done) == (False, False)
    accepted = accepted_of(case)
    written = await cases.change(accepted, bounds=EVERYWHERE, **told(accepted), once=once)
    assert (written.is_first, written.is_done) == (False, False)
    assert await conn.fetchval("SELECT count(*) FROM outbox") == 1


async def test_outbox_ids_follow_the_versions_of_a_case_however_many_writers_there_are(context, cipher, world):
    async with context.db.autocommit() as connection:
        case = await added(Cases(connection, cipher), world.VILLAGE)

    async def push() -> None:
        done = 0
        while done < 8:
            async with context.db.transaction() as connection:
                cases = Cases(connection, cipher)
                now = (await cases.find(case.id, bounds=EVERYWHERE)).case
                following = domain.Case(**{**vars_of(now), "version": now.version + 1})
                written = await cases.change(following, bounds=EVERYWHERE, **told(following), once=None)
                await asyncio.sleep(random.random() * 0.003)
                done += written.is_done

    await asyncio.gather(push(), push(), push())
    async with context.db.autocommit() as connection:
        rows = await connection.fetch("SELECT recordversion FROM outbox ORDER BY id")
    assert [row["recordversion"] for row in rows] == list(range(1, 26))


def vars_of(case: domain.Case) -> dict[str, object]:
    return {name: getattr(case, name) for name in case.__slots__}


async def test_a_case_without_a_phone_has_none(cases, world):
    case = fresh(world.VILLAGE)
    silent = domain.Applicant(ApplicantKind.NATURAL_PERSON, "测试", synthetic_person(1).id_number)
    await cases.add(case, silent, **told(case), once=None)
    assert (await cases.find(case.id, bounds=EVERYWHERE)).applicant == silent


# --- lists -------------------------------------------------------------------------------------------------------


async def crowd(conn) -> None:
    """40,000 cases over 400 villages of 40 towns in 10 counties, nine of ten closed."""
    await conn.execute(
        """
        INSERT INTO cases (id, version, division, level, office_id, item_code, duty, applicant_kind, applicant_name,
            applicant_identifier, applicant_index, status, registered_at, closing_result, changed_at, case_number,
            channel, handling, is_deemed_accepted, is_due_provisional, holder, holder_division, due_on, file)
        SELECT gen_random_uuid(), 1,
            '4403' || lpad((n % 10 + 1)::text, 2, '0') || lpad((n / 10 % 4 + 1)::text, 3, '0') || lpad((n / 40 % 10 + 1)::text, 3, '0'),
            'village', gen_random_uuid(), 'B01', 'social_insurance', 'natural_person', '', '',
            decode(lpad(to_hex(n % 20000), 64, '0'), 'hex'), CASE WHEN n % 10 = 0 THEN 'registered' ELSE 'closed' END,
            timestamptz '2026-01-01' + n * interval '1 minute', CASE WHEN n % 10 = 0 THEN NULL ELSE 'granted' END,
            '2026-01-01', n::text, 'window', 'immediate', false, false, 'agent-' || n % 1000, '440301001001',
            CASE WHEN n % 10 = 0 THEN date '2026-11-01' + n % 30 END, '{}'
        FROM generate_series(1, 40000) AS n
        """
    )
    await conn.execute("VACUUM (ANALYZE) cases")


class Explaining:
    """A connection that explains what it is asked to fetch."""

    def __init__(self, conn) -> None:
        self._conn = conn
        self.plan = ""
        self.buffers = 0

    async def fetch(self, sql: str, *values: object) -> list[object]:
        explained = await self._conn.fetchval("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql, *values)
        top = explained[0]["Plan"]
        self.plan, self.buffers = json.dumps(explained), top["Shared Hit Blocks"] + top["Shared Read Blocks"]
        return []


async def test_every_list_is_answered_by_an_index_with_few_pages(conn, cipher):
    await crowd(conn)
    explaining = Explaining(conn)
    cases = Cases(explaining, cipher)
    after = (datetime(2026, 1, 20, tzinfo=UTC), UUID(int=0))
    scopes = ("440000000000", "440300000000", "440301000000", "440301001000", "440301001001")
    for scope in scopes:
        for status in (None, CaseStatus.REGISTERED, CaseStatus.ACCEPTED):
            for position in (None, after):
                chosen = CaseFilter(subtree_range(scope), status=status)
                await cases.page(chosen, after=position, limit=51, newest_first=True)
                where = (scope, status, position, explaining.buffers, explaining.plan)
                assert '"Relation Name": "cases"' in explaining.plan, where
                assert '"Node Type": "Seq Scan"' not in explaining.plan, where
                assert explaining.buffers < 1600, where
    one = CaseFilter(subtree_range(scopes[0]), indexes=(bytes(31) + b"\x07",))
    await cases.page(one, after=None, limit=51, newest_first=True)
    assert "ix_cases_applicant_index" in explaining.plan
    assert explaining.buffers < 60


async def test_pages_of_any_size_hold_every_case_once_even_when_many_have_the_same_instant(cases, conn, world):
    ids = [(await added(cases, world.VILLAGE)).id for _ in range(11)]
    for newest_first in (True, False):
        for limit in (1, 2, 3, 11, 20):
            seen, after = [], None
            while True:
                part = await cases.page(CaseFilter(EVERYWHERE), after=after, limit=limit, newest_first=newest_first)
                seen += [stored.case.id for stored in part]
                if len(part) < limit:
                    break
                after = (part[-1].case.registered_at, part[-1].case.id)
            assert seen == sorted(ids, reverse=newest_first)


async def test_what_the_release_before_writes_meanwhile_can_be_gone_on_with(cases, conn, world):
    """Source: O4.3b."""
    case_id = uuid7()
    sealed = [
        cases._cipher.encrypt(one, context=f"casework.case.{name}:{case_id}")
        for name, one in (("applicant_name", "测试"), ("applicant_identifier", synthetic_person(1).id_number))
    ]
    await conn.execute(
        "INSERT INTO cases (id, version, division, level, office_id, item_code, duty, applicant_kind, applicant_name, "
        "applicant_identifier, applicant_index, status, registered_at) VALUES ($1, 1, $2, 'village', $3, 'E06', "
        "'employment_services', 'natural_person', $4, $5, '', 'registered', $6)",
        case_id, world.VILLAGE, uuid7(), *sealed, AT,
    )  # fmt: skip
    await conn.execute("UPDATE cases SET version = 2, status = 'accepted', accepted_at = $2 WHERE id = $1", case_id, AT)
    case = (await cases.find(case_id, bounds=EVERYWHERE)).case
    assert (case.holder.account, case.file.offer.division) == (f"office:{world.VILLAGE}", world.VILLAGE)
    taken = domain.take(case, by="agent-1", division=world.VILLAGE, at=AT)
    closed = domain.close(taken, result=domain.ClosingResult.OTHER, by="agent-1", at=AT, calendar=CALENDAR)
    assert closed.status is CaseStatus.CLOSED
    assert case.case_number.startswith("JC-")
