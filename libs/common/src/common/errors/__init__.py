"""Charter: the one hierarchy of domain errors, without HTTP in it; common.http maps each kind once to RFC 9457.

A concrete error is a subclass that names the fact (`CaseAlreadyClosed`) and carries a stable English `code`
and a Chinese `title`. `detail` and `facts` are shown to people and programmes: never personal data.
"""

from collections.abc import Mapping
from typing import ClassVar

JSON = str | int | float | bool | None | list["JSON"] | dict[str, "JSON"]


class DomainError(Exception):
    """A fact that ends a use case; the code is stable within v1, the title is for people.

    Args:
        detail: one Chinese sentence about this occurrence, without personal data.
        clause: the clause of the policy that a rule cites (clauses.md), when a rule refused.
        facts: further members of the problem document (JSON values).
    """

    code: ClassVar[str] = "internal.error"
    title: ClassVar[str] = "系统内部错误"
    default_clause: ClassVar[str | None] = None

    def __init__(self, detail: str = "", *, clause: str | None = None, **facts: JSON) -> None:
        super().__init__(f"{self.code}: {detail}" if detail else self.code)
        self.detail = detail or self.title
        self.clause = clause or self.default_clause
        self.facts: Mapping[str, JSON] = facts


class Invalid(DomainError):
    """The request itself is malformed (400)."""

    code = "request.invalid"
    title = "请求无效"


class Unauthenticated(DomainError):
    """Nobody is known behind the request (401)."""

    code = "auth.unauthenticated"
    title = "未登录或登录已失效"


class Forbidden(DomainError):
    """The actor is known and may not do this (403)."""

    code = "auth.forbidden"
    title = "无权进行此操作"


class NotFound(DomainError):
    """There is no such thing, or none that the actor may see (404)."""

    code = "request.not-found"
    title = "未找到"


class Conflict(DomainError):
    """The state of the thing does not allow it now (409)."""

    code = "request.conflict"
    title = "与当前状态冲突"


class PreconditionFailed(DomainError):
    """The caller's picture of the thing is stale (412)."""

    code = "request.if-match-stale"
    title = "数据已被他人修改"


class PreconditionRequired(DomainError):
    """The caller must say which version it saw (428)."""

    code = "request.precondition-required"
    title = "缺少前提条件"


class Rejected(DomainError):
    """A rule says no (422); the clause names the rule where the policy is its source."""

    code = "request.rejected"
    title = "不符合规定"


class TooMany(DomainError):
    """The caller asks too often (429); the fact `retry_after_seconds` says when to ask again."""

    code = "request.too-many"
    title = "请求过于频繁，请稍后再试"


class Unavailable(DomainError):
    """A part that is needed does not answer now; the same request may succeed later (503)."""

    code = "service.unavailable"
    title = "服务暂不可用"
