"""422 without the submitted values. Not even names: a key of the caller's own making may be an identity number."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel
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
    """Every name of a parameter or member that the application's operations take or give.

    Read from the models themselves: to make the document of a large service takes half a second.
    """
    names: set[str] = set()
    seen: set[type[BaseModel]] = set()
    for context in iter_route_contexts(app.routes):
        names.update(_parameters(getattr(context, "dependant", None), seen))
        names.update(_members(getattr(context, "response_model", None), seen))
    return frozenset(names)


def _parameters(dependant: Any, seen: set[type[BaseModel]]) -> Iterator[str]:
    if dependant is None:
        return
    for parameters in (
        dependant.path_params,
        dependant.query_params,
        dependant.header_params,
        dependant.cookie_params,
        dependant.body_params,
    ):
        for parameter in parameters:
            yield parameter.alias
            yield from _members(parameter.field_info.annotation, seen)
    for inner in dependant.dependencies:
        yield from _parameters(inner, seen)


def _members(annotation: Any, seen: set[type[BaseModel]]) -> Iterator[str]:
    if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        for part in get_args(annotation):
            yield from _members(part, seen)
    elif annotation not in seen:
        seen.add(annotation)
        for name, field in annotation.model_fields.items():
            yield field.alias or name
            yield from _members(field.annotation, seen)
