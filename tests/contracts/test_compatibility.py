"""Within v1 only additions: each kind of break is recognised, each kind of addition passes."""

import copy
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


rules = tool("compatibility")

EVENT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "status": {"$ref": "#/$defs/Status"},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "parts": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}},
    },
    "required": ["id", "status"],
    "$defs": {"Status": {"type": "string", "enum": ["open", "closed"]}},
}


def changed(base: dict[str, Any], change) -> dict[str, Any]:
    copied = copy.deepcopy(base)
    change(copied)
    return copied


EVENT_BREAKS = {
    "a field is gone": lambda e: e["properties"].pop("note"),
    "another type": lambda e: e["properties"]["id"].update(type="integer"),
    "may now be null": lambda e: e["properties"].update(id={"anyOf": [{"type": "string"}, {"type": "null"}]}),
    "a new value of a closed list": lambda e: e["$defs"]["Status"]["enum"].append("lost"),
    "no longer required": lambda e: e["required"].remove("status"),
    "a nested field is gone": lambda e: e["properties"]["parts"]["items"]["properties"].pop("n"),
}
EVENT_ADDITIONS = {
    "nothing": lambda e: None,
    "an optional field": lambda e: e["properties"].update(more={"type": "string"}),
    "a required field": lambda e: (e["properties"].update(more={"type": "string"}), e["required"].append("more")),
    "an optional field becomes certain": lambda e: e["required"].append("note"),
    "a description": lambda e: e["properties"]["id"].update(description="the id"),
}


@pytest.mark.parametrize("name", EVENT_BREAKS)
def test_a_break_of_an_event_is_found(name: str) -> None:
    assert rules.schema_breaks(EVENT, changed(EVENT, EVENT_BREAKS[name]))


@pytest.mark.parametrize("name", EVENT_ADDITIONS)
def test_an_addition_to_an_event_passes(name: str) -> None:
    assert rules.schema_breaks(EVENT, changed(EVENT, EVENT_ADDITIONS[name])) == []


API: dict[str, Any] = {
    "paths": {
        "/v1/things": {
            "post": {
                "operationId": "create_thing",
                "parameters": [{"in": "query", "name": "q", "schema": {"type": "string", "maxLength": 10}}],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/New"}}},
                },
                "responses": {"201": {"content": {"application/json": {"schema": EVENT}}}, "409": {}},
            }
        }
    },
    "components": {
        "schemas": {
            "New": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"name": {"type": "string", "minLength": 1}, "kind": {"enum": ["a", "b"]}},
                "required": ["name"],
            }
        }
    },
    "$defs": EVENT["$defs"],
}


def post(api: dict[str, Any]) -> dict[str, Any]:
    return api["paths"]["/v1/things"]["post"]


def new(api: dict[str, Any]) -> dict[str, Any]:
    return api["components"]["schemas"]["New"]


def answer(api: dict[str, Any]) -> dict[str, Any]:
    return post(api)["responses"]["201"]["content"]["application/json"]["schema"]


API_BREAKS = {
    "a path is gone": lambda a: a["paths"].clear(),
    "another operation id": lambda a: post(a).update(operationId="make_thing"),
    "a parameter is gone": lambda a: post(a)["parameters"].clear(),
    "a new required parameter": lambda a: post(a)["parameters"].append(
        {"in": "query", "name": "r", "required": True, "schema": {}}
    ),
    "a shorter parameter": lambda a: post(a)["parameters"][0]["schema"].update(maxLength=5),
    "a new required field of the body": lambda a: new(a)["required"].append("kind"),
    "a value no longer taken": lambda a: new(a)["properties"]["kind"]["enum"].remove("b"),
    "a field no longer taken": lambda a: new(a)["properties"].pop("kind"),
    "another type taken": lambda a: new(a)["properties"]["name"].update(type="integer"),
    "a longer minimum": lambda a: new(a)["properties"]["name"].update(minLength=3),
    "a new pattern": lambda a: new(a)["properties"]["name"].update(pattern="^x"),
    "an answer is gone": lambda a: post(a)["responses"].pop("409"),
    "a field of the answer is gone": lambda a: answer(a)["properties"].pop("id"),
}
API_ADDITIONS = {
    "a path": lambda a: a["paths"].update({"/v1/more": {}}),
    "an optional parameter": lambda a: post(a)["parameters"].append({"in": "query", "name": "r", "schema": {}}),
    "an optional field of the body": lambda a: new(a)["properties"].update(more={"type": "string"}),
    "a value more to take": lambda a: new(a)["properties"]["kind"]["enum"].append("c"),
    "a looser limit": lambda a: post(a)["parameters"][0]["schema"].update(maxLength=50),
    "a field of the answer": lambda a: answer(a)["properties"].update(more={"type": "string"}),
    "another answer": lambda a: post(a)["responses"].update({"422": {}}),
}


@pytest.mark.parametrize("name", API_BREAKS)
def test_a_break_of_the_api_is_found(name: str) -> None:
    assert rules.openapi_breaks(API, changed(API, API_BREAKS[name]))


@pytest.mark.parametrize("name", API_ADDITIONS)
def test_an_addition_to_the_api_passes(name: str) -> None:
    assert rules.openapi_breaks(API, changed(API, API_ADDITIONS[name])) == []
