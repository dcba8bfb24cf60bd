"""What is wrong with a request before any use case sees it. Only these carry an HTTP status of their own."""

from typing import ClassVar

from common.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    Unauthenticated,
    Unavailable,
)

__all__ = [
    "BodyTooLarge",
    "CursorInvalid",
    "Forbidden",
    "IdempotencyInProgress",
    "IdempotencyKeyInvalid",
    "IdempotencyKeyRequired",
    "IdempotencyKeyReused",
    "IfMatchInvalid",
    "IfMatchRequired",
    "IfMatchStale",
    "MalformedJson",
    "MalformedUrl",
    "MethodNotAllowed",
    "RequestRefused",
    "RouteNotFound",
    "ServiceBusy",
    "ServiceStopping",
    "Unauthenticated",
    "UnsupportedMediaType",
]


class RequestRefused(Invalid):
    """HTTP itself knows this refusal; the status stands on the class."""

    status: ClassVar[int] = 400


class RouteNotFound(NotFound):
    """No such address."""

    code = "request.route-not-found"
    title = "请求的地址不存在"


class MethodNotAllowed(RequestRefused):
    """The address exists, the method does not."""

    code = "request.method-not-allowed"
    title = "请求方法不受支持"
    status = 405


class BodyTooLarge(RequestRefused):
    """The body is larger than the service takes."""

    code = "request.body-too-large"
    title = "请求内容过大"
    status = 413


class UnsupportedMediaType(RequestRefused):
    """The body is not declared as JSON."""

    code = "request.unsupported-media-type"
    title = "请求内容类型不受支持，应为 application/json"
    status = 415


class MalformedJson(Invalid):
    """The body is no JSON document: syntax, encoding, depth or size of numbers."""

    code = "request.malformed-json"
    title = "请求内容不是合法的 JSON"


class MalformedUrl(Invalid):
    """The address holds characters that no text column can hold."""

    code = "request.malformed-url"
    title = "请求地址包含非法字符"


class IfMatchRequired(PreconditionRequired):
    """A write must say which version it saw."""

    code = "request.if-match-required"
    title = "缺少 If-Match 请求头"


class IfMatchInvalid(Invalid):
    """If-Match is not one of our entity tags."""

    code = "request.if-match-invalid"
    title = "If-Match 请求头格式不正确"


class IfMatchStale(PreconditionFailed):
    """Somebody else has changed the thing meanwhile."""

    code = "request.if-match-stale"
    title = "数据已被他人修改，请刷新后重试"


class IdempotencyKeyRequired(PreconditionRequired):
    """A creating request must carry a key, so that it can be sent again without harm."""

    code = "request.idempotency-key-required"
    title = "缺少 Idempotency-Key 请求头"


class IdempotencyKeyInvalid(Invalid):
    """The key is too long, has odd characters, or looks like personal data."""

    code = "request.idempotency-key-invalid"
    title = "Idempotency-Key 请求头格式不正确"


class IdempotencyKeyReused(Conflict):
    """The key belongs to another request."""

    code = "request.idempotency-key-reused"
    title = "Idempotency-Key 已用于其他请求"


class IdempotencyInProgress(Conflict):
    """The first request with this key has not ended yet."""

    code = "request.idempotency-in-progress"
    title = "相同请求正在处理中，请稍后重试"


class CursorInvalid(Invalid):
    """The cursor was not made by this list with these filters."""

    code = "request.cursor-invalid"
    title = "分页游标无效"


class ServiceBusy(Unavailable):
    """A lock, a deadlock or a time limit ended the work; nothing of it remains."""

    code = "service.busy"
    title = "系统繁忙，请稍后重试"


class ServiceStopping(Unavailable):
    """The process was told to end and the request took longer than the grace; a key makes sending it again safe."""

    code = "service.stopping"
    title = "服务正在停止，请稍后重试"
