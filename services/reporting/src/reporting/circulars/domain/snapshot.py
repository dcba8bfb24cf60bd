"""A frozen snapshot: tables of named queries, their canonical form, their digest, and what differs from another. Pure.

The canonical form is JSON with sorted members, no spaces, numbers as decimal texts and instants in Beijing time, so
that the same facts always give the same bytes and the same SHA-256.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from common.clock import iso
from common.contracts.reporting.circulars import Better, QueryState

RANK = "rank"
FORM = 1
"""Of the canonical form; a snapshot is read by the rules of its own."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; the first one is ranked, and is what `n.<query>.<division>` names."""

    code: str
    title: str
    unit: str = ""
    is_number: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """One number or word, and what it rests on.

    Attributes:
        value: a decimal text or a word; None is not known.
        as_of: the newest fact that it holds.
        known: how many places it comes from; None where that is no question.
        expected: how many there are.
        sources: (record, id, version) behind it.
    """

    value: str | None
    as_of: datetime | None = None
    known: int | None = None
    expected: int | None = None
    sources: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """What the query says of one division."""

    division: str
    name: str
    cells: tuple[Cell, ...]
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to one query: the children of the scope, and the scope itself where it has a value."""

    query: QueryState
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None = None

    @property
    def all_rows(self) -> tuple[Row, ...]:
        """The total, where there is one, after the children."""
        return self.rows if self.total is None else (*self.rows, self.total)

    @property
    def as_of(self) -> datetime | None:
        """The newest fact of the table."""
        return max((cell.as_of for row in self.all_rows for cell in row.cells if cell.as_of), default=None)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All tables of a circular on one day.

    Attributes:
        moment: whose state was asked for: the end of the day, or when it was asked if that day was not over.
    """

    scope: str
    on: date
    tables: tuple[Table, ...]
    moment: datetime | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a snapshot by its name."""

    name: str
    label: str
    query: str
    division: str
    column: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Difference:
    """A number that is not the same in two snapshots."""

    name: str
    label: str
    old: str | None
    new: str | None


def canonical(snapshot: Snapshot) -> bytes:
    """The snapshot as canonical JSON.

    Source: O6.3b.
    """
    whole: dict[str, Any] = {
        "form": FORM,
        "scope": snapshot.scope,
        "on": snapshot.on.isoformat(),
        "tables": [_table_json(table) for table in snapshot.tables],
    }
    if snapshot.moment is not None:
        whole["moment"] = iso(snapshot.moment)
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain).encode()


def digest_of(content: bytes) -> str:
    """SHA-256, hex.

    Source: O6.3b.
    """
    return hashlib.sha256(content).hexdigest()


def read_snapshot(content: bytes) -> Snapshot:
    """The snapshot that a canonical form holds.

    Source: O6.3b.
    """
    whole = json.loads(content)
    tables = tuple(_table_of(one) for one in whole["tables"])
    moment = whole.get("moment")
    asked = None if moment is None else datetime.fromisoformat(moment)
    return Snapshot(whole["scope"], date.fromisoformat(whole["on"]), tables, asked)


def plain(value: Decimal | int) -> str:
    """A number as the text that stands in snapshots and documents: no exponent, no negative zero.

    Source: O6.3b.
    """
    return format(Decimal(value) + 0, "f")


def ranked(rows: Iterable[Row], better: Better | None) -> tuple[Row, ...]:
    """The rows in the order in which they are printed, with their ranks.

    Equal values share a rank, and the next rank leaves as many out (1, 2, 2, 4); what has no value has no rank and
    stands last; equal ones stand in the order of their codes. Without a ranking: the order of the codes.

    Source: O6.3b.
    """
    by_code = sorted(rows, key=lambda row: row.division)
    if better is None:
        return tuple(Row(row.division, row.name, row.cells) for row in by_code)
    valued = [(Decimal(row.cells[0].value), row) for row in by_code if row.cells[0].value is not None]
    valued.sort(key=lambda pair: -pair[0] if better == "higher" else pair[0])
    found: list[Row] = []
    for place, (value, row) in enumerate(valued, 1):
        shared = place > 1 and valued[place - 2][0] == value
        rank = found[-1].rank if shared else place
        found.append(Row(row.division, row.name, row.cells, rank))
    rest = (Row(row.division, row.name, row.cells) for row in by_code if row.cells[0].value is None)
    return (*found, *rest)


def rule_of(table: Table) -> str | None:
    """The rule of a ranking, in words that stand under its table.

    Source: O6.3b.
    """
    if table.query.better is None:
        return None
    order = "由高到低" if table.query.better == "higher" else "由低到高"
    return f"按“{table.columns[0].title}”{order}排列，数值相同的名次并列，其后名次相应空出；没有数值的不排名"


def numbers_of(snapshot: Snapshot) -> dict[str, Number]:
    """Every number by its name: `n.<query>.<division>` is the first column, `….<column>` any, `….rank` the rank.

    Source: O6.3b.
    """
    found: dict[str, Number] = {}
    for table in snapshot.tables:
        code = table.query.code
        for row in table.all_rows:
            short = f"n.{code}.{row.division}"
            for column, cell in zip(table.columns, row.cells, strict=True):
                label = f"{row.name}{table.query.title}：{column.title}"
                number = Number(f"{short}.{column.code}", label, code, row.division, column.code, cell)
                found[number.name] = number
                found.setdefault(short, number)
            if row.rank is not None:
                rank = Cell(str(row.rank), row.cells[0].as_of, sources=row.cells[0].sources)
                name = f"{short}.{RANK}"
                found[name] = Number(name, f"{row.name}{table.query.title}：名次", code, row.division, RANK, rank)
    return found


def differences(old: Snapshot, new: Snapshot) -> list[Difference]:
    """The numbers whose values are not the same, each one time, in the order of their names.

    A rank that moved is told too: it stands in the table that was published.

    Source: O6.3b.
    """
    before, after = _values(old), _values(new)
    found = []
    for name in sorted({*before, *after}):
        was, now_is = before.get(name), after.get(name)
        told = now_is or was
        if told is not None and (was.cell.value if was else None) != (now_is.cell.value if now_is else None):
            values = (was.cell.value if was else None, now_is.cell.value if now_is else None)
            found.append(Difference(name, told.label, *values))
    return found


def _values(snapshot: Snapshot) -> dict[str, Number]:
    return {number.name: number for number in numbers_of(snapshot).values()}


def _table_json(table: Table) -> dict[str, Any]:
    return {
        "query": table.query.model_dump(mode="json"),
        "columns": [asdict(column) for column in table.columns],
        "rows": [asdict(row) for row in table.rows],
        "total": None if table.total is None else asdict(table.total),
    }


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return iso(value)
    msg = f"{type(value).__name__} has no canonical form"
    raise TypeError(msg)


def _table_of(told: Mapping[str, Any]) -> Table:
    return Table(
        QueryState.model_validate(told["query"]),
        tuple(Column(**column) for column in told["columns"]),
        _rows_of(told["rows"]),
        None if told["total"] is None else _rows_of([told["total"]])[0],
    )


def _rows_of(told: Sequence[Mapping[str, Any]]) -> tuple[Row, ...]:
    return tuple(Row(row["division"], row["name"], tuple(map(_cell_of, row["cells"])), row["rank"]) for row in told)


def _cell_of(told: Mapping[str, Any]) -> Cell:
    as_of = None if told["as_of"] is None else datetime.fromisoformat(told["as_of"])
    sources = tuple((record, record_id, version) for record, record_id, version in told["sources"])
    return Cell(told["value"], as_of, told["known"], told["expected"], sources)
