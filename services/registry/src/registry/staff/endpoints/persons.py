"""Files of persons: masked; in clear only with a reason."""

from uuid import UUID

from fastapi import APIRouter, Response

from common.http import answer, etag_of
from registry.deps import CurrentActor, IfMatch, ReadSession, Uow
from registry.staff import service
from registry.staff.schemas.persons import (
    PersonAnswer,
    PersonPatch,
    PersonSearch,
    PersonsFound,
    UnmaskBody,
    UnmaskedPerson,
)
from registry.staff.schemas.vault import Vault

router = APIRouter(prefix="/staff-persons", tags=["staff"])


@router.post("/search", summary="按身份号码查找人员", description="本人管辖范围内的人员档案，已脱敏。查找留痕。")
async def search_persons(uow: Uow, actor: CurrentActor, vault: Vault, body: PersonSearch) -> PersonsFound:
    """Finds the files of one person."""
    found = await service.search_persons(uow, vault, actor=actor, id_number=body.id_number)
    return PersonsFound(items=[PersonAnswer.of(one) for one in found])


@router.get("/{person_id}", summary="人员档案", description="已脱敏。管辖范围内没有其岗位的视为不存在。")
async def get_person(
    session: ReadSession, actor: CurrentActor, vault: Vault, person_id: UUID, response: Response
) -> PersonAnswer:
    """Shows one file."""
    found = await service.get_person(session, vault, actor=actor, person_id=person_id)
    response.headers["ETag"] = etag_of(found.version)
    return PersonAnswer.of(found)


@router.patch(
    "/{person_id}",
    response_model=PersonAnswer,
    summary="变更人员档案",
    description="由领导其所在机构的一方变更，须带 If-Match；身份号码不能变更。",
)
async def change_person(
    uow: Uow, actor: CurrentActor, vault: Vault, person_id: UUID, expected_version: IfMatch, body: PersonPatch
) -> Response:
    """Changes a file."""
    found = await service.change_person(
        uow,
        vault,
        actor=actor,
        person_id=person_id,
        expected_version=expected_version,
        changes=body.to_changes(),
        reason=body.reason,
    )
    return answer(PersonAnswer.of(found), version=found.version)


@router.post(
    "/{person_id}/unmask",
    summary="查看人员完整信息",
    description="限领导其所在机构的一方，须说明理由；每次查看均单独留痕，因此不支持 Idempotency-Key。",
)
async def unmask_person(
    uow: Uow, actor: CurrentActor, vault: Vault, person_id: UUID, body: UnmaskBody
) -> UnmaskedPerson:
    """Shows a file in clear."""
    found = await service.unmask_person(uow, vault, actor=actor, person_id=person_id, reason=body.reason)
    return UnmaskedPerson.of(found)
