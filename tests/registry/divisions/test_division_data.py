"""The committed division file against the facts that standards.md §11 states."""

import gzip
import hashlib
from collections import Counter
from importlib.resources import files

import pytest

from common.divisions import Level, level_of, parent_of
from registry.data.reader import FILE_NAME, read_divisions
from registry.data.rows import DivisionKind, DivisionRow

FILLERS = {"441900000000", "442000000000"}


@pytest.fixture(scope="module")
def rows() -> list[DivisionRow]:
    return read_divisions()


def test_counts_are_those_of_guangdong_at_every_level(rows: list[DivisionRow]) -> None:
    assert Counter(row.level for row in rows) == {
        Level.PROVINCE: 1,
        Level.CITY: 21,
        Level.COUNTY: 124,
        Level.TOWN: 1_757,
        Level.VILLAGE: 26_842,
    }


def test_kinds_separate_fillers_informal_units_and_committees(rows: list[DivisionRow]) -> None:
    assert Counter((row.level, row.kind) for row in rows) == {
        (Level.PROVINCE, DivisionKind.STANDARD): 1,
        (Level.CITY, DivisionKind.STANDARD): 21,
        (Level.COUNTY, DivisionKind.STANDARD): 122,
        (Level.COUNTY, DivisionKind.FILLER): 2,
        (Level.TOWN, DivisionKind.STANDARD): 1_610,
        (Level.TOWN, DivisionKind.INFORMAL): 147,
        (Level.VILLAGE, DivisionKind.RESIDENTS_COMMITTEE): 7_281,
        (Level.VILLAGE, DivisionKind.VILLAGE_COMMITTEE): 19_318,
        (Level.VILLAGE, DivisionKind.OTHER): 243,
    }


def test_code_and_level_together_are_the_key_and_the_code_alone_is_not(rows: list[DivisionRow]) -> None:
    assert len({(row.code, row.level) for row in rows}) == len(rows)
    twice = [code for code, count in Counter(row.code for row in rows).items() if count > 1]
    assert set(twice) == FILLERS


def test_only_dongguan_and_zhongshan_are_fillers_and_repeat_their_city(rows: list[DivisionRow]) -> None:
    cities = {row.code: row.name for row in rows if row.level is Level.CITY}
    fillers = {row.code: row.name for row in rows if row.kind is DivisionKind.FILLER}
    assert fillers == {code: cities[code] for code in FILLERS}


def test_every_level_agrees_with_the_code_except_the_fillers(rows: list[DivisionRow]) -> None:
    wrong = [row for row in rows if level_of(row.code) is not row.level]
    assert {row.code for row in wrong} == FILLERS
    assert {row.level for row in wrong} == {Level.COUNTY}


def test_no_row_is_an_orphan_and_every_parent_precedes_its_children(rows: list[DivisionRow]) -> None:
    seen: set[str] = set()
    for row in rows:
        parent = parent_of(row.code)
        assert parent in seen or (parent is None and row.level is Level.PROVINCE), row
        seen.add(row.code)


def test_towns_without_a_county_hang_on_their_city(rows: list[DivisionRow]) -> None:
    towns = [row for row in rows if row.level is Level.TOWN and parent_of(row.code) in FILLERS]
    assert Counter(row.code[:4] for row in towns if row.kind is DivisionKind.STANDARD) == {"4419": 32, "4420": 23}


def test_no_town_is_without_a_village(rows: list[DivisionRow]) -> None:
    with_villages = {row.code[:9] for row in rows if row.level is Level.VILLAGE}
    assert {row.code[:9] for row in rows if row.level is Level.TOWN} == with_villages


def test_formal_towns_are_streets_towns_and_townships(rows: list[DivisionRow]) -> None:
    formal = [row.name for row in rows if row.level is Level.TOWN and row.kind is DivisionKind.STANDARD]
    assert Counter("街道" if name.endswith("街道") else name[-1] for name in formal) == {
        "街道": 482,
        "镇": 1_117,
        "乡": 11,
    }


def test_no_name_is_empty_or_padded(rows: list[DivisionRow]) -> None:
    assert [row for row in rows if not row.name or row.name != row.name.strip()] == []


def test_the_provenance_names_exactly_this_file() -> None:
    folder = files("registry.data")
    packed = folder.joinpath(FILE_NAME).read_bytes()
    told = folder.joinpath("PROVENANCE.md").read_text(encoding="utf-8")
    assert hashlib.sha256(packed).hexdigest() in told
    assert hashlib.sha256(gzip.decompress(packed)).hexdigest() in told


def test_the_packed_file_carries_neither_time_nor_name() -> None:
    header = files("registry.data").joinpath(FILE_NAME).read_bytes()[:10]
    assert header[3] == 0, "a flag announces a name, a comment or an extra field"
    assert header[4:8] == b"\0\0\0\0", "a time is stamped into the file"
