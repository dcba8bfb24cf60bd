"""A case as one exchange document, and a document as a case."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Literal

from pydantic import ValidationError

from casework.cases.domain import Applicant, ApplicantKind
from casework.exchange.domain import ex_gdbs, gbt39046
from casework.exchange.domain.characters import beyond_character_set
from casework.exchange.domain.forms import FORMS, About, FormName, Row
from casework.exchange.domain.members import FILE_LISTS, FILE_MEMBERS
from casework.exchange.domain.schemas_of import PROFILE
from casework.exchange.domain.validation import validate_document
from casework.exchange.errors import DocumentInvalid
from common.contracts.casework import CaseState
from common.contracts.casework.ratings import RatingState
from common.divisions import is_code, level_of
from common.errors import JSON

Shown = Literal["none", "masked", "clear"]
_MAPPINGS: Mapping[str, ModuleType] = {"gbt39046": gbt39046, "ex_gdbs": ex_gdbs}
_EVALUATIONS: Mapping[str, str] = {"gbt39046": "evaluations", "ex_gdbs": "HCP"}


@dataclass(frozen=True, slots=True)
class Party:
    """The applicant as a document shows them: masked, or in clear.

    Attributes:
        shown: which of the two.
    """

    name: str = field(repr=False)
    identifier: str = field(repr=False)
    phone: str | None = field(repr=False)
    shown: Shown


@dataclass(frozen=True, slots=True)
class ReadCase:
    """What a document holds.

    Attributes:
        state: the case.
        ratings: of it.
        applicant: only if the document shows them in clear.
    """

    state: CaseState
    ratings: tuple[RatingState, ...]
    applicant: Applicant | None


def export_case(
    state: CaseState,
    *,
    form: FormName,
    about: About,
    party: Party | None = None,
    ratings: Iterable[RatingState] = (),
) -> dict[str, Any]:
    """The document of one case: the rows of every table that the case has something for.

    Source: O4.2a, O4.1b, O4.3b; GB/T 39046-2020; standards.md §4, §5, §7.

    Args:
        state: of the case.
        form: of the document.
        about: names and codes that the case does not hold.
        party: the applicant; None leaves them out.
        ratings: of the case.
    """
    mapping = _MAPPINGS[form]
    dumped = state.model_dump(mode="json")
    file = dumped.pop("file")
    values = dumped | {name: file[name] for name in FILE_MEMBERS}
    tables = mapping.write_case(values, {name: file[name] for name in FILE_LISTS}, about)
    rated = [mapping.write_rating(rating.model_dump(mode="json"), values) for rating in ratings]
    if rated:
        tables[_EVALUATIONS[form]] = rated
    if party is not None:
        is_person = state.applicant_kind == "natural_person"
        rows = mapping.write_applicant(party.name, party.identifier, party.phone, is_person=is_person)
        for table, row in rows.items():
            tables[table][0].update(row)
    return {
        "form": form,
        "profile": PROFILE,
        "applicant": party.shown if party else "none",
        "beyond_gb2312": beyond_character_set(tables),
        "tables": tables,
    }


def import_case(document: Any, *, known: Mapping[str, Any] | None = None) -> ReadCase:
    """The case that a document holds.

    A document of this platform gives back the very state that was exported. One of another system lacks the extension
    fields; `known` gives what cannot be told from it (id, version, office, duty).

    Source: O4.2a; GB/T 39046-2020; standards.md §4, §5, §7.

    Raises:
        DocumentInvalid: it does not fit its schema, or what it says is no case.
    """
    findings = validate_document(document)
    if findings:
        raise DocumentInvalid(findings=[one.told() for one in findings])
    form, tables = document["form"], document["tables"]
    if not tables[FORMS[form].main]:
        raise DocumentInvalid(findings=[{"table": FORMS[form].main, "code": "required", "reason": "没有办件"}])
    mapping = _MAPPINGS[form]
    values, file = mapping.read_case(tables)
    single = {name: values.pop(name) for name in FILE_MEMBERS if name in values}
    told = {**(known or {}), **values, "file": {**file, **single}}
    if is_code(told.get("division", "")):
        told.setdefault("level", level_of(told["division"]).value)
    state = _model(CaseState, told, FORMS[form].main)
    key = _EVALUATIONS[form]
    ratings = [_model(RatingState, mapping.read_rating(row), key) for row in tables.get(key, ())]
    return ReadCase(state, tuple(ratings), _applicant(document, mapping, state))


def _applicant(document: Row, mapping: ModuleType, state: CaseState) -> Applicant | None:
    if document["applicant"] != "clear":
        return None
    name, identifier, phone = mapping.read_applicant(document["tables"])
    if name is None or identifier is None:
        return None
    return Applicant(ApplicantKind(state.applicant_kind), name, identifier, phone)


def _model(model: Any, values: Mapping[str, Any], table: str) -> Any:
    try:
        return model.model_validate_json(json.dumps(values))
    except ValidationError as error:
        names = sorted({str(one["loc"][0]) if one["loc"] else "" for one in error.errors(include_input=False)})
        reason = "缺少或不能构成有效的办件"
        told: list[JSON] = [{"table": table, "field": name, "code": "state", "reason": reason} for name in names]
        raise DocumentInvalid(findings=told) from None
