"""Who receives a dispatch: the addressed, once each, and whoever stands between them and the sender."""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from common.divisions import LEVELS, Level, ancestors_of, level_of, subtree_range

_RANK = {level: rank for rank, level in enumerate(LEVELS)}


class Receiver(NamedTuple):
    """One node's place in a dispatch.

    Attributes:
        node: its division.
        parent: who hands it down to the node.
        is_addressed: whether the node signs for it.
    """

    node: str
    parent: str
    is_addressed: bool


def receivers(
    *, sender: str, roots: Collection[str], down_to: Level, places: Iterable[str], under: str | None = None
) -> list[Receiver]:
    """Everybody to whom a dispatch goes, by code.

    Addressed is every place in the subtree of a root, down to the lowest level, and a root itself wherever it lies; the
    sender is not, and nobody outside the sender's subtree. Divisions between an addressed one and the sender hand it
    on. A level that does not exist (东莞 and 中山 have no county) is passed over. Source: architecture.md §5, ADR 0018.

    Args:
        sender: whose record it is.
        roots: of the subtrees addressed.
        down_to: the lowest level addressed.
        places: divisions with an office, today.
        under: only what this node and those below it have to know; None for everybody.
    """
    wanted = frozenset(roots)
    found: dict[str, Receiver] = {}
    for code in places:
        way = [code, *ancestors_of(code)]
        if code == sender or sender not in way:
            continue
        if code in wanted or (_RANK[level_of(code)] <= _RANK[down_to] and not wanted.isdisjoint(way)):
            found[code] = Receiver(code, way[1], is_addressed=True)
            for node, parent in _between(way, sender):
                found.setdefault(node, Receiver(node, parent, is_addressed=False))
    if under is not None:
        low, high = subtree_range(under)
        return [found[code] for code in sorted(found) if low <= code <= high]
    return [found[code] for code in sorted(found)]


def _between(way: list[str], sender: str) -> Iterator[tuple[str, str]]:
    """The nodes above the first of the way and below the sender, each with who hands down to it."""
    last = way.index(sender)
    return ((way[place], way[place + 1]) for place in range(1, last))
