"""Answers made straight from a model: no second validation, ready to be stored under an Idempotency-Key."""

from collections.abc import Mapping

from pydantic import BaseModel
from starlette.responses import Response

from common.http.conditional import etag_of

JSON = "application/json"


def answer(model: BaseModel, *, status: int = 200, version: int | None = None, location: str | None = None) -> Response:
    """The model as the answer of an endpoint (declare it as `response_model` too, for OpenAPI).

    Args:
        model: what is told.
        status: 201 with `location` for creations.
        version: becomes the ETag.
        location: path of what was created.
    """
    headers: dict[str, str] = {}
    if version is not None:
        headers["ETag"] = etag_of(version)
    if location is not None:
        headers["Location"] = location
    return json_answer(model.__pydantic_serializer__.to_json(model), status, headers)


def json_answer(body: bytes, status: int, headers: Mapping[str, str]) -> Response:
    """Ready JSON bytes as an answer."""
    return Response(body, status, headers=dict(headers), media_type=JSON)
