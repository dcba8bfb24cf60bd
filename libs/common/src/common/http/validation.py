"""422 without the submitted values. Not even names: a key of the caller's own making may be an identity number."""

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.requests import Request
from starlette.responses import Response

from common.errors import JSON
from common.http.errors import MalformedJson, UnsupportedMediaType
from common.http.messages import words_for
from common.http.problems import problem, problem_of

CODE = "request.validation-failed"
TITLE = "请求内容不符合要求"
MAX_ERRORS = 50
UNKNOWN = "*"


class ValidationHandler:
    """Turns FastAPI's validation errors into problem documents.

    Names of members are shown only where the API itself declares them; anything else stands as `*`.
    """

    def __init__(self) -> None:
        self._names: frozenset[str] | None = None

    async def __call__(self, request: Request, error: Any) -> Response:
        """The handler of RequestValidationError."""
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for nothing else
        entries = error.errors()
        if any(entry["type"] == "json_invalid" for entry in entries):
            return problem_of(MalformedJson(), request.scope)
        if isinstance(error.body, bytes):
            return problem_of(UnsupportedMediaType(), request.scope)
        if self._names is None:
            self._names = declared_names(request.app)
        told: list[JSON] = [self._told(entry) for entry in entries[:MAX_ERRORS]]
        detail = f"共 {len(entries)} 处不符合要求"
        return problem(request.scope, 422, CODE, TITLE, detail, {"errors": told})

    def _told(self, entry: Mapping[str, Any]) -> dict[str, JSON]:
        place, *path = entry["loc"] or ("body",)
        code, message = words_for(entry["type"], entry.get("ctx"))
        return {
            "in": place if place in {"body", "query", "path", "header", "cookie"} else "body",
            "pointer": "".join("/" + self._shown(step) for step in path),
            "code": code,
            "message": message,
        }

    def _shown(self, step: int | str) -> str:
        if isinstance(step, int):
            return str(step)
        if self._names is None or step not in self._names:
            return UNKNOWN
        return step.replace("~", "~0").replace("/", "~1")


def declared_names(app: Any) -> frozenset[str]:
    """Every name of a parameter or member that the application's own description declares."""
    names: set[str] = set(_members(app.openapi().get("components", {}).get("schemas", {}).values()))
    for context in iter_route_contexts(app.routes):
        names.update(_parameters(getattr(context, "dependant", None)))
    return frozenset(names)


def _members(schemas: Iterable[Any]) -> Iterable[str]:
    for schema in schemas:
        if isinstance(schema, dict):
            yield from schema.get("properties", {})


def _parameters(dependant: Any) -> Iterable[str]:
    if dependant is None:
        return
    for parameters in (
        dependant.path_params,
        dependant.query_params,
        dependant.header_params,
        dependant.cookie_params,
        dependant.body_params,
    ):
        yield from (parameter.alias for parameter in parameters)
    for inner in dependant.dependencies:
        yield from _parameters(inner)
