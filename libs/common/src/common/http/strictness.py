"""Strictness of JSON bodies.

FastAPI hands parsed JSON to pydantic as Python objects, where strict mode refuses `"2026-01-01"` for a date and lax
mode takes `0` for one. This stands between: JSON's own types strictly, and text only in its ISO form for dates, times
and identifiers. Strings cannot hold NUL, which PostgreSQL refuses.
"""

import math
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, LiteralString
from uuid import UUID

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

NO_NUL = r"^[^\x00]*$"
MAX_DEPTH = 64
MARK = "is_held_to_json"
"""Class attribute of models that tighten themselves."""

_INNER = frozenset(
    {
        "schema",
        "items_schema",
        "keys_schema",
        "values_schema",
        "extras_schema",
        "choices",
        "definitions",
        "fields",
        "steps",
        "lax_schema",
        "strict_schema",
        "json_schema",
        "python_schema",
    }
)
"""Members of a core schema that hold further schemas; defaults and metadata are nobody's business here."""


class Tightener:
    """Makes a copy of a model's core schema that holds every part to what JSON can say.

    Args:
        handler: pydantic's, to look behind references.
    """

    def __init__(self, handler: GetCoreSchemaHandler) -> None:
        self._handler = handler

    def __call__(self, node: Any) -> Any:
        """The tightened copy of a schema, of a list of schemas, or of named ones."""
        if isinstance(node, list):
            return [self(part) for part in node]
        if isinstance(node, tuple):
            return tuple(self(part) if isinstance(part, dict) else part for part in node)
        if not isinstance(node, dict):
            return node
        if "type" not in node:
            return {name: self(part) for name, part in node.items()}
        self._refuse_lax(node)
        copied = {name: self(part) if name in _INNER else part for name, part in node.items()}
        rule = _RULES.get(str(node["type"]))
        return copied if rule is None else rule(copied)

    def _refuse_lax(self, node: dict[str, Any]) -> None:
        if node["type"] == "definition-ref":
            try:
                node = dict(self._handler.resolve_ref_schema(node))
            except LookupError:  # a model that is just being built: itself
                return
        if node["type"] in {"typed-dict", "dataclass", "model"} and not getattr(node.get("cls"), MARK, False):
            name = getattr(node.get("cls"), "__name__", node["type"])
            msg = f"{name} stands inside a StrictModel and is none: something lax would hide in it"
            raise TypeError(msg)


def _exactly(node: dict[str, Any]) -> dict[str, Any]:
    return {**node, "strict": True}


def _text(node: dict[str, Any]) -> dict[str, Any]:
    return {"pattern": NO_NUL, **node, "strict": True}


def _anything(node: CoreSchema) -> CoreSchema:
    return core_schema.no_info_after_validator_function(_storable, node)


def _from_json(*accepted: type, error: LiteralString, form: str = r"(?s:.*)") -> Callable[[CoreSchema], CoreSchema]:
    pattern = re.compile(form)

    def check(value: Any) -> Any:
        if not isinstance(value, accepted) or isinstance(value, bool):
            raise PydanticCustomError(error, "wrong type")
        if isinstance(value, str) and pattern.fullmatch(value) is None:
            raise PydanticCustomError(error, "wrong form")
        return value

    return lambda node: core_schema.no_info_before_validator_function(check, node)


_RULES: dict[str, Callable[[Any], Any]] = {
    "str": _text,
    "int": _exactly,
    "float": _exactly,
    "bool": _exactly,
    "bytes": _exactly,
    "any": _anything,
    "date": _from_json(str, date, form=r"\d{4}-\d\d-\d\d", error="date_type"),
    "datetime": _from_json(str, datetime, form=r"\d{4}-\d\d-\d\d[Tt ].+", error="datetime_type"),
    "time": _from_json(str, time, form=r"\d\d:.+", error="time_type"),
    "timedelta": _from_json(str, timedelta, form=r"[+-]?P.+", error="time_delta_type"),
    "uuid": _from_json(str, UUID, error="uuid_type"),
    "decimal": _from_json(str, int, Decimal, error="decimal_type"),
}


def _storable(value: Any, depth: int = 0) -> Any:
    """Free JSON: nothing that PostgreSQL's text or json cannot hold, and no bottomless nesting."""
    if depth > MAX_DEPTH:
        raise PydanticCustomError("recursion_loop", "too deep")
    if isinstance(value, str) and ("\x00" in value or not _encodable(value)):
        raise PydanticCustomError("string_pattern_mismatch", "not storable")
    if isinstance(value, float) and not math.isfinite(value):
        raise PydanticCustomError("finite_number", "not finite")
    if isinstance(value, dict):
        for key, part in value.items():
            _storable(key, depth + 1)
            _storable(part, depth + 1)
    elif isinstance(value, list):
        for part in value:
            _storable(part, depth + 1)
    return value


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
