"""Readiness over HTTP: what an office lacks of the standard is public. Source: O4.3e, S2."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from common.divisions import parent_of
from common.http import DivisionCode
from registry.deps import AsOf, IsoDay, ReadSession
from registry.offices.service import Standing
from registry.readiness import service
from registry.readiness.schemas import Readiness, ReadinessSummary

router = APIRouter(tags=["readiness"])


@router.get(
    "/offices/{office_id}/readiness",
    summary="一个机构的达标情况",
    description="按 `on` 之日的情况和 `rules_on` 之日的规定即时核算；各项给出规定、现状、条款、依据和原因。无需登录。",
)
async def get_readiness(
    session: ReadSession,
    office_id: UUID,
    on: AsOf,
    rules_on: Annotated[IsoDay | None, Query(description="按该日有效的规定；默认与 on 相同。")] = None,
) -> Readiness:
    """Works out one office's readiness."""
    worked = await service.work_out_readiness(session, office_id=office_id, on=on, rules_on=rules_on or on)
    return Readiness.of(worked.state)


@router.get(
    "/readiness/summary",
    summary="达标汇总",
    description="一个区划的各达标情况机构数、各直接下级和各项标准的情况，截至今日。无需登录。",
)
async def summarise_readiness(
    session: ReadSession, division: Annotated[DivisionCode, Query(description="区划代码。")]
) -> ReadinessSummary:
    """Sums up the readiness below a division."""
    standings: dict[str, list[Standing]] = {}
    for standing in await service.count_standings(session, within=division):
        standings.setdefault(_child_of(division, standing.division), []).append(standing)
    return ReadinessSummary.of(division, standings, await service.count_reasons(session, within=division))


def _child_of(division: str, code: str) -> str:
    """The child of the division that holds the code; the division itself for its own office."""
    child, above = code, parent_of(code)
    while child != division and above not in {division, None}:
        child, above = str(above), parent_of(str(above))
    return child
