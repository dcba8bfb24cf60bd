"""The path of a record: which levels it passes, in which order."""

from dataclasses import dataclass, replace
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


@lru_cache(maxsize=65_536)
def hop_on(division: str, routed: str | None, level: Level) -> Hop | None:
    """The place of `level` on the way of a record whose division may have been retired since.

    The way is that of the division which took over: records keep the division of their time, routes follow the tree of
    today. A record that is already in front of a level which today's way does not pass stays there once and goes on to
    the next level that it does pass. Source: standards.md §1 (Order 79), architecture.md §5, ADR 0014.

    Args:
        division: the record's own.
        routed: who took over; None while the division is in force.
        level: whose place.
    """
    if routed is None:
        return hop_at(division, level)
    own, hop = hop_at(division, level), hop_at(routed, level)
    if hop is not None or own is None:
        return hop
    above = next(one for one in path_of(routed) if LEVELS.index(one.level) < LEVELS.index(level))
    return replace(own, above=above.level, above_node=above.node)
