"""Who does what."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from registry.deps import AsOf, CurrentActor, ReadSession
from registry.staff import service
from registry.staff.schemas.posts import DutyMatrixAnswer
from registry.staff.schemas.vault import Vault

router = APIRouter(prefix="/staff", tags=["staff"])


@router.get(
    "/duty-matrix",
    summary="一岗多责矩阵",
    description="该日在岗人员与职责（O3.2a）：哪些职责无人承担，哪些岗位职责过少（提示）。",
)
async def get_duty_matrix(
    session: ReadSession, actor: CurrentActor, vault: Vault, office_id: Annotated[UUID, Query()], on: AsOf
) -> DutyMatrixAnswer:
    """Shows the matrix of an office."""
    matrix, persons = await service.get_duty_matrix(session, vault, actor=actor, office_id=office_id, on=on)
    return DutyMatrixAnswer.of(office_id, matrix, persons)
