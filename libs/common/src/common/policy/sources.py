"""The packaged documents, clauses and parameters; read once, checked while reading."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from common.policy.book import PolicyBook
from common.policy.parameters import UNIT_LABELS, Parameter


@dataclass(frozen=True, slots=True)
class Document:
    """A policy document."""

    number: str
    """文号."""
    title: str
    issuer: str
    issued_on: date
    published_on: date | None
    index_number: str | None
    """索引号 of its publication."""
    level: str
    """Level of the issuing government."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a document; `quote` are the document's own words, shortened."""

    code: str
    document: str
    quote: str


def _read(name: str) -> Any:
    return json.loads(files("common.policy").joinpath(name).read_text(encoding="utf-8"))


def _documents() -> dict[str, Document]:
    found = {}
    for row in _read("documents.json"):
        published = date.fromisoformat(row["published_on"]) if row["published_on"] else None
        dates = {"issued_on": date.fromisoformat(row["issued_on"]), "published_on": published}
        found[row["number"]] = Document(**{**row, **dates})
    return found


def _clauses() -> dict[str, Clause]:
    return {row["code"]: Clause(**row) for row in _read("clauses.json")}


def _book() -> PolicyBook:
    entries = [Parameter.from_json(row) for row in _read("parameters.json")]
    for entry in entries:
        if entry.clause not in CLAUSES or entry.document not in DOCUMENTS:
            raise ValueError(f"parameter {entry.code!r} cites a clause or document that is not on file")
        if entry.unit not in UNIT_LABELS:
            raise ValueError(f"parameter {entry.code!r} has a unit without a label")
    return PolicyBook(entries)


DOCUMENTS: Mapping[str, Document] = MappingProxyType(_documents())
CLAUSES: Mapping[str, Clause] = MappingProxyType(_clauses())
BOOK: PolicyBook = _book()


def parameter(code: str, *, on: date) -> Parameter:
    """The parameter as it stands on a Beijing day; see PolicyBook.parameter."""
    return BOOK.parameter(code, on=on)


def parameters(*, on: date) -> tuple[Parameter, ...]:
    """Every parameter that stands on a Beijing day, by code."""
    return BOOK.in_force(on=on)


def clause(code: str) -> Clause | None:
    """The clause with this code, for showing its words beside a refusal; None when it is not on file."""
    return CLAUSES.get(code)
