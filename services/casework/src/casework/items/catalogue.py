"""The packaged starting catalogue: read, checked and turned into rows.

`catalogue.json` names what was read where and what is only common knowledge; the guide keeps those marks, so that
nobody takes a guess for a rule. Source: O1.1a, O4.1a, O4.1b.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from casework.items.domain import Definition

_ROW_FIELDS = frozenset(
    {"code", "name", "duty", "handling", "applicants", "town", "village", "effective_from", "effective_to"}
)

DutyRecord = tuple[str, date, date | None, int, str, str, str, str, str]
FormerRecord = tuple[str, str, str, str, list[str], str, str, date, date | None, str]
_SINCE_VERSIONS = frozenset({"basic_code", "steps", "starts", "acceptance", "pausing", "particulars"})
"""What the release before does not know: it reads `items` and would stumble over it."""
DictionaryRecord = tuple[str, str, int, str]


@dataclass(frozen=True, slots=True)
class PackagedItem:
    """An item as the package has it, and during which days."""

    definition: Definition
    effective_from: date
    effective_to: date | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Rows in the column order of `repository.DUTY_COLUMNS`, `ITEM_COLUMNS` and `DICTIONARY_COLUMNS`.

    Attributes:
        versions: the items as the first versions of their definitions.
    """

    duties: list[DutyRecord]
    items: list[FormerRecord]
    versions: list[PackagedItem]
    dictionaries: list[DictionaryRecord]


@dataclass(frozen=True, slots=True)
class Bundle:
    """One matter for the public that several items settle together (一件事). Source: O4.1c.

    Attributes:
        document: that names it; None where its composition is ours (mark K).
    """

    code: str
    name: str
    items: tuple[str, ...]
    document: str | None
    mark: str
    to_confirm: str | None


@dataclass(frozen=True, slots=True)
class DutyFamilies:
    """Which of the six procedure families a duty has; they are not the eight duties. Source: O1.1a, O4.1a.

    Attributes:
        families: its own; empty where the clause names none.
        assigned: where its items are put meanwhile.
    """

    duty: str
    families: tuple[str, ...]
    assigned: tuple[str, ...]
    mark: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Themes:
    """What the package says beside its rows."""

    bundles: tuple[Bundle, ...]
    duty_families: tuple[DutyFamilies, ...]
    families: tuple[tuple[str, str], ...]
    duties: tuple[tuple[str, str], ...]


def load_catalogue() -> Catalogue:
    """Reads the packaged file.

    Raises:
        ValueError: an item names a duty or a dictionary value that the file does not have.
    """
    return read_catalogue(_document())


@lru_cache(maxsize=1)
def load_themes() -> Themes:
    """What the packaged file says of bundles and of duties and families."""
    document = _document()
    return Themes(
        bundles=tuple(Bundle(**{**bundle, "items": tuple(bundle["items"])}) for bundle in document["bundles"]),
        duty_families=tuple(
            DutyFamilies(**{**row, "families": tuple(row["families"]), "assigned": tuple(row["assigned"])})
            for row in document["duty_families"]
        ),
        families=tuple((row["value"], row["label"]) for row in document["dictionaries"]["procedure_families"]),
        duties=tuple((row["value"], row["label"]) for row in document["duties"]),
    )


def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(files("casework.items").joinpath("catalogue.json").read_text("utf-8"))
    return document


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
    items = sorted(document["items"], key=lambda item: str(item["code"]))
    versions = [_item(item, labels, sources) for item in items]
    return Catalogue(
        duties=[_duty(duty, version) for duty in document["duties"] for version in duty["versions"]],
        items=[_former(version) for version in versions],
        versions=versions,
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


def _item(item: Mapping[str, Any], labels: Mapping[str, Mapping[str, str]], sources: Mapping[str, str]) -> PackagedItem:
    _label(labels, "handling", item["handling"])
    for kind in item["applicants"]:
        _label(labels, "applicants", kind)
    columns = {name: item[name] for name in ("code", "name", "duty", "handling", "town", "village")}
    definition = Definition(**columns, applicants=tuple(item["applicants"]), guide=_guide(item, labels, sources))
    return PackagedItem(definition, date.fromisoformat(item["effective_from"]), _day(item["effective_to"]))


def _former(item: PackagedItem) -> FormerRecord:
    words = item.definition
    guide = {name: value for name, value in words.guide.items() if name not in _SINCE_VERSIONS}
    return (
        words.code,
        words.name,
        words.duty,
        words.handling,
        list(words.applicants),
        words.town,
        words.village,
        item.effective_from,
        item.effective_to,
        json.dumps(guide, ensure_ascii=False, sort_keys=True),
    )


def _guide(
    item: Mapping[str, Any], labels: Mapping[str, Mapping[str, str]], sources: Mapping[str, str]
) -> dict[str, Any]:
    """Everything that no rule asks for, with the label beside every code."""
    guide = {name: value for name, value in item.items() if name not in _ROW_FIELDS}
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
    _label(labels, "starts", item["starts"])
    for name in ("statutory_limit", "promised_limit", "filing_period", "acceptance"):
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
