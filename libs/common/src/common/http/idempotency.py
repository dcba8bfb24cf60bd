"""Idempotency-Key: a creating request may be sent again without harm.

The key is claimed, and the answer stored, in the same transaction as the write. A concurrent duplicate waits on the
unique row, then gets the first one's answer; if the first rolled back, the second does the work. Source: ADR 0007.

A body may hold somebody's number, and of such a body a bare hash could be tried out. So where the service has keys of
personal data, what is stored is the hash under them. Source: ADR 0005.
"""

import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import asyncpg
from fastapi import Depends, Header
from starlette.requests import Request
from starlette.responses import Response

from common.crypto import FieldCipher
from common.db import Connection
from common.http.answers import json_answer
from common.http.errors import (
    IdempotencyInProgress,
    IdempotencyKeyInvalid,
    IdempotencyKeyRequired,
    IdempotencyKeyReused,
)
from common.http.identity import CurrentActor
from common.http.parts import parts_of
from common.telemetry import redact_text
from common.uow import UnitOfWork

REPLAYED = "Idempotency-Replayed"
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
"""Chance makes some UUIDs hold what looks like a mobile number; they are nobody's."""
_KEY = re.compile(r"[\x21-\x7e]{1,128}")
_KEPT_HEADERS = ("location", "etag")
_DIGEST_CONTEXT = "common.http.idempotency.request"
_COLUMNS = "(actor_subject, key, route, request_digest, status, headers, body)"

_CLAIM = (
    "INSERT INTO idempotency_keys (actor_subject, key, route, request_digest) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT ON CONSTRAINT pk_idempotency_keys DO NOTHING RETURNING 1"
)
_FIND = "SELECT request_digest, status, headers, body FROM idempotency_keys WHERE actor_subject = $1 AND key = $2"
_STORE = "UPDATE idempotency_keys SET status = $3, headers = $4, body = $5 WHERE actor_subject = $1 AND key = $2"
_PURGE = (
    "DELETE FROM idempotency_keys WHERE ctid = ANY(ARRAY("
    "SELECT ctid FROM idempotency_keys WHERE created_at < now() - make_interval(hours => $1) LIMIT $2))"
)


@dataclass(frozen=True, slots=True)
class IdempotentRequest:
    """One request under a key.

    Attributes:
        subject: who sent it; keys of different people never meet.
        key: as sent.
        route: method and path template, for operators.
        digest: of method, address and body, under the service's key where it has one.
        former: the same as it may stand there from before: under keys that were rotated out, or without one.
    """

    subject: str
    key: str
    route: str
    digest: bytes
    former: tuple[bytes, ...] = ()

    async def claim(self, conn: Connection) -> Response | None:
        """None: the key is ours now, do the work and `store` its answer. Otherwise the answer to send again.

        Locks: waits for a transaction that has claimed the same key, at most the lock_timeout of the connection.

        Raises:
            IdempotencyKeyReused: the key belongs to another request (409).
            IdempotencyInProgress: the first one takes longer than the wait (409).
        """
        try:
            claimed = await conn.fetchval(_CLAIM, self.subject, self.key, self.route, self.digest)
        except asyncpg.LockNotAvailableError:
            raise IdempotencyInProgress from None
        return None if claimed else await self.replay(conn)

    async def replay(self, conn: Connection) -> Response | None:
        """The stored answer; None if there is none.

        Raises:
            IdempotencyKeyReused: the key belongs to another request (409).
        """
        row = await conn.fetchrow(_FIND, self.subject, self.key)
        if row is None:
            return None
        if bytes(row["request_digest"]) not in (self.digest, *self.former):
            raise IdempotencyKeyReused
        if row["status"] is None:
            raise IdempotencyInProgress
        headers = {**json.loads(row["headers"]), REPLAYED: "true"}
        return json_answer(row["body"], row["status"], headers)

    async def store(self, conn: Connection, answer: Response) -> None:
        """Keeps the answer to a claimed key; call it last in the transaction."""
        await conn.execute(_STORE, self.subject, self.key, answer.status_code, _kept(answer), bytes(answer.body))

    def row(self, answer: Response) -> tuple[Any, ...]:
        """The seven values of `claim_sql`, for hot paths that claim, write and store in one statement."""
        kept = _kept(answer)
        return (self.subject, self.key, self.route, self.digest, answer.status_code, kept, bytes(answer.body))


def claim_sql(first: int = 1) -> str:
    """The first CTE of a hot path: `WITH claimed AS (<this>), b AS (INSERT … SELECT … FROM claimed) …`.

    When it returns no row nothing else of the statement happens; then answer with `replay`.

    Args:
        first: number of the first of its seven parameters.
    """
    places = ", ".join(f"${number}" for number in range(first, first + 7))
    return (
        f"INSERT INTO idempotency_keys {_COLUMNS} VALUES ({places}) "  # noqa: S608 - numbers and constants only
        "ON CONFLICT ON CONSTRAINT pk_idempotency_keys DO NOTHING RETURNING 1"
    )


async def run_idempotent(
    uow: UnitOfWork, request: IdempotentRequest, work: Callable[[], Awaitable[Response]]
) -> Response:
    """Does the work once per key and gives its answer every time.

    Args:
        uow: the request's transaction.
        request: from the `Idempotency` dependency.
        work: the use case; returns its answer (`answer(model, status=201)`), or raises, and then nothing is kept.
    """
    earlier = await request.claim(uow.conn)
    if earlier is not None:
        return earlier
    response = await work()
    await uow.flush()
    await request.store(uow.conn, response)
    return response


async def purge_idempotency_keys(conn: Connection, *, older_than_hours: int = 168, limit: int = 10_000) -> int:
    """Forgets old keys, a bounded number at a time; returns how many."""
    done = await conn.execute(_PURGE, older_than_hours, limit)
    return int(done.rsplit(" ", 1)[-1])


@dataclass(frozen=True, slots=True)
class RequestUnderKey:
    """A request under a key whose body nobody has read yet: of those whose body is read as a stream.

    Attributes:
        subject: who sent it.
        key: as sent.
        route: method and path template.
        target: method and address, as far as they belong to the digest.
        cipher: of the service; None where it has no keys.
    """

    subject: str
    key: str
    route: str
    target: bytes
    cipher: FieldCipher | None = None

    def over(self, body: bytes) -> IdempotentRequest:
        """The whole request; of a streamed body its digest does for it."""
        bare = hashlib.sha256(self.target + body)
        if self.cipher is None:
            return IdempotentRequest(self.subject, self.key, self.route, bare.digest())
        digest, *others = self.cipher.blind_indexes(bare.hexdigest(), context=_DIGEST_CONTEXT)
        return IdempotentRequest(self.subject, self.key, self.route, digest, (*others, bare.digest()))


async def idempotency_key(
    request: Request,
    actor: CurrentActor,
    key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="客户端为每次新建生成的唯一键（建议 UUID）。相同键、相同内容重复提交返回首次结果。",
        ),
    ] = None,
) -> RequestUnderKey:
    """Dependency: the key of a request, its body untouched.

    Raises:
        IdempotencyKeyRequired: no header (428).
        IdempotencyKeyInvalid: longer than 128 characters, blanks in it, or it looks like personal data (400).
    """
    if key is None or not key.strip():
        raise IdempotencyKeyRequired
    if _KEY.fullmatch(key) is None or (_UUID.fullmatch(key) is None and redact_text(key) != key):
        raise IdempotencyKeyInvalid
    scope = request.scope
    target = f"{scope['method']} {scope['path']}?".encode() + scope["query_string"] + b"\n"
    template = getattr(scope.get("route"), "path_format", scope["path"])
    return RequestUnderKey(
        subject=actor.subject,
        key=key,
        route=f"{scope['method']} {template}",
        target=target,
        cipher=parts_of(request.app).cipher,
    )


async def idempotent_request(
    request: Request, under_key: Annotated[RequestUnderKey, Depends(idempotency_key)]
) -> IdempotentRequest:
    """Dependency: the request under its key; raises as `idempotency_key` does."""
    return under_key.over(await request.body())


UnderKey = Annotated[RequestUnderKey, Depends(idempotency_key)]
Idempotency = Annotated[IdempotentRequest, Depends(idempotent_request)]


def _kept(answer: Response) -> str:
    kept: Mapping[str, str] = {name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers}
    return json.dumps(kept)
