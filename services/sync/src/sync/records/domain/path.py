"""The path of a record: which levels it passes, in which order."""

from dataclasses import dataclass
from functools import lru_cache

from common.divisions import LEVELS, Level, ancestors_of, level_of, node_at


@dataclass(frozen=True, slots=True)
class Hop:
    """One level's place on a record's path.

    Attributes:
        level: the level.
        node: its node's division code.
        below: the level that passes the record to it; None at the origin.
        below_node: that level's node.
        above: the level that it passes the record to; None at the province.
        above_node: that level's node.
    """

    level: Level
    node: str
    below: Level | None
    below_node: str | None
    above: Level | None
    above_node: str | None


@lru_cache(maxsize=262_144)
def hop_at(division: str, level: Level) -> Hop | None:
    """The place of `level` on the path of a record of `division`; None where the path does not pass it.

    A level that does not exist above the division (东莞 and 中山 have no county) is not on the path; nothing else is
    left out. Source: O4.2a, architecture.md §5.
    """
    path = [division, *ancestors_of(division)]
    node = node_at(division, level)
    if node is None:
        return None
    place = path.index(node)
    below = path[place - 1] if place else None
    above = path[place + 1] if place + 1 < len(path) else None
    return Hop(
        level=level,
        node=node,
        below=None if below is None else level_of(below),
        below_node=below,
        above=None if above is None else level_of(above),
        above_node=above,
    )


def path_of(division: str) -> list[Hop]:
    """The record's path, origin first. Source: O4.2a."""
    hops = (hop_at(division, level) for level in reversed(LEVELS))
    return [hop for hop in hops if hop is not None]
