"""Identifiers drawn many at once."""

import time_machine

from common.ids import uuid7, uuid7s


def test_a_batch_ascends_and_goes_on_where_single_ones_stopped() -> None:
    before, batch, after = uuid7(), uuid7s(5_000), uuid7()
    assert [before, *batch, after] == sorted({before, *batch, after})
    assert {one.version for one in batch} == {7}
    assert {one.variant for one in batch} == {uuid7().variant}


def test_a_standing_clock_gives_no_identifier_twice() -> None:
    with time_machine.travel("2026-03-01T00:00:00+08:00", tick=False):
        batches = [uuid7s(3), uuid7s(3), [uuid7()], uuid7s(0)]
    drawn = [one for batch in batches for one in batch]
    assert drawn == sorted(set(drawn))
    assert len(drawn) == 7
