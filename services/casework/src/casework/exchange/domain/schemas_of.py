"""JSON Schemas of exchange documents: the standard's fields, and beside them the declared extension fields."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, get_args

from pydantic import BaseModel

from casework.exchange.domain.fields import JsonSchema, Table
from casework.exchange.domain.forms import EX_GDBS, FORMS, GBT39046, ExchangeForm
from casework.exchange.domain.members import CASE_MEMBERS, FILE_LISTS, FILE_MEMBERS
from common.contracts.casework import CaseState
from common.contracts.casework.accountability import WarningKind
from common.contracts.casework.cases import CaseFile
from common.contracts.casework.ratings import RatingState

PROFILE = "jiceng-1"
"""Version of the extension fields; the standard's own fields do not change with it."""
APPLICANT = ("none", "masked", "clear")
_MODELS: Mapping[str, type[BaseModel]] = {"case": CaseState, "file": CaseFile, "rating": RatingState}
_CODE = {"type": "string", "title": "实施编码（31位，GB/T 39554.1）", "maxLength": 31}
_NUMBER = {"type": "string", "title": "办件编号（表5材料行限20位，表7特别程序行没有）", "maxLength": 64}
_ROW_MEMBERS: Mapping[str, Mapping[str, str]] = {
    "gbt39046": {"steps": "steps", "special_procedures": "specials", "evaluations": "rating"},
    "ex_gdbs": {"SPCL": "steps", "BJGZ": "supplements", "TBCXSQ": "specials", "HCP": "rating"},
}
"""Tables whose rows are one of the file's lists, or ratings."""
_WIDER: Mapping[str, Mapping[str, JsonSchema]] = {
    "item": {"x_impl_code": dict(_CODE)},
    "application": {"x_impl_code": dict(_CODE)},
    "acceptance": {"x_impl_code": dict(_CODE)},
    "application_materials": {"x_case_no": dict(_NUMBER)},
    "special_procedures": {"x_case_no": dict(_NUMBER)},
    "complaints": {"x_number": {"type": "string", "title": "投诉举报编号（表10没有）"}},
    "supervision": {"x_warning_type": {"enum": list(get_args(WarningKind)), "title": "预警种类（表11没有代码集）"}},
}
"""Extension fields for values that are longer in practice than in the standard's table, or have no field there."""


@lru_cache(maxsize=2)
def document_schema(name: str) -> JsonSchema:
    """JSON Schema 2020-12 of a document of one form.

    Source: O4.2a; GB/T 39046-2020.
    """
    form, models = FORMS[name], _Models()
    rows = {key: _row_schema(form, table, models) for key, table in form.tables.items()}
    tables: JsonSchema = {key: {"type": "array", "items": {"$ref": f"#/$defs/{key}"}} for key in rows}
    tables |= _extension_tables(form)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:jiceng:exchange:{name}",
        "title": form.label,
        "type": "object",
        "additionalProperties": False,
        "required": ["form", "profile", "applicant", "tables"],
        "properties": {
            "form": {"const": name},
            "profile": {"const": PROFILE},
            "applicant": {"enum": list(APPLICANT)},
            "beyond_gb2312": {"type": "array", "items": _beyond()},
            "tables": {
                "type": "object",
                "additionalProperties": False,
                "required": [form.main],
                "properties": tables,
            },
        },
        "$defs": rows | models.definitions,
    }


class _Models:
    """Schemas of the platform's own models, which extension fields refer to."""

    def __init__(self) -> None:
        made = {key: model.model_json_schema(mode="serialization") for key, model in _MODELS.items()}
        self.definitions: dict[str, Any] = {}
        for schema in made.values():
            self.definitions.update(schema.get("$defs", {}))
        self.properties: dict[str, Mapping[str, Any]] = {key: schema["properties"] for key, schema in made.items()}

    def members(self, form: ExchangeForm, table: str) -> Mapping[str, Any]:
        """Members that may stand in extension fields of a table."""
        if table == form.main:
            case, file = self.properties["case"], self.properties["file"]
            return {name: case[name] for name in CASE_MEMBERS} | {name: file[name] for name in FILE_MEMBERS}
        member = _ROW_MEMBERS[form.name].get(table)
        if member is None:
            return {}
        if member == "rating":
            return self.properties["rating"]
        properties: Mapping[str, Any] = self.definitions[FILE_LISTS[member].__name__]["properties"]
        return properties


def _row_schema(form: ExchangeForm, table: Table, models: _Models) -> JsonSchema:
    properties: dict[str, Any] = {field.name: field.to_schema() for field in table.fields}
    for member, schema in models.members(form, table.key).items():
        properties[form.extension(member)] = {"x-extension": True, "anyOf": [_untitled(schema), {"type": "null"}]}
    if form is GBT39046:
        for name, schema in _WIDER.get(table.key, {}).items():
            properties[name] = {"x-extension": True, **schema}
    return {"title": table.label, "type": "object", "additionalProperties": False, "properties": properties}


def _extension_tables(form: ExchangeForm) -> dict[str, JsonSchema]:
    found: dict[str, JsonSchema] = {}
    for member, model in FILE_LISTS.items():
        if member in form.own_tables:
            continue
        items: JsonSchema = {"$ref": f"#/$defs/{model.__name__}"}
        if form is EX_GDBS and member == "steps":
            items = {"allOf": [items], "properties": {"SPBZH": {"type": "integer"}}}
        found[form.extension(member)] = {"x-extension": True, "type": "array", "items": items}
    return found


def _untitled(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name not in {"title", "default"}}


def _beyond() -> JsonSchema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["table", "row", "field", "characters"],
        "properties": {
            "table": {"type": "string"},
            "row": {"type": "integer", "minimum": 1},
            "field": {"type": "string"},
            "characters": {"type": "array", "items": {"type": "string", "pattern": "^U\\+[0-9A-F]{4,6}$"}},
        },
    }
