"""Who may ask what of which level, for how long."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.auth import Actor, OutOfScope, Role
from common.divisions import LEVELS, Level, level_of, subtree_range
from common.testing.tokens import make_actor
from reporting.levels.domain import MAX_DAYS, Days, Place, path_within, require_days, require_place
from reporting.levels.errors import DaysReversed, DaysTooMany, DivisionAboveLevel, LevelAboveOwn, LevelNotOnPath

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = (
    "440000000000", "440300000000", "440305000000", "440305001000", "440305001001",
)  # fmt: skip
CLERK = make_actor(COUNTY, Role.STATISTICIAN)
CITIZEN = Actor("c", "某人", None, Level.VILLAGE, "", frozenset({Role.CITIZEN}))
TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("level", "division", "place"),
    [
        (None, None, Place(Level.COUNTY, COUNTY)),
        (None, VILLAGE, Place(Level.COUNTY, VILLAGE)),
        (Level.TOWN, TOWN, Place(Level.TOWN, TOWN)),
        (Level.VILLAGE, VILLAGE, Place(Level.VILLAGE, VILLAGE)),
    ],
)
def test_a_county_asks_what_it_or_a_level_below_has_accepted(
    level: Level | None, division: str | None, place: Place
) -> None:
    assert require_place(CLERK, level, division) == place


@pytest.mark.parametrize(
    ("actor", "level", "division", "refusal"),
    [
        (CLERK, Level.CITY, COUNTY, LevelAboveOwn),
        (CLERK, Level.PROVINCE, VILLAGE, LevelAboveOwn),
        (CLERK, None, CITY, OutOfScope),
        (CLERK, Level.CITY, CITY, OutOfScope),
        (CLERK, None, "440306001001", OutOfScope),
        (CLERK, None, "440305", OutOfScope),
        (CLERK, Level.TOWN, None, DivisionAboveLevel),
        (CLERK, Level.VILLAGE, TOWN, DivisionAboveLevel),
        (make_actor("441900000000", Role.STATISTICIAN), Level.COUNTY, "441900003000", LevelNotOnPath),
        (CITIZEN, None, None, OutOfScope),
        (CITIZEN, Level.VILLAGE, VILLAGE, OutOfScope),
    ],
)
def test_refuses_what_is_not_for_the_actor_or_does_not_exist(
    actor: Actor, level: Level | None, division: str | None, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        require_place(actor, level, division)


CODES = st.builds(
    lambda city, county, town, village: f"44{city:02}{county:02}{town:03}{village:03}",
    st.integers(1, 20), st.integers(0, 12), st.integers(1, 30), st.integers(0, 40),
)  # fmt: skip


@given(code=CODES, level=st.sampled_from(LEVELS))
def test_a_path_holds_exactly_the_divisions_that_contain_the_place_and_that_the_level_keeps(
    code: str, level: Level
) -> None:
    found = path_within(level, code)
    for above in found:
        low, high = subtree_range(above)
        assert low <= code <= high
        assert LEVELS.index(level_of(above)) >= LEVELS.index(level)
    levels = [level_of(above) for above in found]
    assert len(set(levels)) == len(levels)
    below = LEVELS.index(level) > LEVELS.index(level_of(code))
    assert (not found) if below else found[0] == code


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (None, None, Days(TODAY, TODAY)),
        (date(2026, 2, 1), None, Days(date(2026, 2, 1), TODAY)),
        (None, date(2026, 1, 5), Days(date(2026, 1, 5), date(2026, 1, 5))),
        (date(2027, 1, 1), None, Days(date(2027, 1, 1), date(2027, 1, 1))),
        (date(2024, 1, 1), date(2024, 12, 31), Days(date(2024, 1, 1), date(2024, 12, 31))),
    ],
)
def test_a_period_ends_today_and_lasts_a_day_unless_told_otherwise(
    first: date | None, last: date | None, days: Days
) -> None:
    assert require_days(first, last, today=TODAY) == days


def test_refuses_a_period_that_runs_backward_or_beyond_a_year() -> None:
    with pytest.raises(DaysReversed):
        require_days(TODAY, TODAY - timedelta(days=1), today=TODAY)
    with pytest.raises(DaysTooMany):
        require_days(date(2025, 1, 1), date(2026, 1, 2), today=TODAY)
    assert MAX_DAYS == 366
    with pytest.raises(DaysTooMany):
        require_days(date.min, date.max, today=TODAY)


@pytest.mark.parametrize(("last", "count"), [(TODAY, 2), (date(2026, 3, 9), 2), (date(2026, 3, 1), 1)])
def test_days_to_come_are_not_yet_days(last: date, count: int) -> None:
    assert Days(date(2026, 3, 1), last).elapsed(TODAY) == count
    assert Days(date(2026, 4, 1), date(2026, 4, 2)).elapsed(TODAY) == 0
