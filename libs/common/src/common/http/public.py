"""Answers that are the same for everybody: caches may keep them a while and then ask whether they still hold."""

import hashlib
from typing import Annotated, Any

from fastapi import Header
from pydantic import BaseModel
from starlette.responses import Response

from common.http.answers import json_answer

PUBLIC_SECONDS = 60
"""How long what is public may be shown from a cache."""

IfNoneMatch = Annotated[
    str | None, Header(alias="If-None-Match", max_length=1000, description="上次回答的 ETag；未变化时返回 304。")
]
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "自 If-None-Match 所示以来没有变化。"}}
"""For `responses=` of an endpoint that answers with `public_answer`."""


def public_answer(model: BaseModel, *, seen: str | None, tag: str | None = None) -> Response:
    """The model as a public answer with an entity tag; 304 without a body where the asker has it already.

    Args:
        model: what is told.
        seen: the If-None-Match of the request.
        tag: the entity tag; by default one made of the answer itself.
    """
    body = model.__pydantic_serializer__.to_json(model)
    tag = tag or f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={PUBLIC_SECONDS}"}
    if seen is not None and (seen.strip() == "*" or tag in {one.strip().removeprefix("W/") for one in seen.split(",")}):
        return Response(status_code=304, headers=headers)
    return json_answer(body, 200, headers)
