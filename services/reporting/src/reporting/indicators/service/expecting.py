"""What the directory says of divisions, as indicators ask for it: who should be known, and who should report."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from common.clock import today
from common.db import Connection
from common.divisions import Level
from reporting.completeness.service import expected_by_kind_on, expected_on, place_days_of
from reporting.levels.domain import Days
from reporting.statistics.domain import Months

_BY_KIND = {"office", "station"}
_BY_DAY = {"place_days", "reported_days"}


async def directory_sums(
    conn: Connection,
    codes: Sequence[str],
    measures: Collection[str],
    *,
    level: Level,
    on: date,
    months: Months,
    own: bool,
) -> Mapping[str, Mapping[str, int]]:
    """Division → measure → sum: places with an operating office, by kind, and their days in months.

    Source: S1, O1.1d, O6.3a; ADR 0014.

    Args:
        own: of the divisions themselves alone, without those below; their days are not told so.
    """
    found: dict[str, dict[str, int]] = {code: {} for code in codes}
    asked = set(measures)
    if "expected" in asked:
        for code, count in (await expected_on(conn, codes, on=on, own=own)).items():
            found[code]["expected"] = count
    if asked & _BY_KIND:
        for code, kinds in (await expected_by_kind_on(conn, codes, on=on, own=own)).items():
            found[code] |= {"office": kinds.offices, "station": kinds.stations}
    if asked & _BY_DAY and not own:
        days = Days(months.first, max(months.first, min(months.end - timedelta(days=1), today())))
        for code, told in (await place_days_of(conn, codes, level=level, days=days)).items():
            found[code] |= {"place_days": told.expected, "reported_days": told.reported}
    return found
