"""What the acts on a case share: who saw which version, and that nothing is done twice."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Protocol
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from casework.cases.errors import CaseChangedMeanwhile
from casework.cases.schemas import CaseAnswer
from casework.cases.service import CaseView, OnceKey, Remember, SeenCase
from casework.deps import Cipher, Idempotency, IfMatch, Uow
from common.crypto import FieldCipher
from common.errors import DomainError, Forbidden, NotFound
from common.http import answer, claim_sql
from common.uow import UnitOfWork

router = APIRouter(prefix="/cases", tags=["cases"])

ETAG = {"ETag": {"description": "办件的版本，用于 If-Match。", "schema": {"type": "string"}}}
LOCATION = {"Location": {"description": "新办件的地址。", "schema": {"type": "string"}}}
ACTED: dict[str, Any] = {"response_model": CaseAnswer, "responses": {200: {"headers": ETAG}}}
"""What every act on a case answers."""
_CLAIM = claim_sql()


class Work(Protocol):
    """A use case that changes a case."""

    def __call__(
        self, uow: UnitOfWork, *, cipher: FieldCipher, seen: SeenCase, remember: Remember
    ) -> Awaitable[CaseView]:
        """Changes it."""


@dataclass(frozen=True, slots=True)
class CaseRequest:
    """A request to change one case."""

    uow: UnitOfWork
    cipher: FieldCipher
    seen: SeenCase
    key: Idempotency

    async def do(self, work: Work) -> Response:
        """Does the work once, and shows the case as it is then."""

        def begin(remember: Remember) -> Awaitable[CaseView]:
            return work(self.uow, cipher=self.cipher, seen=self.seen, remember=remember)

        return await once(self.uow, self.key, shown, begin)


async def case_request(case_id: UUID, uow: Uow, cipher: Cipher, version: IfMatch, key: Idempotency) -> CaseRequest:
    """The case, the version that the caller saw, and the key of the request."""
    return CaseRequest(uow, cipher, SeenCase(case_id, version), key)


Acting = Annotated[CaseRequest, Depends(case_request, scope="function")]


async def once(
    uow: UnitOfWork,
    key: Idempotency,
    show: Callable[[CaseView], Response],
    work: Callable[[Remember], Awaitable[CaseView]],
) -> Response:
    """Does the work once per key; its answer is kept by the statement that writes.

    The key is looked up only after the work was refused: a repeated request is rare, and meets a changed state.
    Whoever has lost the role or the case meanwhile gets no stored answer; a lost race is not a repetition.
    """
    made: list[Response] = []

    def remember(view: CaseView) -> OnceKey:
        made.append(show(view))
        return OnceKey(_CLAIM, key.row(made[0]))

    try:
        await work(remember)
    except (Forbidden, NotFound, CaseChangedMeanwhile):
        raise
    except DomainError:
        earlier = await key.replay(uow.conn)
        if earlier is None:
            raise
        return earlier
    return made[0]


def shown(view: CaseView) -> Response:
    """The answer about a case."""
    return answer(CaseAnswer.of(view), version=view.case.version)


def created(view: CaseView) -> Response:
    """The answer about a new case."""
    location = f"/casework/v1/cases/{view.case.id}"
    return answer(CaseAnswer.of(view), status=201, version=view.case.version, location=location)
