"""The rules alone: paths, digests, answers, whatever order things come in."""

import itertools
import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from common.divisions import LEVELS, Level, level_of, path_levels
from sync.receipts.domain import REASONS, IssuedReceipt, Verdict
from sync.records.domain import (
    LevelState,
    NotCanonical,
    RecordKey,
    Submission,
    Validity,
    content_of,
    examine_division,
    hop_at,
    judge,
    path_of,
    trace,
)

VILLAGE = "440305001001"
IDS = [UUID(int=number) for number in range(3)]
AT = datetime(2026, 3, 2, tzinfo=UTC)


def submission(record: int, version: int, flaw: Verdict | None = None, level: Level = Level.COUNTY) -> Submission:
    return Submission(
        "casework.case", IDS[record], str(IDS[record]), version, VILLAGE, Level.VILLAGE, "t", AT, b"", "{}",
        level, "440305000000", None, flaw,
    )  # fmt: skip


deliveries = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 6)), max_size=40)
cuts = st.lists(st.integers(1, 7), min_size=1, max_size=40)


def run_level(batches: list[list[Submission]]) -> tuple[dict[RecordKey, int], list[tuple[Submission, Verdict]]]:
    """A level's life: its states, and every answer it gave."""
    states: dict[RecordKey, int] = {}
    answered: list[tuple[Submission, Verdict]] = []
    for batch in batches:
        verdicts = judge(batch, states)
        answered += zip(batch, verdicts, strict=True)
        for one, verdict in zip(batch, verdicts, strict=True):
            if verdict is Verdict.ACCEPTED:
                states[one.key] = one.version
    return states, answered


def batches_of(items: list[Submission], sizes: list[int]) -> list[list[Submission]]:
    batches, rest, turn = [], list(items), 0
    while rest:
        size = sizes[turn % len(sizes)]
        batches.append(rest[:size])
        rest, turn = rest[size:], turn + 1
    return batches


@given(deliveries, cuts, st.randoms(use_true_random=False))
def test_whatever_the_order_repetition_and_batching_a_level_ends_at_the_highest_version(made, sizes, random) -> None:
    items = [submission(*one) for one in made]
    shuffled = items + random.choices(items, k=len(items)) if items else []
    random.shuffle(shuffled)
    states, answered = run_level(batches_of(shuffled, sizes))
    highest = {one.key: max(other.version for other in items if other.key == one.key) for one in items}
    assert states == highest
    assert len(answered) == len(shuffled)


@given(deliveries, cuts)
def test_cutting_a_stream_into_batches_changes_no_answer(made, sizes) -> None:
    items = [submission(*one) for one in made]
    assert run_level(batches_of(items, sizes))[1] == run_level([items] if items else [])[1]


@given(deliveries, cuts, st.randoms(use_true_random=False))
def test_every_level_of_a_chain_ends_alike_and_each_version_goes_on_once_and_in_order(made, sizes, random) -> None:
    stream = [submission(*one) for one in made]
    random.shuffle(stream)
    expected = {}
    for level in reversed(LEVELS):
        here = [one._replace(receiver=level) for one in stream]
        states, answered = run_level(batches_of(here, sizes))
        by_record = {(key.record_type, key.record_id): version for key, version in states.items()}
        expected = expected or by_record
        assert by_record == expected
        stream = [one for one, verdict in answered if verdict is Verdict.ACCEPTED]
        for record in IDS:
            versions = [one.version for one in stream if one.record_id == record]
            assert versions == sorted(set(versions))
        stream = [one for one in stream for _ in range(random.choice([1, 1, 2]))]


@given(deliveries)
def test_flawed_records_are_answered_by_their_flaw_and_move_nothing(made) -> None:
    flawed = [submission(*one, flaw=Verdict.DIGEST_MISMATCH) for one in made]
    assert judge(flawed, {}) == [Verdict.DIGEST_MISMATCH] * len(flawed)
    good = submission(0, 1)
    assert judge([*flawed, good], {})[-1] is Verdict.ACCEPTED


def test_the_same_record_at_two_levels_is_counted_apart() -> None:
    batch = [
        submission(0, 2, level=Level.TOWN),
        submission(0, 1, level=Level.COUNTY),
        submission(0, 1, level=Level.TOWN),
    ]
    assert judge(batch, {}) == [Verdict.ACCEPTED, Verdict.ACCEPTED, Verdict.SUPERSEDED]


def test_what_stood_before_decides_between_repeated_and_superseded() -> None:
    before = {submission(0, 1).key: 3}
    batch = [submission(0, version) for version in (3, 2, 4, 4)]
    assert judge(batch, before) == [
        Verdict.ALREADY_ACCEPTED,
        Verdict.SUPERSEDED,
        Verdict.ACCEPTED,
        Verdict.ALREADY_ACCEPTED,
    ]


@pytest.mark.parametrize("division", [VILLAGE, "441900003001", "440305001000", "442000000000", "440000000000"])
def test_a_path_links_every_existing_level_to_its_neighbours(division: str) -> None:
    hops = path_of(division)
    assert [hop.level for hop in hops] == path_levels(division)
    assert (hops[0].below, hops[-1].above, hops[-1].level) == (None, None, Level.PROVINCE)
    for lower, upper in itertools.pairwise(hops):
        assert (lower.above, lower.above_node) == (upper.level, upper.node)
        assert (upper.below, upper.below_node) == (lower.level, lower.node)
        assert level_of(upper.node) is upper.level


def test_a_county_is_not_on_the_path_of_a_city_without_counties() -> None:
    assert hop_at("441900003001", Level.COUNTY) is None
    town = hop_at("441900003001", Level.TOWN)
    assert town is not None
    assert (town.above, town.above_node) == (Level.CITY, "441900000000")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
payloads = st.dictionaries(st.text(max_size=8), json_values, max_size=6)
any_json = TypeAdapter(dict)


@given(payloads, st.randoms(use_true_random=False))
def test_a_payload_has_one_digest_however_it_was_written_and_read(payload, random) -> None:
    content = content_of(payload)
    pairs = list(payload.items())
    random.shuffle(pairs)
    rewritten = json.dumps(dict(pairs), ensure_ascii=True, indent=2)
    assert content_of(json.loads(rewritten)) == content
    assert content_of(any_json.validate_json(rewritten)) == content
    assert content_of(json.loads(content.data)) == content


@given(payloads, payloads)
def test_different_payloads_have_different_digests(one, other) -> None:
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (content_of(one).digest == content_of(other).digest) is same


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), "\ud800"])
def test_a_payload_that_two_systems_would_read_differently_has_none(odd: object) -> None:
    with pytest.raises(NotCanonical):
        content_of({"odd": odd})


@pytest.mark.parametrize(
    ("periods", "day", "expected"),
    [
        ([], date(2026, 1, 1), Verdict.DIVISION_UNKNOWN),
        ([Validity(date(2012, 1, 1), None)], date(2026, 1, 1), None),
        ([Validity(date(2012, 1, 1), None)], date(2012, 1, 1), None),
        ([Validity(date(2012, 1, 1), None)], date(2011, 12, 31), Verdict.DIVISION_RETIRED),
        ([Validity(date(2012, 1, 1), date(2025, 9, 1))], date(2025, 8, 31), None),
        ([Validity(date(2012, 1, 1), date(2025, 9, 1))], date(2025, 9, 1), Verdict.DIVISION_RETIRED),
        ([Validity(date(2012, 1, 1), date(2015, 1, 1)), Validity(date(2020, 1, 1), None)], date(2026, 1, 1), None),
    ],
)
def test_a_division_must_have_stood_on_the_records_day(periods, day, expected) -> None:
    assert examine_division(periods, day) is expected


def receipt(level: Level, outcome: str, seconds: float) -> IssuedReceipt:
    return IssuedReceipt(
        IDS[0], "casework.case", IDS[0], 1, VILLAGE, level, VILLAGE, outcome, None, b"", AT + timedelta(seconds=seconds)
    )  # fmt: skip


def test_hops_are_measured_between_acceptances_of_one_version() -> None:
    states = {Level.VILLAGE: LevelState(Level.VILLAGE, 2, AT), Level.TOWN: LevelState(Level.TOWN, 1, AT)}
    answers = {
        Level.VILLAGE: receipt(Level.VILLAGE, "accepted", 0),
        Level.TOWN: receipt(Level.TOWN, "accepted", 0.25),
        Level.COUNTY: receipt(Level.COUNTY, "rejected", 0.5),
    }
    village, town, county, city, province = trace(VILLAGE, states, answers)
    assert (village.version, village.outcome, village.hop) == (2, "accepted", None)
    assert (town.version, town.hop) == (1, timedelta(milliseconds=250))
    assert (county.version, county.outcome, county.accepted_at, county.hop) == (None, "rejected", None, None)
    assert {(stop.outcome, stop.hop) for stop in (city, province)} == {(None, None)}


def test_reason_codes_are_one_each() -> None:
    codes = Counter(verdict.reason_code for verdict in Verdict)
    assert set(codes.values()) == {1}
    assert set(REASONS) == {code for code in codes if code is not None}
    assert all(verdict.outcome != "accepted" for verdict in Verdict if verdict.reason_code)
