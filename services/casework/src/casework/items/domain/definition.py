"""The definition of an item at one version: how it is changed, how its facts are confirmed. Pure.

The guide is one document, as it is stored; its `marks` say how each fact is known (V, P, K).
"""

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, TypedDict

from casework.clock.domain import PAUSE_LABELS
from casework.items.domain.labels import STARTS_LABELS, UNIT_LABELS
from casework.items.errors import ChangeTooEarly, DefinitionInconsistent, FactConfirmed, FactUnknown

Mark = Literal["V", "P", "K"]
_STEPS = ("undertaking", "reviewing", "approving")
_WORTH: Mapping[str, int] = {"K": 0, "P": 1, "V": 2}
_LIMIT_FIELDS = ("value", "unit", "clause")
_COLUMNS = ("name", "handling", "applicants", "town", "village")
_WORDS = ("basic_code", "steps", "starts", "pausing", "materials", "step_limits")
_UNMARKED = frozenset({"name", "effective_to", "particulars"})
"""The particulars have a mark each."""

_LIMIT_MARKS: Mapping[str, tuple[str, ...]] = {
    "acceptance": ("acceptance", "mark"),
    "filing_period": ("filing_period", "mark"),
    "filing_period.unit": ("filing_period", "unit_mark"),
    "promised_limit": ("promised_limit", "mark"),
    "statutory_limit": ("statutory_limit", "mark"),
    "statutory_limit.extension": ("statutory_limit", "extension", "mark"),
    "statutory_limit.unit": ("statutory_limit", "unit_mark"),
}
"""Facts whose mark stands beside their value."""


class ItemChanges(TypedDict, total=False):
    """What is to be changed: only the members that are present; null takes a limit or a particular away."""

    name: str
    handling: str
    applicants: list[str]
    town: str
    village: str
    basic_code: str
    steps: list[str]
    starts: str
    pausing: list[str]
    step_limits: dict[str, dict[str, Any]]
    materials: list[dict[str, Any]]
    promised_limit: dict[str, Any] | None
    statutory_limit: dict[str, Any] | None
    acceptance: dict[str, Any]
    particulars: dict[str, Any]
    effective_to: date | None


@dataclass(frozen=True, slots=True)
class Definition:
    """One item at one version, without its validity.

    Attributes:
        guide: everything that no list or filter asks for, ready to be stored.
    """

    code: str
    name: str
    duty: str
    handling: str
    applicants: tuple[str, ...]
    town: str
    village: str
    guide: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a definition and how it is known."""

    field: str
    mark: str


def terms_from(guide: Mapping[str, Any], *, handling: str) -> dict[str, Any]:
    """What `terms_of` reads: the process and the limits, without the story behind them.

    Source: O4.1b.
    """
    statutory = guide["statutory_limit"]
    extension = None if statutory is None or statutory.get("extension") is None else statutory["extension"]
    return {
        "basic_code": guide["basic_code"],
        "handling": handling,
        "steps": guide["steps"],
        "promised": _limit(guide["promised_limit"]),
        "statutory": _limit(statutory),
        "starts": guide["starts"],
        "extension": None if extension is None else {**_bare(extension), "clause": statutory.get("clause")},
        "acceptance": _bare(guide["acceptance"]),
        "is_silence_acceptance": guide["acceptance"].get("silence_accepts", False),
        "materials": [
            {
                "name": material["name"],
                "is_required": material["required"],
                "originals": material["originals"],
                "copies": material["copies"],
            }
            for material in guide["materials"]
        ],
        "pausing": guide["pausing"],
        "step_limits": guide.get("step_limits", {}),
    }


def redefine(definition: Definition, changes: ItemChanges, *, document: str, on: date) -> Definition:
    """The definition with these changes; what the province lays down in a document is read in its source (V).

    Source: O4.1b.
    """
    guide = copy.deepcopy(dict(definition.guide))
    columns: dict[str, Any] = {name: changes[name] for name in _COLUMNS if name in changes}  # type: ignore[literal-required]
    if "applicants" in columns:
        columns["applicants"] = tuple(columns["applicants"])
    guide |= {name: changes[name] for name in _WORDS if name in changes}  # type: ignore[literal-required]
    for name in ("promised_limit", "statutory_limit", "acceptance"):
        if name in changes:
            given = changes[name]
            guide[name] = None if given is None else _marked(given, starts=guide["starts"], of=name, document=document)
    if "starts" in changes and guide["statutory_limit"] is not None:
        starts = guide["starts"]
        guide["statutory_limit"] |= {"starts": starts, "starts_label": STARTS_LABELS[starts]}
    particulars = changes.get("particulars", {})
    guide["particulars"] = _without_nulls(guide.get("particulars", {}) | particulars)
    facts = [*(name for name in changes if name not in _UNMARKED), *particulars]
    _mark(guide, facts, "V", document=document, on=on)
    return replace(definition, **columns, guide=guide)


def require_consistent(definition: Definition) -> None:
    """The parts of a definition fit one another: limits, process, materials.

    Source: O4.1b.

    Raises:
        DefinitionInconsistent: the answer names the part.
    """
    guide = definition.guide
    promised, statutory = guide["promised_limit"], guide["statutory_limit"]
    if promised is not None and statutory is not None:
        if promised["unit"] != statutory["unit"]:
            raise DefinitionInconsistent("承诺时限须与法定时限以同一单位计", part="promised_limit")
        if promised["value"] > statutory["value"]:
            raise DefinitionInconsistent("承诺时限不得长于法定时限", part="promised_limit")
    steps: Sequence[str] = guide["steps"]
    if not steps or steps[0] != _STEPS[0] or list(steps) != [step for step in _STEPS if step in steps]:
        raise DefinitionInconsistent("办理环节须从承办开始，依次为承办、审核、批准", part="steps")
    if stray := [stage for stage in guide.get("step_limits", {}) if stage not in steps]:
        raise DefinitionInconsistent(
            "环节时限只能给本事项的环节", part="step_limits", values=[str(one) for one in stray]
        )
    names = [material["name"] for material in guide["materials"]]
    for part, values in (("materials", names), ("pausing", guide["pausing"]), ("applicants", definition.applicants)):
        if len(set(values)) != len(values):
            raise DefinitionInconsistent("有重复的内容", part=part)
    if unknown := set(guide["pausing"]) - set(PAUSE_LABELS):
        raise DefinitionInconsistent("没有这样的特别程序", part="pausing", values=[str(one) for one in sorted(unknown)])


def require_change_day(effective_on: date, *, today: date, follows: date) -> None:
    """What is laid down holds from today or later, and follows what was laid down before it.

    Source: O4.1b.

    Raises:
        ChangeTooEarly: it does not.
    """
    earliest = max(today, follows)
    if effective_on < earliest:
        raise ChangeTooEarly(f"最早自{earliest.isoformat()}起", earliest=earliest.isoformat())


def require_end(effective_on: date, ends_on: date | None) -> None:
    """An item ends after the version begins that says so.

    Source: O4.1b.

    Raises:
        DefinitionInconsistent: it does not.
    """
    if ends_on is not None and ends_on <= effective_on:
        raise DefinitionInconsistent("停止办理之日须晚于生效日期", part="effective_to")


def unconfirmed_facts(guide: Mapping[str, Any]) -> list[Fact]:
    """The facts of a definition that nobody has read in their source, the least certain first.

    Source: O4.1b.
    """
    marks = {**guide["provenance"]["marks"]}
    marks |= {field: mark for field in _LIMIT_MARKS if (mark := _mark_at(guide, field)) is not None}
    if guide["legal_basis"]:
        marks["legal_basis"] = min((basis["mark"] for basis in guide["legal_basis"]), key=_WORTH.__getitem__)
    found = [Fact(field, mark) for field, mark in marks.items() if mark != "V"]
    return sorted(found, key=lambda fact: (_WORTH[fact.mark], fact.field))


def confirm_fact(
    definition: Definition, *, field: str, mark: Mark, document: str, settles: Sequence[str], on: date
) -> Definition:
    """The definition with one fact confirmed as it stands; a confirmation can only raise a mark.

    Args:
        settles: notes of what was to be confirmed that are settled by it, word by word.

    Source: O4.1b.

    Raises:
        FactUnknown: no such fact, or no such note.
        FactConfirmed: it carries this mark or a better one.
    """
    known = {fact.field: fact.mark for fact in unconfirmed_facts(definition.guide)}
    if field not in known:
        is_settled = field in definition.guide["provenance"]["marks"] or _mark_at(definition.guide, field) is not None
        raise FactConfirmed(field=field) if is_settled else FactUnknown(field=field)
    if _WORTH[mark] <= _WORTH[known[field]]:
        raise FactConfirmed(field=field, mark=known[field])
    guide = copy.deepcopy(dict(definition.guide))
    notes: list[str] = guide["provenance"]["to_confirm"]
    if any(note not in notes for note in settles):
        raise FactUnknown("没有这条待确认的说明")
    guide["provenance"]["to_confirm"] = [note for note in notes if note not in settles]
    _mark(guide, [field], mark, document=document, on=on)
    return replace(definition, guide=guide)


def _mark_at(guide: Mapping[str, Any], field: str) -> str | None:
    place: Any = guide
    for name in _LIMIT_MARKS.get(field, ("",)):
        place = None if place is None else place.get(name)
    return place  # type: ignore[no-any-return]


def _mark(guide: dict[str, Any], fields: Iterable[str], mark: str, *, document: str, on: date) -> None:
    provenance = guide["provenance"]
    confirmed = [one for one in provenance.get("confirmations", []) if one["field"] not in fields]
    for field in fields:
        if field in _LIMIT_MARKS:
            *path, last = _LIMIT_MARKS[field]
            place: Any = guide
            for name in path:
                place = None if place is None else place[name]
            if place is not None:
                place[last] = mark
        elif field == "legal_basis":
            guide["legal_basis"] = [{**basis, "mark": mark} for basis in guide["legal_basis"]]
        else:
            provenance["marks"][field] = mark
        confirmed.append({"field": field, "mark": mark, "document": document, "on": on.isoformat()})
    provenance["confirmations"] = confirmed


def _marked(given: Mapping[str, Any], *, starts: str, of: str, document: str) -> dict[str, Any]:
    limit = {**given, "unit_label": UNIT_LABELS[given["unit"]], "mark": "V", "document": document}
    if of == "statutory_limit":
        limit |= {"unit_mark": "V", "starts": starts, "starts_label": STARTS_LABELS[starts]}
        extension = given.get("extension")
        if extension is not None:
            limit["extension"] = {**extension, "unit_label": UNIT_LABELS[extension["unit"]], "mark": "V"}
    return limit


def _without_nulls(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _bare(limit: Mapping[str, Any]) -> dict[str, Any]:
    return {name: limit[name] for name in _LIMIT_FIELDS if name in limit}


def _limit(limit: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if limit is None else _bare(limit)
