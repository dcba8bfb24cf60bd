"""The path of a record: which levels it passes, in which order."""

from dataclasses import dataclass, replace
from functools import lru_cache

from common.contracts.sync import PAST_THE_HIERARCHY
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


def is_straight(record_type: str) -> bool:
    """True of records that go from their origin straight to the province: nobody in between has to accept them.

    Source: G2.
    """
    return record_type in PAST_THE_HIERARCHY


@lru_cache(maxsize=65_536)
def hop_on(division: str, routed: str | None, level: Level, *, straight: bool = False) -> Hop | None:
    """The place of `level` on the way of a record whose division may have been retired since.

    The way is that of the division which took over: records keep the division of their time, routes follow the tree of
    today. A record that is already in front of a level which today's way does not pass stays there once and goes on to
    the next level that it does pass. A straight way has its two ends only.

    Source: standards.md §1 (Order 79), architecture.md §5, ADR 0014; G2.

    Args:
        division: the record's own.
        routed: who took over; None while the division is in force.
        level: whose place.
        straight: past the hierarchy.
    """
    hop = _climbing(division, routed, level)
    if not straight or hop is None:
        return hop
    origin = level_of(division)
    if level is origin:
        top = None if origin is Level.PROVINCE else _climbing(division, routed, Level.PROVINCE)
        return replace(hop, above=None if top is None else top.level, above_node=None if top is None else top.node)
    if level is not Level.PROVINCE:
        return None
    start = _climbing(division, routed, origin)
    return None if start is None else replace(hop, below=origin, below_node=start.node)


def way_of(division: str, routed: str | None, *, straight: bool = False) -> list[Hop]:
    """The way of a record from today on, origin first. Source: O4.2a, G2."""
    hops = path_of(routed or division)
    if not straight:
        return hops
    ends = (
        hop_on(division, routed, level, straight=True) for level in dict.fromkeys((level_of(division), Level.PROVINCE))
    )
    return [hop for hop in ends if hop is not None]


def _climbing(division: str, routed: str | None, level: Level) -> Hop | None:
    if routed is None:
        return hop_at(division, level)
    own, hop = hop_at(division, level), hop_at(routed, level)
    if hop is not None or own is None:
        return hop
    above = next(one for one in path_of(routed) if LEVELS.index(one.level) < LEVELS.index(level))
    return replace(own, above=above.level, above_node=above.node)
