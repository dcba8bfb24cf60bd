"""Use cases: the two writers, figures and directory."""

from collections.abc import Mapping, Sequence
from datetime import date

from common.contracts.registry import OfficeState
from common.db import Connection
from reporting.completeness.domain import (
    EXPECTED_KINDS,
    OfficeDay,
    PlaceDay,
    count_upward,
    expect_upward,
    is_within,
    periods_of,
    steps_of,
)
from reporting.completeness.repository import Places


async def note_facts(conn: Connection, facts: Mapping[PlaceDay, int]) -> None:
    """Adds facts that places themselves have reported (or takes them back), and counts the places upward.

    Only places that are heard from for the first time on a day, or no longer, change a count.

    Idempotency: none of its own; the caller's version guard has already dropped what is known.
    Locks: place_days, then places (shared), then reported_places, each in key order, until the transaction ends.
    """
    changes = {key: count for key, count in facts.items() if count}
    if not changes:
        return
    places = Places(conn)
    turned = [
        ((row["level"], row["division"], row["day"]), 1 if row["is_heard"] else -1)
        for row in await places.add_facts(changes)
        if row["is_heard"] != row["was_heard"]
    ]
    if not turned:
        return
    held = await places.hold((key[1] for key, _ in turned), to_change=False)
    periods = await places.periods(sorted(held))
    counts = count_upward((key, change) for key, change in turned if is_within(periods.get(key[1], ()), key[2]))
    if counts:
        await places.add_reported(counts)


async def note_offices(conn: Connection, offices: Sequence[OfficeState]) -> set[str]:
    """Keeps what offices that take cases are from which day on; returns the places where they are or were.

    An office that does not say from when it is so (before that was told) is so on every day.

    Idempotency: by version.
    """
    states = [
        OfficeDay(one.id, one.version, one.division, one.effective_on or date.min, one.status == "operating")
        for one in offices
        if one.kind in EXPECTED_KINDS
    ]
    return await Places(conn).note_offices(states) if states else set()


async def refresh_places(conn: Connection, divisions: Sequence[str]) -> None:
    """Brings places to what is known of their offices; a place that opens or closes changes its days from then on.

    Idempotency: a place that is already so changes nothing.
    Locks: places (exclusive), then expected_places, then reported_places, each in key order.
    """
    if not divisions:
        return
    places = Places(conn)
    codes = sorted(await places.hold(divisions, to_change=True))
    was, now = await places.periods(codes), periods_of(await places.office_states(codes))
    found = {code: (was.get(code, ()), now.get(code, ())) for code in codes}
    changed = {code: after for code, (before, after) in found.items() if before != after}
    if not changed:
        return
    await places.put_periods(changed)
    steps = expect_upward({code: steps_of(was.get(code, ()), after) for code, after in changed.items()})
    await places.add_expected(steps)
    turned = [
        (key, is_within(changed[key[1]], key[2]) - is_within(was.get(key[1], ()), key[2]))
        for key in await places.heard(sorted(changed))
    ]
    counts = count_upward((key, change) for key, change in turned if change)
    if counts:
        await places.add_reported(counts)
