"""Things that Guangdong's tables keep in pairs of rows: what was asked, and what came of it, joined by 序号."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from casework.exchange.domain.forms import EX_GDBS, Row, Tables, fields_of, rows_of
from casework.exchange.domain.members import FILE_LISTS
from casework.exchange.domain.places import Flat, Place, Values, read_members, write_members


@dataclass(frozen=True, slots=True)
class RowPlaces:
    """Where one member of the file stands.

    Attributes:
        member: of the file.
        asked: table of its first row, which holds the extension fields.
        answered: table of its second row; there only when something stands in it.
        places: of its members.
    """

    member: str
    asked: str
    answered: str
    places: tuple[Place, ...]

    def write(self, values: Values, number: int, view: Flat) -> dict[str, Row]:
        """Both rows under one number."""
        fields = write_members(values, self.places, view=view, extend=self._extend)
        return {table: {"XH": str(number), **row} for table, row in rows_of(fields).items()}

    def read_all(self, tables: Tables, asked: Iterable[Row]) -> list[dict[str, Any]]:
        """Every pair; the second rows are found by their number."""
        answers: Mapping[Any, Row] = {row.get("XH"): row for row in tables.get(self.answered, ())}
        members = FILE_LISTS[self.member].model_fields
        return [
            read_members(
                fields_of({self.asked: row, self.answered: answers.get(row.get("XH"))}),
                members,
                self.places,
                extend=self._extend,
            )
            for row in asked
        ]

    def _extend(self, member: str) -> str:
        return f"{self.asked}.{EX_GDBS.extension(member)}"


def split_pair(tables: Tables, rows: Mapping[str, Row], common: Row) -> None:
    """Puts the rows of a pair into their tables, each with the common fields.

    Source: standards.md §5.
    """
    for table, row in rows.items():
        tables.setdefault(table, []).append(common | row)
