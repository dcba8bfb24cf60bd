"""Cases of every kind that the contract allows, with everything that may have happened to them."""

from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

import pytest
from hypothesis import strategies as st
from pydantic import BaseModel

from common.contracts.casework import CaseState
from common.contracts.casework.cases import CaseFile
from common.contracts.casework.ratings import RatingState
from common.divisions import level_of

DIVISIONS = ("440000000000", "440300000000", "440305000000", "440305001000", "440305001001", "441900003001")
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=30),
    st.sampled_from(["", "经审核，同意办结。", "第一行\n第二行\\n", "䶮㙍𠮷", "长" * 1200]),
)
NUMBER = "12441500196720244T3442199806003202611220068"


def instants() -> st.SearchStrategy[datetime]:
    """Instants in several offsets, with and without parts of a second."""
    zones = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-5))])
    made = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 30), timezones=zones)  # noqa: DTZ001
    return st.one_of(made, made.map(lambda instant: instant.replace(microsecond=0)))


def models(model: Any, **given: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Any state of a model; `given` members as given, all others by their type."""
    members = {name: of_type(field.annotation) for name, field in model.model_fields.items() if name not in given}
    return st.builds(model, **members, **given)


def of_type(annotation: Any) -> st.SearchStrategy[Any]:
    """Values of the types that states are made of."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is not None:
        return _GENERIC[origin](*parts)
    if issubclass(annotation, BaseModel):
        return st.deferred(lambda: models(annotation, **_PLACED if "division" in annotation.model_fields else {}))
    return st.sampled_from(annotation) if issubclass(annotation, Enum) else _SIMPLE[annotation]


_GENERIC: dict[Any, Any] = {
    Annotated: lambda held, *_: of_type(held),
    Literal: lambda *values: st.sampled_from(values),
    Union: lambda *types: st.one_of(*map(of_type, types)),
    UnionType: lambda *types: st.one_of(*map(of_type, types)),
    tuple: lambda held, *_: st.lists(of_type(held), max_size=3).map(tuple),
    dict: lambda key, value: st.dictionaries(of_type(key), of_type(value), max_size=2),
}
_PLACED = {"division": st.sampled_from(DIVISIONS)}
_SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    int: st.integers(1, 400),
    bool: st.booleans(),
    datetime: instants(),
    date: st.dates(date(2000, 1, 1), date(2099, 12, 30)),
    UUID: st.uuids(),
    NoneType: st.none(),
}


@st.composite
def cases(draw: st.DrawFn) -> CaseState:
    """A case: its members as its status has them, its file as it may be."""
    division = draw(st.sampled_from(DIVISIONS))
    status = draw(st.sampled_from(["registered", "supplementing", "accepted", "refused", "closed", "withdrawn"]))
    at = {
        "accepted_at": draw(instants()) if status in {"accepted", "closed"} else None,
        "refused_at": draw(instants()) if status == "refused" else None,
        "withdrawn_at": draw(instants()) if status == "withdrawn" else None,
        "closed_at": draw(instants()) if status == "closed" else None,
        "collected_at": draw(st.none() | instants()) if status == "closed" else None,
    }
    results = ["granted", "returned", "voided", "deleted", "referred", "supplement_lapsed", "other"]
    result = draw(st.sampled_from(results)) if status == "closed" else None
    made = ("id", "version", "division", "level", "item_code", "status", "closing_result", "case_number", "handled_by",
            "stage", "file", *at)  # fmt: skip
    free = {name: field for name, field in CaseState.model_fields.items() if name not in made}
    values = {name: draw(of_type(field.annotation)) for name, field in free.items()}
    return CaseState(
        id=draw(st.uuids()),
        version=draw(st.integers(1, 10_000)),
        division=division,
        level=level_of(division),
        item_code=draw(st.sampled_from(["B01", "E02"])),
        status=status,
        closing_result=result,
        case_number=draw(st.sampled_from([None, NUMBER, "旧" * 60])),
        handled_by=draw(st.sampled_from([None, "clerk-7"])),
        stage=draw(st.sampled_from([None, "undertaking", "decided"])) if status == "accepted" else None,
        file=draw(models(CaseFile)),
        **at,
        **values,
    )


@st.composite
def ratings(draw: st.DrawFn) -> RatingState:
    """A rating as it may stand."""
    division = draw(st.sampled_from(DIVISIONS))
    given = {"division": st.just(division), "level": st.just(level_of(division)), "version": st.integers(1, 99),
             "number": st.integers(1, 2), "aspects": st.sampled_from([(), ("517",), ("101", "215"), ("a,b",), ("",)])}  # fmt: skip
    return draw(models(RatingState, **given))


@pytest.fixture(scope="session")
def any_case() -> Any:
    """Strategies of cases and ratings."""
    return {"cases": cases(), "ratings": ratings()}


@pytest.fixture(scope="session")
def any_model() -> Any:
    """`any_model(Model, member=strategy)`: any state of it, at one of the places above."""
    return lambda model, **given: models(model, **_PLACED, version=st.integers(1, 99), **given)
