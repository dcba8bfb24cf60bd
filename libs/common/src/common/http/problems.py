"""RFC 9457 documents: the one form of every error answer."""

import json
import re
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from common.errors import (
    JSON,
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    Rejected,
    TooMany,
    Unauthenticated,
    Unavailable,
)
from common.telemetry import current_trace_id, redact_text

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER_SECONDS = 2

_STATUS: Mapping[type[DomainError], int] = {
    Invalid: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    PreconditionFailed: 412,
    Rejected: 422,
    PreconditionRequired: 428,
    TooMany: 429,
    Unavailable: 503,
}
_CODE = "jiceng.problem_code"
_SAFE_SEGMENT = re.compile(r"[A-Za-z0-9._~-]{1,64}")


class ProblemResponse(Response):
    """An answer of type application/problem+json."""

    media_type = PROBLEM_JSON


def status_of(error: DomainError) -> int:
    """The status of an error: its own where HTTP knows it, otherwise that of its kind."""
    own = getattr(error, "status", None)
    if isinstance(own, int):
        return own
    return next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 500)


def problem_of(error: DomainError, scope: Scope) -> ProblemResponse:
    """The answer for an error. Facts never replace the standard members."""
    status = status_of(error)
    members: dict[str, JSON] = dict(error.facts)
    if error.clause is not None:
        members["clause"] = error.clause
    return problem(scope, status, error.code, error.title, error.detail, members, _headers(error, status))


def problem(
    scope: Scope,
    status: int,
    code: str,
    title: str,
    detail: str | None = None,
    members: Mapping[str, JSON] | None = None,
    headers: Mapping[str, str] | None = None,
) -> ProblemResponse:
    """The answer itself; `instance` is the path as far as it cannot hold personal data, without the query."""
    scope[_CODE] = code
    document: dict[str, JSON] = {
        **(members or {}),
        "type": f"urn:jiceng:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail or title,
        "instance": safe_path(scope["path"]),
        "code": code,
        "trace_id": current_trace_id(),
    }
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=str).encode("utf-8", "replace")
    return ProblemResponse(body, status, headers=dict(headers) if headers else None)


def problem_code(scope: Scope) -> str | None:
    """The code of the problem that this request was answered with, for its log line."""
    code = scope.get(_CODE)
    return code if isinstance(code, str) else None


def safe_path(path: str) -> str:
    """The path with every segment that could be more than an identifier replaced by a star."""
    return "/".join(
        segment if not segment or (_SAFE_SEGMENT.fullmatch(segment) and redact_text(segment) == segment) else "*"
        for segment in path.split("/")
    )


async def answer_domain_error(request: Request, error: Any) -> Response:
    """The handler of every DomainError."""
    return problem_of(error, request.scope)


def _headers(error: DomainError, status: int) -> dict[str, str] | None:
    if isinstance(error, Unauthenticated):
        known = "" if error.code == "auth.token-missing" else ', error="invalid_token"'
        return {"WWW-Authenticate": f'Bearer realm="jiceng"{known}'}
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.facts.get("retry_after_seconds", RETRY_AFTER_SECONDS))}
    if status == 503:  # noqa: PLR2004 - the one status that invites another try
        return {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return None
