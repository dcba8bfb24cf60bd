"""Charter: the arithmetic of 12-digit division codes: level, parent, subtree, path. No I/O, no names.

A code is 2 digits of province, 2 of city, 2 of county, 3 of town, 3 of village (standards.md §1). Two cities of
Guangdong have no county level: their towns carry county digits 00, and their parent is the city.
"""

from enum import StrEnum
from functools import lru_cache

from common.errors import Invalid


class Level(StrEnum):
    """The five levels of the network (五级)."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"


LEVELS: tuple[Level, ...] = (Level.PROVINCE, Level.CITY, Level.COUNTY, Level.TOWN, Level.VILLAGE)
"""Top down."""

LEVEL_LABELS: dict[Level, str] = {
    Level.PROVINCE: "省",
    Level.CITY: "市",
    Level.COUNTY: "县",
    Level.TOWN: "镇",
    Level.VILLAGE: "村",
}

CODE_LENGTH = 12
_PREFIX_LENGTH: dict[Level, int] = {
    Level.PROVINCE: 2,
    Level.CITY: 4,
    Level.COUNTY: 6,
    Level.TOWN: 9,
    Level.VILLAGE: 12,
}


class InvalidDivisionCode(Invalid):
    """The text is not a division code."""

    code = "division.code-invalid"
    title = "行政区划代码格式不正确"


def is_code(text: str) -> bool:
    """True if the text has the form of a division code: 12 ASCII digits, a province, no gap but a missing county."""
    if len(text) != CODE_LENGTH or not text.isascii() or not text.isdigit() or text[:2] == "00":
        return False
    city, county, town, village = text[2:4], text[4:6], text[6:9], text[9:12]
    if city == "00":
        return county == "00" and town == "000" and village == "000"
    return not (town == "000" and village != "000")


@lru_cache(maxsize=65536)
def level_of(code: str) -> Level:
    """The level that a code stands for.

    Raises:
        InvalidDivisionCode: not a code.
    """
    if not is_code(code):
        raise InvalidDivisionCode
    if code[9:] != "000":
        return Level.VILLAGE
    if code[6:9] != "000":
        return Level.TOWN
    if code[4:6] != "00":
        return Level.COUNTY
    return Level.CITY if code[2:4] != "00" else Level.PROVINCE


def valid_code(code: str) -> str:
    """The code itself.

    Raises:
        InvalidDivisionCode: not a code.
    """
    level_of(code)
    return code


def node_at(code: str, level: Level) -> str | None:
    """The code of the division of `level` that contains `code`; None where that level does not exist above it."""
    own = level_of(code)
    if LEVELS.index(level) > LEVELS.index(own):
        return None
    candidate = code[: _PREFIX_LENGTH[level]].ljust(CODE_LENGTH, "0")
    return candidate if level_of(candidate) is level else None


@lru_cache(maxsize=65536)
def parent_of(code: str) -> str | None:
    """The next division above, over a county that does not exist; None for a province."""
    for level in reversed(LEVELS[: LEVELS.index(level_of(code))]):
        parent = node_at(code, level)
        if parent is not None:
            return parent
    return None


def ancestors_of(code: str) -> list[str]:
    """All divisions above, nearest first."""
    found: list[str] = []
    above = parent_of(code)
    while above is not None:
        found.append(above)
        above = parent_of(above)
    return found


def path_levels(code: str) -> list[Level]:
    """The levels that a record of this division passes: its own first, the province last."""
    return [level_of(code), *(level_of(above) for above in ancestors_of(code))]


def subtree_range(code: str) -> tuple[str, str]:
    """Inclusive bounds of the codes of a division and all below it, for `BETWEEN` on a "C"-collated column."""
    prefix = code[: _PREFIX_LENGTH[level_of(code)]]
    return prefix.ljust(CODE_LENGTH, "0"), prefix.ljust(CODE_LENGTH, "9")


def contains(root: str, code: str) -> bool:
    """True if `code` is `root` or lies below it."""
    low, high = subtree_range(root)
    return low <= code <= high
