"""Columns, the header row, and rows out of cells. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from registry.sheets.domain.cells import Cell, CellWrong, Choice, Identifier, Kind, Raw, Whole, clean, plain

ID, VERSION = "id", "version"
LABEL = "（名称）"
HEADER_ROW = 1


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list; a column of codes has a column of labels behind it.

    Attributes:
        key: what of the row it shows.
        header: Chinese, unique in the list; the unit stands in it.
        help: what it means.
        is_required: blank is wrong in a row that is imported.
        is_shown_only: an import may repeat it, not fill it in or change it.
        is_fixed: a new row tells it, and nothing changes it afterwards.
        is_asked_only: no part of the record: how it is found, why it changes.
        read: gives the value out of a row; by default the attribute `key`.
    """

    key: str
    header: str
    kind: Kind
    help: str = ""
    is_required: bool = False
    is_shown_only: bool = False
    is_fixed: bool = False
    is_asked_only: bool = False
    read: Callable[[Any], Any] | None = field(default=None, compare=False)

    def value_of(self, row: Any) -> Any:
        """What a row has here."""
        return self.read(row) if self.read else getattr(row, self.key)

    @property
    def has_label(self) -> bool:
        """True if a column of labels follows."""
        return isinstance(self.kind, Choice)


def shown_only(key: str, header: str, kind: Kind, **more: Any) -> Column:
    """A column that people read and do not fill in.

    Source: ADR 0015.
    """
    return Column(key, header, kind, is_shown_only=True, **more)


ID_COLUMN = Column(ID, "编号", Identifier(), "系统编号；变更的行须保留，新增的行留空", is_asked_only=True)
VERSION_COLUMN = Column(
    VERSION, "版本", Whole(1), "导出时的版本；变更的行须保留，据以发现他人的修改", is_asked_only=True
)


@dataclass(frozen=True, slots=True)
class RowWrong:
    """One thing that is wrong with a row.

    Attributes:
        row: number as the spreadsheet counts, 1 is the header.
        header: of the column; "" if the row as a whole is wrong.
        code: stable, English.
        reason: Chinese.
    """

    row: int
    header: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row whose cells could be read.

    Attributes:
        number: as the spreadsheet counts.
        values: by key, only the columns that the file has; None is a blank cell.
    """

    number: int
    values: Mapping[str, Any]

    @property
    def is_new(self) -> bool:
        """True if it names no record."""
        return self.values.get(ID) is None


def headers_of(columns: Sequence[Column]) -> list[str]:
    """The header row, labels behind their codes.

    Source: ADR 0015.
    """
    return [header for column in columns for header in _headers(column)]


def _headers(column: Column) -> Iterator[str]:
    yield column.header
    if column.has_label:
        yield column.header + LABEL


def cells_of(columns: Sequence[Column], row: Any) -> list[Cell]:
    """The cells of a row, in the order of `headers_of`.

    Source: ADR 0015.
    """
    cells: list[Cell] = []
    for column in columns:
        value = column.value_of(row)
        cells.append(None if value is None else column.kind.show(value))
        if isinstance(column.kind, Choice):
            cells.append(None if value is None else column.kind.labels.get(str(value), str(value)))
    return cells


def looks_of(columns: Sequence[Column]) -> list[str]:
    """How each column is written, in the order of `headers_of`.

    Source: ADR 0015.
    """
    return [look for column in columns for look in (column.kind.look, *(["text"] if column.has_label else []))]


def same_header(header: str) -> str:
    """A header as people may have retyped it: without blanks, marks of obligation and full-width signs.

    Source: ADR 0015.
    """
    return "".join(plain(header).split()).rstrip("*")


@dataclass(frozen=True, slots=True)
class Heading:
    """Which column of a file is which.

    Attributes:
        places: position in a row → the column, and whether it is the column of its labels.
    """

    places: Mapping[int, tuple[Column, bool]]

    @property
    def keys(self) -> frozenset[str]:
        """What the file has."""
        return frozenset(column.key for column, _ in self.places.values())


def read_heading(columns: Sequence[Column], cells: Sequence[Raw]) -> tuple[Heading, list[RowWrong]]:
    """Finds the columns by their headers, in any order; columns that nobody knows, or twice, are told.

    Source: ADR 0015.
    """
    known = {same_header(column.header): (column, False) for column in columns}
    known |= {same_header(column.header + LABEL): (column, True) for column in columns if column.has_label}
    places: dict[int, tuple[Column, bool]] = {}
    wrong: list[RowWrong] = []
    seen: set[str] = set()
    for place, raw in enumerate(cells):
        header = clean(raw)
        if header is None:
            continue
        name = same_header(str(header))
        if name not in known:
            wrong.append(RowWrong(HEADER_ROW, shown_header(raw), "unknown-column", "没有这一列；请使用模板的列名"))
        elif name in seen:
            wrong.append(RowWrong(HEADER_ROW, shown_header(raw), "column-twice", "同一列出现两次"))
        else:
            seen.add(name)
            places[place] = known[name]
    heading = Heading(places)
    wrong.extend(
        RowWrong(HEADER_ROW, column.header, "missing-column", f"缺少“{column.header}”列")
        for column in columns
        if column.is_required and column.key not in heading.keys
    )
    return heading, wrong


def shown_header(raw: Raw) -> str:
    """A header in an error: its beginning, without long runs of digits.

    Source: ADR 0015.
    """
    text = plain(str(raw))
    return "…" if any(char.isdigit() for char in text) else text[:30]


def read_row(heading: Heading, number: int, cells: Sequence[Raw]) -> tuple[Row, list[RowWrong]]:
    """Reads the cells of a row; what cannot be read is told and left out of the values.

    Source: ADR 0015.
    """
    values: dict[str, Any] = {}
    labels: dict[str, tuple[Column, Any]] = {}
    wrong: list[RowWrong] = []
    for place, (column, is_label) in heading.places.items():
        raw = clean(cells[place] if place < len(cells) else None)
        if is_label:
            labels[column.key] = (column, raw)
            continue
        try:
            values[column.key] = None if raw is None else column.kind.parse(raw)
        except CellWrong as error:
            wrong.append(RowWrong(number, column.header, error.code, error.reason))
    broken = {one.header for one in wrong}
    for column, label in labels.values():
        if label is not None and column.header not in broken:
            faults = list(_settle_label(values, column, label, number))
            wrong += faults
            broken |= {column.header} if faults else set()
    for column, is_label in heading.places.values():
        if column.is_required and not is_label and values.get(column.key) is None and column.header not in broken:
            wrong.append(RowWrong(number, column.header, "required", "必填"))
    return Row(number, values), wrong


def _settle_label(values: dict[str, Any], column: Column, label: Any, number: int) -> Iterator[RowWrong]:
    """A label alone stands for its code; beside a code it must be that code's."""
    assert isinstance(column.kind, Choice)  # noqa: S101 - only these have labels
    try:
        code = column.kind.code_of(str(label))
    except CellWrong as error:
        yield RowWrong(number, column.header + LABEL, error.code, error.reason)
        return
    if values.get(column.key) is None:
        values[column.key] = code
    elif values[column.key] != code:
        yield RowWrong(number, column.header + LABEL, "label-differs", "代码与名称不一致；改一个时请同时改另一个")


def changed_shown_only(columns: Sequence[Column], row: Row, current: Any) -> list[RowWrong]:
    """Cells that an import may only repeat and that say something else than the record: told, not ignored.

    Source: ADR 0015.
    """
    wrong = []
    for column in columns:
        wanted = row.values.get(column.key)
        if not (column.is_shown_only or column.is_fixed) or wanted is None or is_same(column, wanted, current):
            continue
        code, reason = ("shown-only", "该列只供查看，不能通过导入修改")
        if column.is_fixed:
            code, reason = ("fixed", "登记后不能变更；请另行登记")
        wrong.append(RowWrong(row.number, column.header, code, reason))
    return wrong


def is_same(column: Column, wanted: Any, current: Any) -> bool:
    """True if a cell says what the record is, in whatever order or spelling.

    Source: ADR 0015.
    """
    value = column.value_of(current)
    if wanted is None or value is None:
        return wanted is None and value in {None, ()}
    return bool(wanted == value) or column.kind.show(wanted) == column.kind.show(value)


def differences(columns: Sequence[Column], row: Row, current: Any) -> dict[str, Any]:
    """What a row wants otherwise than a record is; columns that the file does not have stay as they are.

    Source: ADR 0015.
    """
    return {
        column.key: row.values[column.key]
        for column in columns
        if column.key in row.values
        and not (column.is_shown_only or column.is_fixed or column.is_asked_only)
        and not is_same(column, row.values[column.key], current)
    }


def twice(rows: Sequence[Row], keys: Sequence[tuple[str, ...]], headers: Mapping[str, str]) -> list[RowWrong]:
    """Rows of one file that name the same thing; told of each of them, with the number of the other.

    Source: ADR 0015.

    Args:
        keys: each of them tells what may stand in the file once; a row that lacks a part of it is not asked, and
            records that exist side by side already are no repetition.
    """
    wrong = []
    for key in keys:
        seen: dict[tuple[Any, ...], list[Row]] = {}
        for row in rows:
            values = tuple(row.values.get(part) for part in key)
            if all(value is not None for value in values):
                seen.setdefault(values, []).append(row)
        header = headers.get(key[-1], "")
        for same in seen.values():
            if len(same) > 1 and (key == (ID,) or any(row.is_new for row in same)):
                numbers = [row.number for row in same]
                others = [numbers[1], *([numbers[0]] * (len(numbers) - 1))]
                wrong += [
                    RowWrong(number, header, "row-twice", f"与第{other}行重复")
                    for number, other in zip(numbers, others, strict=True)
                ]
    return wrong
