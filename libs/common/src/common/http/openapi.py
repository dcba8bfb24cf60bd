"""The OpenAPI document: stable operation ids, and the problem answers that each operation can really give."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from common.http.conditional import if_match
from common.http.idempotency import idempotency_key
from common.http.identity import bearer_actor
from common.http.problems import PROBLEM_JSON
from common.http.unit import anyone

_WRITES = frozenset({"post", "put", "patch", "delete"})
_REF = "#/components/schemas/Problem"

_DESCRIPTIONS: Mapping[int, str] = {
    400: "请求格式不正确",
    401: "未登录或登录已失效",
    403: "无权操作或超出管辖范围",
    404: "不存在或不可见",
    409: "与当前状态冲突",
    412: "If-Match 已过期",
    413: "请求内容过大",
    415: "请求内容类型不受支持",
    422: "请求内容不符合要求，或不符合规定",
    428: "缺少 If-Match 或 Idempotency-Key",
    500: "系统内部错误",
    503: "服务暂不可用，可稍后重试",
}

_NEEDED_HEADERS: Mapping[str, Any] = {
    "If-Match": {"type": "string", "pattern": '^(W/)?"[1-9][0-9]{0,9}"$', "examples": ['"1"']},
    "Idempotency-Key": {
        "type": "string",
        "pattern": "^[!-~]{1,128}$",
        "examples": ["0190f3d2-7c1a-7b3e-9f00-0242ac120002"],
    },
}
"""Optional to the framework, so that their absence is a 428 and no 422; required for callers."""

PROBLEM_SCHEMAS: Mapping[str, Any] = {
    "FieldError": {
        "title": "FieldError",
        "type": "object",
        "required": ["in", "pointer", "code", "message"],
        "properties": {
            "in": {"type": "string", "enum": ["body", "query", "path", "header", "cookie"]},
            "pointer": {"type": "string", "description": "JSON Pointer；调用方自拟的名称以 * 代替。"},
            "code": {"type": "string", "description": "稳定的英文代码。"},
            "message": {"type": "string", "description": "中文说明，不含所提交的值。"},
        },
    },
    "Problem": {
        "title": "Problem",
        "type": "object",
        "description": "RFC 9457 错误说明；个别错误另有附加成员。",
        "required": ["type", "title", "status", "detail", "instance", "code", "trace_id"],
        "properties": {
            "type": {"type": "string", "description": "urn:jiceng:problem:<code>"},
            "title": {"type": "string", "description": "中文标题。"},
            "status": {"type": "integer"},
            "detail": {"type": "string", "description": "本次错误的说明，不含个人信息。"},
            "instance": {"type": "string", "description": "请求路径（不含查询参数）。"},
            "code": {"type": "string", "description": "稳定的英文代码，例如 request.validation-failed。"},
            "trace_id": {"type": ["string", "null"], "description": "报障时提供此编号。"},
            "clause": {"type": "string", "description": "所依据的条款编号。"},
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}},
        },
        "additionalProperties": True,
    },
}


class DescribedApi(FastAPI):
    """FastAPI whose OpenAPI document tells our problem answers instead of its own validation errors."""

    described: dict[str, Any] | None = None

    def openapi(self) -> dict[str, Any]:
        """The document; made once, when it is first asked for."""
        if self.described is None:
            document = super().openapi()
            routes = {context.unique_id: context for context in iter_route_contexts(self.routes) if _is_api(context)}
            for path in document["paths"].values():
                for method, operation in path.items():
                    _describe(method, operation, routes[operation["operationId"]])
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            for ours in ("HTTPValidationError", "ValidationError"):
                schemas.pop(ours, None)
            schemas.update(PROBLEM_SCHEMAS)
            document = _with_plain_names(document)
            document["components"]["schemas"] = dict(sorted(document["components"]["schemas"].items()))
            self.described = document
        return self.described


def _with_plain_names(document: dict[str, Any]) -> dict[str, Any]:
    """Two features may each have their `AcceptanceBody`: the document calls them by feature, never by module path.

    Raises:
        ValueError: two of them would still bear the same name.
    """
    schemas: dict[str, Any] = document["components"]["schemas"]
    names = {name: _plain_name(name) for name in schemas if "__" in name and not name.startswith("common__")}
    for name in schemas:
        if name.startswith("common__"):
            shown = schemas[name]["properties"]["items"]["items"]["$ref"].rsplit("/", 1)[-1]
            names[name] = f"Page_{names.get(shown, shown)}_"
    if len(set(names.values()) | (set(schemas) - set(names))) != len(schemas):
        msg = "two schemas of the API bear the same name"
        raise ValueError(msg)
    text = json.dumps(document, ensure_ascii=False)
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(f'#/components/schemas/{name}"', f'#/components/schemas/{names[name]}"')
    renamed: dict[str, Any] = json.loads(text)
    renamed["components"]["schemas"] = {
        names.get(name, name): schema for name, schema in renamed["components"]["schemas"].items()
    }
    return renamed


def _plain_name(name: str) -> str:
    """`casework__complaints__schemas__AcceptanceBody` → `ComplaintsAcceptanceBody`."""
    _, feature, *_, own = name.split("__")
    return "".join(word.capitalize() for word in feature.split("_")) + own


def operation_id(route: APIRoute) -> str:
    """`<verb>_<noun>`: the name of the endpoint function."""
    return route.name


def require_unique_operations(app: FastAPI) -> None:
    """Raises ValueError when two endpoints of one service bear the same name."""
    seen: set[str] = set()
    for context in iter_route_contexts(app.routes):
        if _is_api(context):
            if context.unique_id in seen:
                msg = f"two endpoints are called {context.unique_id}"
                raise ValueError(msg)
            seen.add(context.unique_id)


def _is_api(context: Any) -> bool:
    return getattr(context, "dependant", None) is not None


def _describe(method: str, operation: dict[str, Any], route: Any) -> None:
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in _NEEDED_HEADERS:
            parameter |= {"required": True, "schema": _NEEDED_HEADERS[parameter["name"]]}
    responses: dict[str, Any] = operation.setdefault("responses", {})
    if "HTTPValidationError" in str(responses.get("422", "")):
        del responses["422"]
    for status in sorted(_statuses(method, operation, route)):
        responses.setdefault(
            str(status),
            {"description": _DESCRIPTIONS[status], "content": {PROBLEM_JSON: {"schema": {"$ref": _REF}}}},
        )
    for told in responses.values():
        if told.get("description") == "Successful Response":
            told["description"] = "成功"
    operation["responses"] = dict(sorted(responses.items()))


def _statuses(method: str, operation: dict[str, Any], route: Any) -> set[int]:
    calls = set(_calls(route.dependant))
    found = {500, 503}
    if bearer_actor in calls or anyone in calls:
        found |= {401, 403}
    if anyone in calls:
        found.add(404)  # what the public names may not be there
    if "{" in route.path_format or any(_names_another(parameter) for parameter in operation.get("parameters", ())):
        found.add(404)
    if method in _WRITES:
        found |= {409, 422}
    if operation.get("parameters"):
        found |= {400, 422}
    if "requestBody" in operation:
        found |= {400, 413, 415, 422}
    if if_match in calls:
        found |= {412, 428}
    if idempotency_key in calls:
        found |= {404, 428}  # what is created may name what is not there
    return found


def _names_another(parameter: Mapping[str, Any]) -> bool:
    """A list without what a filter names is empty; who names a code, or must name a division, asks for a thing."""
    name: str = parameter["name"]
    return name.endswith("_id") or name == "code" or (name == "division" and parameter.get("required", False))


def _calls(dependant: Any) -> Iterator[Any]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from _calls(inner)
