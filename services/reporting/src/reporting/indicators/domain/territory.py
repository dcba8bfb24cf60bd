"""Which codes make up a division as it is bounded today. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from common.divisions import ancestors_of, contains


class Transfer(NamedTuple):
    """A retired code and who took over; its past belongs to the heir's territory of today."""

    code: str
    heir: str


def territories_of(divisions: Iterable[str], transfers: Iterable[Transfer]) -> dict[str, dict[str, int]]:
    """Division → codes whose sums make it up as it is bounded today: 1 adds, -1 takes away.

    An office counts where the innermost retired code at or above it has gone: what a division took over since counts
    for its past as well, what it gave away does not, and what lies below a code that moved may have gone elsewhere. A
    retired division has nothing left, because all of it counts with its heirs. A code that was split goes to its first
    successor whole.

    Source: S1; standards.md §1, ADR 0014.
    """
    heirs = {one.code: one.heir for one in transfers}
    touching: dict[str, set[str]] = defaultdict(set)
    for code, heir in heirs.items():
        for division in {code, heir, *ancestors_of(code), *ancestors_of(heir)}:
            touching[division].add(code)
    return {one: _territory(one, heirs, touching) if one in touching else {one: 1} for one in divisions}


def territory_of(division: str, transfers: Iterable[Transfer]) -> dict[str, int]:
    """The same of one division.

    Source: S1; standards.md §1, ADR 0014.
    """
    return territories_of([division], transfers)[division]


def _territory(division: str, heirs: Mapping[str, str], touching: Mapping[str, Collection[str]]) -> dict[str, int]:
    if division in heirs:
        return {}
    near = set(touching[division])
    for code in touching[division]:
        if not contains(division, code):
            near.update(touching[code])
    is_in = {division: True} | {code: contains(division, heirs[code]) for code in near}
    found: dict[str, int] = {}
    for code, is_ours in is_in.items():
        above = next((one for one in ancestors_of(code) if one in is_in), None)
        change = is_ours - (above is not None and is_in[above])
        if change:
            found[code] = change
    return found


def own_places_of(divisions: Iterable[str], transfers: Iterable[Transfer]) -> dict[str, dict[str, int]]:
    """Division → codes whose own offices are its own today: itself and what went to itself; none of a retired one.

    Source: S1; standards.md §1, ADR 0014.
    """
    taken: dict[str, dict[str, int]] = defaultdict(dict)
    retired = set()
    for code, heir in transfers:
        taken[heir][code] = 1
        retired.add(code)
    return {one: {} if one in retired else {one: 1, **taken.get(one, {})} for one in divisions}
