"""What one line of the committed division file says. Pure: the reader does the I/O."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from common.divisions import Level

DATA_AS_OF = date(2023, 6, 30)
"""The day whose divisions the file shows (standards.md §11)."""


class DivisionKind(StrEnum):
    """What a row stands for, as far as its source tells (standards.md §1, ADR 0006)."""

    STANDARD = "standard"
    """A province, city, county, or a formal town: 街道, 镇, 乡."""
    FILLER = "filler"
    """A county row that only repeats a city without counties (东莞, 中山); no place of its own."""
    INFORMAL = "informal"
    """A unit like a town (类似乡级单位): farm, prison, development zone; town segment 400-599."""
    RESIDENTS_COMMITTEE = "residents_committee"
    """居委会: village segment 000-199."""
    VILLAGE_COMMITTEE = "village_committee"
    """村委会: village segment 200-399."""
    OTHER = "other"
    """A unit like a village (类似居委会, 类似村委会, 虚拟生活区): village segment 400-599."""


KIND_LABELS: dict[DivisionKind, str] = {
    DivisionKind.STANDARD: "正式区划",
    DivisionKind.FILLER: "占位行",
    DivisionKind.INFORMAL: "类似乡级单位",
    DivisionKind.RESIDENTS_COMMITTEE: "居民委员会",
    DivisionKind.VILLAGE_COMMITTEE: "村民委员会",
    DivisionKind.OTHER: "类似村级单位",
}


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """One division; the key is (code, level), because a filler carries the code of its city.

    Args:
        code: 12 digits.
        name: as the source writes it, crooked names included.
    """

    code: str
    level: Level
    name: str
    kind: DivisionKind
