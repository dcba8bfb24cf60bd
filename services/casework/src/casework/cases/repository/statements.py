"""The statements of cases.

One statement claims the request's key, writes the row, its audit entry and its event; the outbox id is drawn while the
row's lock is held, because the insert into the outbox reads the written row. Source: ADR 0002, ADR 0004.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from casework.calendar.service import CALENDAR_VERSION
from casework.items.service import item_lookup, item_names
from common.directory import OPERATING_OFFICE, WITHIN
from common.uow import event_data, telling

INDEX_CONTEXT = "casework.case.applicant_identifier"

CASE_TYPES: dict[str, str] = {
    "id": "uuid", "version": "integer", "division": "char(12)", "level": "text", "office_id": "uuid",
    "item_code": "text", "duty": "text", "applicant_kind": "text", "status": "text", "registered_at": "timestamptz",
    "changed_at": "timestamptz", "case_number": "text", "channel": "text", "handling": "text",
    "application_id": "uuid", "stage": "text", "accepted_at": "timestamptz", "is_deemed_accepted": "boolean",
    "is_favourable": "boolean", "refused_at": "timestamptz", "withdrawn_at": "timestamptz",
    "closed_at": "timestamptz", "closing_result": "text", "is_on_time": "boolean", "collected_at": "timestamptz",
    "due_on": "date", "statutory_due_on": "date", "step_due_on": "date", "is_due_provisional": "boolean",
    "reason": "text", "handled_by": "text", "file": "jsonb",
}  # fmt: skip
_FOUND_BY: dict[str, str] = {"holder": "text", "holder_division": "char(12)", "offered_division": "char(12)"}
"""Members of the file that lists and scopes ask for."""
SEALED = ("applicant_name", "applicant_identifier", "applicant_phone")
_TYPES = {**CASE_TYPES, **_FOUND_BY, **dict.fromkeys((*SEALED, "applicant_index"), "bytea")}
STATE = tuple(CASE_TYPES)
WRITTEN = (*STATE, *_FOUND_BY)
_FIXED = frozenset(
    {
        "id", "division", "level", "office_id", "item_code", "duty", "applicant_kind", "registered_at", "case_number",
        "channel", "handling", "application_id",
    }
)  # fmt: skip
FROM_EVENT = "file"
"""The one column that is taken out of the event's data: it is large, and need not be written out and sent twice."""
OWN = tuple(name for name in WRITTEN if name != FROM_EVENT)
CHANGING = tuple(name for name in OWN if name not in _FIXED)
ADDED = (*OWN, *SEALED, "applicant_index")


def _assigned(names: Sequence[str], first: int) -> dict[str, str]:
    """What each column is set to; the values begin at number `first`, and those of `telling` follow them."""
    values = {name: f"${number}::{_TYPES[name]}" for number, name in enumerate(names, first)}
    return {**values, FROM_EVENT: f"{event_data(first + len(names))}::jsonb -> '{FROM_EVENT}'"}


@dataclass(frozen=True, slots=True)
class OnceKey:
    """What keeps a request from being done twice: a row that can be inserted once only.

    Attributes:
        sql: an insert with parameters from $1 that returns a row the first time and none afterwards.
        values: of its parameters.
    """

    sql: str
    values: tuple[Any, ...]


ALWAYS = OnceKey("SELECT 1", ())
"""For callers that cannot repeat themselves."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a writing statement has done.

    Attributes:
        is_first: False if the request was done before; nothing was written then.
        is_done: False if the row was no longer as the caller saw it; the transaction must be rolled back then.
    """

    is_first: bool
    is_done: bool


def _statement(once: str, write: str, first: int) -> str:
    """Claims the request's key, writes the row, its audit entry and its event; each step feeds the next."""
    return (
        f"WITH claimed AS ({once}), written AS ({write} RETURNING c.id), {telling(first)}"  # noqa: S608 - constants
        "SELECT EXISTS (SELECT FROM claimed) AS is_first, EXISTS (SELECT FROM sent) AS is_done"
    )


@lru_cache(maxsize=8)
def add_statement(once: str, first: int) -> str:
    """A new case."""
    columns = _assigned(ADDED, first)
    write = f"INSERT INTO cases AS c ({', '.join(columns)}) SELECT {', '.join(columns.values())} FROM claimed"  # noqa: S608
    return _statement(once, write, first + len(ADDED))


def _visible(low: str, high: str) -> str:
    """A case is seen from its division's subtree, and by the offices that hold it or are asked to. Source: O4.3b."""
    columns = ("c.division", "c.holder_division", "c.offered_division")
    return f"({' OR '.join(WITHIN.format(column=column, low=low, high=high) for column in columns)})"


@lru_cache(maxsize=8)
def change_statement(once: str, first: int) -> str:
    """The next version of a case."""
    sets = ", ".join(f"{name} = {value}" for name, value in _assigned(CHANGING, first + 4).items())
    write = (
        f"UPDATE cases c SET {sets} FROM claimed WHERE c.id = ${first} AND c.version = ${first + 1} "  # noqa: S608
        f"AND {_visible(f'${first + 2}', f'${first + 3}')}"
    )
    return _statement(once, write, first + 4 + len(CHANGING))


_NAMES = item_names(code="c.item_code", at="c.registered_at")
"""As they were when the case was registered; a version that is to come names no case of before."""
_COLUMNS = ", ".join(f"c.{name}::text" if name == "file" else f"c.{name}" for name in STATE)
_OPENED = f"{_COLUMNS}, {', '.join(f'c.{name}' for name in SEALED)}, names.item_name, names.duty_label"
_SOURCE = f"FROM cases c LEFT JOIN LATERAL ({_NAMES}) AS names ON true "
SELECT = f"SELECT {_OPENED} {_SOURCE}"


def chosen(conditions: str, order: str, limit: int) -> str:
    """A page of cases: they are chosen first, so that names are looked up for those of the page only."""
    return (
        f"SELECT {_OPENED} FROM (SELECT * FROM cases c WHERE {conditions} ORDER BY {order} LIMIT {int(limit)}) AS c "  # noqa: S608
        f"LEFT JOIN LATERAL ({_NAMES}) AS names ON true ORDER BY {order}"
    )


_PLACES = ", ".join(
    f"coalesce((SELECT heir FROM directory_heirs WHERE code = c.{side}_division), "  # noqa: S608 - constants
    f"c.{side}_division) AS {side}_place"
    for side in ("holder", "offered")
)
FIND = (
    f"SELECT {_OPENED}, {CALENDAR_VERSION} AS calendar_version, {_PLACES} {_SOURCE}"
    f"WHERE c.id = $1 AND {_visible('$2', '$3')}"
)
STATE_ONLY = f"SELECT {_COLUMNS} FROM cases c WHERE c.id = $1 AND {_visible('$2', '$3')}"  # noqa: S608
IS_OPEN = "c.status IN ('registered', 'supplementing', 'accepted')"
OF_APPLICANT = (
    f"SELECT {_COLUMNS} FROM cases c WHERE c.applicant_index = ANY ($1::bytea[]) "  # noqa: S608 - constants
    f"AND c.item_code = $2 AND {IS_OPEN} ORDER BY c.registered_at DESC, c.id DESC"
)
SILENT = (
    f"SELECT {_COLUMNS} FROM cases c WHERE c.status = 'registered' AND {IS_OPEN} "  # noqa: S608 - constants
    "AND c.file #>> '{terms,is_silence_acceptance}' = 'true' "
    "AND coalesce(c.due_on, 'infinity'::date) < $1 "
    "AND (coalesce(c.due_on, 'infinity'::date), c.id) > ($3, $4) "
    "ORDER BY coalesce(c.due_on, 'infinity'::date), c.id LIMIT $2 FOR UPDATE SKIP LOCKED"
)
OPEN = (
    f"SELECT {_COLUMNS} FROM cases c WHERE {IS_OPEN} AND ($1::uuid IS NULL OR c.id > $1) "  # noqa: S608 - constants
    "ORDER BY c.id LIMIT $2 FOR UPDATE"
)
OPEN_OF = f"SELECT {_COLUMNS} FROM cases c WHERE {IS_OPEN} AND c.id = ANY($1::uuid[]) ORDER BY c.id FOR UPDATE"  # noqa: S608
OF_APPLICATION = f"SELECT {_COLUMNS} FROM cases c WHERE c.application_id = ANY($1::uuid[]) ORDER BY c.id"  # noqa: S608
BY_NUMBER = f"{SELECT}WHERE c.case_number = $1 AND c.applicant_index = ANY ($2::bytea[])"
_ITEM = item_lookup(code="$3", day="$2", division="$1")
COUNTER = (
    f"SELECT *, nextval('case_serials') AS serial, {CALENDAR_VERSION} AS calendar_version "  # noqa: S608
    f"FROM ({OPERATING_OFFICE}) AS office LEFT JOIN LATERAL ({_ITEM}) AS item ON true"
)
