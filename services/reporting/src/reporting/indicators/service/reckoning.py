"""Use cases of values: sums of other features, taken together for divisions as they are bounded today."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from common.auth import Actor, require_scope
from common.clock import today
from common.contracts.reporting.indicators import IndicatorSpec
from common.db import Connection
from common.divisions import Level, contains
from reporting.indicators.catalogue import shipped
from reporting.indicators.domain import (
    Known,
    Parts,
    Transfer,
    Value,
    added,
    baseline_of,
    definitions_on,
    measures_of,
    months_of,
    own_places_of,
    parts_of,
    sources_of,
    territories_of,
    value_of,
)
from reporting.indicators.errors import IndicatorUnknown
from reporting.indicators.repository import Indicators
from reporting.indicators.service.expecting import directory_sums
from reporting.levels.service import Freshness
from reporting.programmes.service import list_programmes, members_of
from reporting.standings.service import freshness_of_sources, sums_on
from reporting.statistics.service import sums_of_months


@dataclass(frozen=True, slots=True)
class Reckoned:
    """An indicator of a division, with what it is made of.

    Attributes:
        baseline: the same as the survey found it; None where the survey does not ask.
    """

    spec: IndicatorSpec
    parts: Parts
    value: Value
    baseline: Value | None


async def values_of(
    conn: Connection,
    codes: Collection[str],
    *,
    level: Level,
    divisions: Collection[str],
    on: date,
    actor: Actor | None = None,
) -> dict[tuple[str, str], Value]:
    """(code, division) → value as of a day, by the definitions of that day, as a level knows it.

    Source: S1, S2, S3.

    Args:
        actor: whose scope the divisions have to lie in; None for what asks on behalf of somebody let through already.

    Raises:
        IndicatorUnknown: no such indicator on that day.
        OutOfScope: a division is not the actor's own and not below it.
    """
    if actor is not None:
        for division in divisions:
            require_scope(actor, division)
    known = definitions_on(shipped(), await Indicators(conn).definitions(), on)
    missing = sorted(set(codes) - set(known))
    if missing:
        raise IndicatorUnknown(indicators=[*missing])
    specs = [known[code].spec for code in dict.fromkeys(codes)]
    found = await reckon(conn, specs, level=level, divisions=list(dict.fromkeys(divisions)), on=on)
    return {key: one.value for key, one in found.items()}


async def reckon(
    conn: Connection,
    specs: Sequence[IndicatorSpec],
    *,
    level: Level,
    divisions: Sequence[str],
    on: date,
    own: bool = False,
    freshness: Mapping[str, Freshness] | None = None,
    transfers: Sequence[Transfer] | None = None,
) -> dict[tuple[str, str], Reckoned]:
    """(code, division) → what definitions come to; each source is asked once.

    Source: S1, S2, S3.

    Args:
        own: of the divisions' own offices alone, for the way down.
        freshness: of the level's sources, where it has been read already.
        transfers: of the divisions, or of more, where they have been read already.
    """
    if transfers is None:
        transfers = await Indicators(conn).transfers(divisions)
    if freshness is None:
        freshness = await freshness_of_sources(conn, level)
    lands = own_places_of(divisions, transfers) if own else territories_of(divisions, transfers)
    found: dict[tuple[str, str], Reckoned] = {}
    plain = [spec for spec in specs if spec.cohort is None]
    sums = await _sums(conn, plain, lands, level=level, on=on, own=own)
    for spec in plain:
        for division in divisions:
            found[spec.code, division] = _reckoned(spec, sums[spec.window_months][division], freshness, lands[division])
    for cohort in dict.fromkeys(spec.cohort for spec in specs if spec.cohort is not None):
        theirs = [spec for spec in specs if spec.cohort == cohort]
        of_cohort = await _sums_of_cohort(conn, cohort, theirs, divisions, level=level, on=on, own=own)
        found |= {
            (spec.code, division): _reckoned(spec, of_cohort[division], freshness, lands[division])
            for spec in theirs
            for division in divisions
        }
    return found


def _reckoned(
    spec: IndicatorSpec, known: Known, freshness: Mapping[str, Freshness], land: Mapping[str, int]
) -> Reckoned:
    parts, before = parts_of(spec, known), baseline_of(spec, known)
    baseline = None if before is None else _value(spec, before, Freshness())
    value = _value(spec, parts, _oldest(freshness[source] for source in sources_of(spec) if source in freshness))
    if not land:
        value = replace(value, value=None)
    return Reckoned(spec, parts, value, baseline)


def _oldest(found: Iterable[Freshness]) -> Freshness:
    """How far all sources have come: as far as the one that is behind; nowhere, if one has nothing yet."""
    told = list(found)
    as_of = [one.as_of for one in told if one.as_of is not None]
    accepted_at = [one.accepted_at for one in told if one.accepted_at is not None]
    is_all = bool(told) and len(as_of) == len(accepted_at) == len(told)
    return Freshness(as_of=min(as_of), accepted_at=min(accepted_at)) if is_all else Freshness()


def _value(spec: IndicatorSpec, parts: Parts, freshness: Freshness) -> Value:
    return Value(
        parts.numerator,
        parts.denominator,
        value_of(spec, parts),
        freshness.as_of,
        freshness.accepted_at,
        parts.expected,
        parts.known,
    )


async def _sums(
    conn: Connection,
    specs: Sequence[IndicatorSpec],
    lands: Mapping[str, Mapping[str, int]],
    *,
    level: Level,
    on: date,
    own: bool,
) -> dict[int, dict[str, Known]]:
    """Window in months → division → (source, measure) → sum."""
    codes = sorted({code for land in lands.values() for code in land})
    measures = sorted({measure for spec in specs for measure in measures_of(spec, "standings")})
    standings = await sums_on(conn, codes, measures, level=level, on=on, own=own)
    found: dict[int, dict[str, Known]] = {}
    for window in {spec.window_months for spec in specs}:
        of_window = [spec for spec in specs if spec.window_months == window]
        cases = sorted({measure for spec in of_window for measure in measures_of(spec, "figures")})
        months = months_of(of_window[0], on=on, today=today())
        listed = {measure for spec in of_window for measure in measures_of(spec, "directory")}
        directory = await directory_sums(conn, codes, listed, level=level, on=on, months=months, own=own)
        figures = await sums_of_months(conn, codes, cases, level=level, months=months, own=own)
        found[window] = {
            division: {
                **_named("standings", added((sign, standings.get(code, {})) for code, sign in land.items())),
                **_named("figures", added((sign, figures.get(code, {})) for code, sign in land.items())),
                **_named("directory", added((sign, directory.get(code, {})) for code, sign in land.items())),
            }
            for division, land in lands.items()
        }
    return found


@dataclass(frozen=True, slots=True)
class Cohort:
    """The towns of a cohort by their codes of today, and the codes that they took over.

    Attributes:
        places: code whose own offices count → the town that it counts with.
    """

    towns: Sequence[str]
    places: Mapping[str, str]

    def within(self, division: str, *, own: bool = False) -> list[str]:
        """The codes that count for a division: of its towns, or only where it is itself a town of the cohort."""
        return [code for code, town in self.places.items() if (town == division if own else contains(division, town))]

    def members_within(self, division: str, *, own: bool = False) -> int:
        """How many of its towns a division holds, or is."""
        return sum(town == division if own else contains(division, town) for town in self.towns)


async def cohort_of(conn: Connection, cohort: str, divisions: Sequence[str], on: date) -> Cohort:
    """As much of a cohort as lies in divisions; what is told of it and what lies behind it are the same codes.

    Source: O6.1b, O6.1c; standards.md §1.
    """
    towns = await towns_of(conn, cohort, on)
    asked = [town for town in towns if any(contains(division, town) for division in divisions)]
    transfers = await Indicators(conn).transfers(asked)
    lands = own_places_of(asked, transfers)
    return Cohort(asked, {code: town for town, land in lands.items() for code in land})


async def _sums_of_cohort(
    conn: Connection,
    cohort: str,
    specs: Sequence[IndicatorSpec],
    divisions: Sequence[str],
    *,
    level: Level,
    on: date,
    own: bool,
) -> dict[str, Known]:
    """The towns' own offices, added up for each division that holds them; those that a town took over with it."""
    found = await cohort_of(conn, cohort, divisions, on)
    measures = sorted({measure for spec in specs for measure in measures_of(spec, "standings")})
    sums = await sums_on(conn, sorted(found.places), measures, level=level, on=on, own=True)
    return {
        division: {
            **_named("standings", added((1, sums.get(code, {})) for code in found.within(division, own=own))),
            ("programme", "members"): found.members_within(division, own=own),
        }
        for division in divisions
    }


async def towns_of(conn: Connection, cohort: str, on: date) -> list[str]:
    """The towns of a cohort, `programme code:cohort code`, by their codes of today; none of an unknown one.

    Source: O6.1b, O6.1c.
    """
    code, _, part = cohort.partition(":")
    for programme in await list_programmes(conn):
        if programme.code == code and part in {one.code for one in programme.cohorts}:
            return await members_of(conn, programme, part, on=on)
    return []


def _named(source: str, counts: Mapping[str, int]) -> dict[tuple[str, str], int]:
    return {(source, code): value for code, value in counts.items()}
