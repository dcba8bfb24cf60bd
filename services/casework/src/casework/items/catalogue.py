"""The packaged starting catalogue: read, checked and turned into rows.

`catalogue.json` names what was read where and what is only common knowledge; the guide keeps those marks, so that
nobody takes a guess for a rule. Source: O1.1a, O4.1a, O4.1b.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

_ROW_FIELDS = frozenset(
    {"code", "name", "duty", "handling", "applicants", "town", "village", "effective_from", "effective_to"}
)
_TERMS_FIELDS = frozenset({"basic_code", "steps", "starts", "acceptance", "pausing"})
_LIMIT_FIELDS = ("value", "unit", "clause")

DutyRecord = tuple[str, date, date | None, int, str, str, str, str, str]
ItemRecord = tuple[str, str, str, str, list[str], str, str, date, date | None, str, str, int]
DictionaryRecord = tuple[str, str, int, str]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Rows in the column order of `repository.DUTY_COLUMNS`, `VERSION_COLUMNS` and `DICTIONARY_COLUMNS`."""

    duties: list[DutyRecord]
    items: list[ItemRecord]
    dictionaries: list[DictionaryRecord]


def load_catalogue() -> Catalogue:
    """Reads the packaged file.

    Raises:
        ValueError: an item names a duty or a dictionary value that the file does not have.
    """
    document = json.loads(files("casework.items").joinpath("catalogue.json").read_text("utf-8"))
    return read_catalogue(document)


def read_catalogue(document: Mapping[str, Any]) -> Catalogue:
    """The rows of a parsed catalogue.

    Raises:
        ValueError: an item names a duty or a dictionary value that the document does not have.
    """
    labels = {
        name: {entry["value"]: entry["label"] for entry in entries}
        for name, entries in document["dictionaries"].items()
    }
    duties = {duty["value"] for duty in document["duties"]}
    for item in document["items"]:
        if item["duty"] not in duties:
            msg = f"item {item['code']} names a duty that the catalogue does not have"
            raise ValueError(msg)
    sources = document.get("sources", {})
    return Catalogue(
        duties=[_duty(duty, version) for duty in document["duties"] for version in duty["versions"]],
        items=sorted(_item(item, labels, sources) for item in document["items"]),
        dictionaries=[
            (name, entry["value"], ordinal, entry["label"])
            for name, entries in document["dictionaries"].items()
            for ordinal, entry in enumerate(entries, 1)
        ],
    )


def _duty(duty: Mapping[str, Any], version: Mapping[str, Any]) -> DutyRecord:
    return (
        duty["value"],
        date.fromisoformat(version["effective_from"]),
        _day(version["effective_to"]),
        duty["ordinal"],
        duty["label"],
        version["clause"],
        version["document"],
        version["competent_authority"],
        version["office_role"],
    )


def _item(item: Mapping[str, Any], labels: Mapping[str, Mapping[str, str]], sources: Mapping[str, str]) -> ItemRecord:
    _label(labels, "handling", item["handling"])
    for kind in item["applicants"]:
        _label(labels, "applicants", kind)
    guide = _guide(item, labels, sources)
    return (
        item["code"],
        item["name"],
        item["duty"],
        item["handling"],
        item["applicants"],
        item["town"],
        item["village"],
        date.fromisoformat(item["effective_from"]),
        _day(item["effective_to"]),
        _text(guide),
        _text(_terms(item, labels)),
        1,
    )


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True)


def _terms(item: Mapping[str, Any], labels: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """What `domain.terms_of` reads: the process and the limits, without the story behind them."""
    _label(labels, "starts", item["starts"])
    statutory = item["statutory_limit"]
    return {
        "basic_code": item["basic_code"],
        "handling": item["handling"],
        "steps": item["steps"],
        "promised": _limit(item["promised_limit"]),
        "statutory": _limit(statutory),
        "starts": item["starts"],
        "extension": _limit(statutory and statutory["extension"], clause=statutory and statutory["clause"]),
        "acceptance": _limit(item["acceptance"]),
        "materials": [
            {
                "name": material["name"],
                "is_required": material["required"],
                "originals": material["originals"],
                "copies": material["copies"],
            }
            for material in item["materials"]
        ],
        "pausing": item["pausing"],
    }


def _limit(limit: Mapping[str, Any] | None, **more: Any) -> dict[str, Any] | None:
    if limit is None:
        return None
    return {**{name: limit[name] for name in _LIMIT_FIELDS if name in limit}, **more}


def _guide(
    item: Mapping[str, Any], labels: Mapping[str, Mapping[str, str]], sources: Mapping[str, str]
) -> dict[str, Any]:
    """Everything that no rule asks for, with the label beside every code."""
    guide = {name: value for name, value in item.items() if name not in _ROW_FIELDS | _TERMS_FIELDS}
    cited = sorted({number for numbers in guide.pop("sources", {}).values() for number in numbers})
    guide["provenance"] = {
        "marks": guide.pop("marks", {}),
        "sources": [sources[str(number)] for number in cited],
        "to_confirm": guide.pop("to_confirm", []),
        "remarks": guide.pop("remarks", None),
    }
    guide["procedure_family_label"] = _label(labels, "procedure_families", item["procedure_family"])
    guide["type_code_label"] = _label(labels, "type_codes", item["type_code"])
    guide["special_procedures"] = [
        {"code": code, "label": _label(labels, "special_procedures", code)} for code in item["special_procedures"]
    ]
    guide["legal_basis"] = item["legal_basis"] or []
    for name in ("statutory_limit", "promised_limit", "filing_period"):
        guide[name] = _period(item[name], labels)
    return guide


def _period(period: Mapping[str, Any] | None, labels: Mapping[str, Mapping[str, str]]) -> dict[str, Any] | None:
    if period is None:
        return None
    labelled = {name: value for name, value in period.items() if name != "sources"}
    labelled["unit_label"] = _label(labels, "units", period["unit"])
    if "starts" in period:
        labelled["starts_label"] = _label(labels, "starts", period["starts"])
    if period.get("extension") is not None:
        labelled["extension"] = _period(period["extension"], labels)
    return labelled


def _label(labels: Mapping[str, Mapping[str, str]], dictionary: str, code: str | None) -> str | None:
    if code is None:
        return None
    if code not in labels[dictionary]:
        msg = f"{code!r} is not in the dictionary {dictionary}"
        raise ValueError(msg)
    return labels[dictionary][code]


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
