"""Who is behind the request: the bearer token's actor, as a dependency."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.openapi.models import HTTPBearer as BearerScheme
from fastapi.security.base import SecurityBase
from starlette.requests import Request

from common.auth import ROLE_LABELS, Actor, TokenMissing
from common.divisions import LEVEL_LABELS
from common.http.models import AnswerModel, Labelled
from common.http.parts import parts_of

_PREFIX = "bearer "


class BearerActor(SecurityBase):
    """Reads and verifies the bearer token; documents itself in OpenAPI."""

    def __init__(self) -> None:
        self.model = BearerScheme(bearerFormat="JWT", description="OIDC 身份提供方签发的访问令牌。")
        self.scheme_name = "bearer"

    async def __call__(self, request: Request) -> Actor:
        """The actor.

        Raises:
            TokenMissing: no bearer token; TokenInvalid, TokenExpired, KeysUnavailable as the verifier says.
        """
        header = request.headers.get("authorization", "")
        if header[: len(_PREFIX)].lower() != _PREFIX:
            raise TokenMissing
        return await parts_of(request.app).verifier.verify(header[len(_PREFIX) :].strip())


bearer_actor = BearerActor()

CurrentActor = Annotated[Actor, Depends(bearer_actor)]
"""The actor behind the request; an endpoint that names it answers 401 without one."""


class Me(AnswerModel):
    """The actor as the frontend needs it."""

    subject: str
    name: str
    office_id: UUID | None
    level: Labelled | None
    division: str | None
    roles: list[Labelled]


me_router = APIRouter(tags=["me"])


@me_router.get(
    "/me", summary="当前登录人", description="令牌所代表的登录人：所属机构、层级、区划与角色（代码与名称）。"
)
async def get_me(actor: CurrentActor) -> Me:
    """Tells a frontend who is logged in, with codes and labels."""
    has_division = bool(actor.division)
    return Me(
        subject=actor.subject,
        name=actor.name,
        office_id=actor.office_id,
        level=Labelled(code=actor.level.value, label=LEVEL_LABELS[actor.level]) if has_division else None,
        division=actor.division or None,
        roles=[Labelled(code=role.value, label=ROLE_LABELS[role]) for role in sorted(actor.roles)],
    )
