"""What other services and other sites tell: closed cases become tasks, posts and rosters become facts of the guard."""

from collections.abc import Sequence

from common.clock import beijing_day
from common.consumer import Delivered, PoisonMessage, newest
from common.contracts import registry
from common.contracts.casework import CASE_TOPIC, CASE_TYPES, CaseState
from common.contracts.registry import OfficeState
from common.contracts.registry.money import PayRecoveryState, PayRunState
from common.contracts.registry.people import PublicEmployeeState, StaffMemberState
from common.db import Connection
from common.divisions import Level
from registry.pay.domain import TaskStatus, is_claim
from registry.pay.service import Claim, keep_facts, keep_tasks

TASK_TOPICS = (CASE_TOPIC,)
TASK_TYPES = CASE_TYPES
_MODELS = (StaffMemberState, PublicEmployeeState, PayRunState, PayRecoveryState, OfficeState)
_FACTS = tuple(registry.record_of(model) for model in _MODELS)
FACT_TOPICS = tuple(record.topic for record in _FACTS)
FACT_TYPES = tuple(record.type for record in _FACTS)


async def keep_cases(conn: Connection, batch: Sequence[Delivered]) -> None:
    """Keeps one task for every case that a station has closed; a correction takes the task back.

    Source: O1.4f.

    Idempotency: older and equal versions of a case change nothing.
    """
    cases = [one.data for one in newest(batch) if isinstance(one.data, CaseState) and one.data.level is Level.VILLAGE]
    claims = [_claim(case) for case in cases if case.status == "closed"]
    reopened = [(case.id, case.version) for case in cases if case.status != "closed"]
    await keep_tasks(conn, claims=claims, reopened=reopened)


async def keep_province(conn: Connection, batch: Sequence[Delivered]) -> None:
    """Keeps what is known of persons by pseudonym, of all sites, and has settled pay looked through.

    Source: O1.4g.

    Where an office changed, its unpaid tasks are looked at.

    Idempotency: every version of a post is kept once; of rosters and runs the newest.
    """
    states = [delivered.data for delivered in batch]
    await keep_facts(
        conn,
        posts=[state for state in states if isinstance(state, StaffMemberState)],
        roster=[state for state in states if isinstance(state, PublicEmployeeState)],
        runs=[state for state in states if isinstance(state, PayRunState)],
        recoveries=[state for state in states if isinstance(state, PayRecoveryState)],
        offices=sorted({state.id for state in states if isinstance(state, OfficeState)}),
    )


def _claim(case: CaseState) -> Claim:
    if case.closed_at is None:
        raise PoisonMessage("registry.case-not-closed", "办结的办件没有办结时间")
    try:
        closed_on = beijing_day(case.closed_at)
    except OverflowError:
        raise PoisonMessage("registry.time-out-of-range", "办结时间超出范围") from None
    return Claim(
        case_id=case.id,
        case_version=case.version,
        office_id=case.office_id,
        division=case.division,
        item_code=case.item_code,
        duty=case.duty,
        closed_at=case.closed_at,
        closed_on=closed_on,
        handler=case.handled_by,
        status=(TaskStatus.OPEN if is_claim(case) else TaskStatus.WITHDRAWN).value,
    )
