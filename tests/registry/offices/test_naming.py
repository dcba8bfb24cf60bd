"""The naming rule, by example and over the whole of Guangdong."""

import re
from collections import Counter
from datetime import date

import pytest

from common.divisions import Level, ancestors_of, node_at
from registry.data.reader import read_divisions
from registry.data.rows import DivisionKind, DivisionRow
from registry.offices.naming import (
    NamedOffice,
    NamingReport,
    OfficeKind,
    UnnamedReason,
    name_bureau,
    name_offices,
    name_service_office,
    place_of,
    validate_name,
)

PROVINCE = DivisionRow("440000000000", Level.PROVINCE, "广东省", DivisionKind.STANDARD)
CITY = DivisionRow("441600000000", Level.CITY, "河源市", DivisionKind.STANDARD)
COUNTY = DivisionRow("441624000000", Level.COUNTY, "和平县", DivisionKind.STANDARD)
TOWN = DivisionRow("441624101000", Level.TOWN, "大坝镇", DivisionKind.STANDARD)
ABOVE = [TOWN, COUNTY, CITY, PROVINCE]

Named = tuple[dict[str, NamedOffice], NamingReport]


def community(name: str, code: str = "441624101001") -> DivisionRow:
    return DivisionRow(code, Level.VILLAGE, name, DivisionKind.RESIDENTS_COMMITTEE)


def village(name: str, code: str = "441624101201") -> DivisionRow:
    return DivisionRow(code, Level.VILLAGE, name, DivisionKind.VILLAGE_COMMITTEE)


@pytest.fixture(scope="module")
def rows() -> dict[tuple[str, Level], DivisionRow]:
    return {(row.code, row.level): row for row in read_divisions()}


@pytest.fixture(scope="module")
def named(rows: dict[tuple[str, Level], DivisionRow]) -> Named:
    offices, report = name_offices(list(rows.values()))
    assert len({office.division for office in offices}) == len(offices)
    return {office.division: office for office in offices}, report


@pytest.mark.parametrize(
    ("row", "place"),
    [
        (community("翠洲社区居民委员会"), "翠洲社区"),
        (community("登岗居委会"), "登岗社区"),
        (community("中心居民委员会"), "中心社区"),
        (community("头村居委会"), "头村社区"),
        (community("象角塘社区"), "象角塘社区"),
        (village("何屋村委会"), "何屋村"),
        (village("陈村村民委员会"), "陈村"),
        (village("陈村村村民委员会"), "陈村村"),
        (village("石牌村村委会"), "石牌村"),
        (village("山顶渔村"), "山顶渔村"),
        (village("都委村委会"), "都委村"),
        (community("南漖社区居委会会"), "南漖社区"),
        (community("海湾社区居委委员会"), "海湾社区"),
        (community("黄麻布社区居委"), "黄麻布社区"),
        (community("前锋社区居民居委会"), "前锋社区"),
        (community("青云社区居委员会"), "青云社区"),
        (village("石牌村民委会"), "石牌村"),
    ],
)
def test_committee_goes_and_village_or_community_stays(row: DivisionRow, place: str) -> None:
    assert place_of(row, ABOVE) == place


@pytest.mark.parametrize(
    ("row", "place"),
    [
        (community("大坝镇街道社区居委会"), "街道社区"),
        (community("广东省河源市和平县大坝镇街道社区居委会"), "街道社区"),
        (village("和平县大坝镇许村民委员会"), "许村"),
        (community("大坝镇居委会"), "大坝镇社区"),
        (community("和平县大坝镇社区居民委员会"), "大坝镇社区"),
        (village("大坝村委会"), "大坝村"),
    ],
)
def test_the_names_of_the_levels_above_go_unless_nothing_would_remain(row: DivisionRow, place: str) -> None:
    assert place_of(row, ABOVE) == place


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (village("渔委会"), UnnamedReason.ENDING_UNKNOWN),
        (village("大澳渔委会"), UnnamedReason.ENDING_UNKNOWN),
        (community("社区居委会"), UnnamedReason.ENDING_UNKNOWN),
        (community("新星渔民委员会社区"), UnnamedReason.ENDING_UNKNOWN),
        (community("黄旗生活区"), UnnamedReason.ENDING_UNKNOWN),
        (village("(土郎)头村民委员会"), UnnamedReason.NOT_HAN),
        (village("梅花村村居民委员会"), UnnamedReason.KIND_CONFLICT),
        (community("何屋村委会"), UnnamedReason.KIND_CONFLICT),
        (village("和平社区村委会"), UnnamedReason.KIND_CONFLICT),
        (community("和平县林寨镇新源社区居委会"), UnnamedReason.FOREIGN_PREFIX),
        (DivisionRow("441624101401", Level.VILLAGE, "电厂社区", DivisionKind.OTHER), UnnamedReason.QUASI_VILLAGE),
    ],
)
def test_a_name_that_no_rule_reads_is_refused_with_its_reason(row: DivisionRow, reason: UnnamedReason) -> None:
    assert place_of(row, ABOVE) is reason


def test_a_town_that_its_villages_write_otherwise_is_known_by_its_alias(named: Named) -> None:
    offices, _ = named
    assert offices["441625200201"].name == "东华村人力资源社会保障服务站"
    assert offices["445103121001"].name == "怀德社区人力资源社会保障服务站"


def test_service_office_has_the_full_town_name_and_the_and() -> None:
    assert name_service_office(TOWN).name == "大坝镇人力资源和社会保障服务所"


def test_all_of_guangdong_gives_exactly_these_offices(named: Named) -> None:
    offices, _ = named
    assert Counter((office.kind, office.level) for office in offices.values()) == {
        (OfficeKind.BUREAU, Level.PROVINCE): 1,
        (OfficeKind.BUREAU, Level.CITY): 21,
        (OfficeKind.BUREAU, Level.COUNTY): 122,
        (OfficeKind.SERVICE_OFFICE, Level.TOWN): 1_610,
        (OfficeKind.SERVICE_STATION, Level.VILLAGE): 26_496,
    }


def test_all_of_guangdong_reports_exactly_these_divisions(named: Named) -> None:
    _, report = named
    assert report.counts() == {
        UnnamedReason.FILLER: 2,
        UnnamedReason.INFORMAL_TOWN: 147,
        UnnamedReason.UNDER_INFORMAL_TOWN: 232,
        UnnamedReason.QUASI_VILLAGE: 86,
        UnnamedReason.NOT_HAN: 6,
        UnnamedReason.FOREIGN_PREFIX: 1,
        UnnamedReason.ENDING_UNKNOWN: 18,
        UnnamedReason.KIND_CONFLICT: 1,
        UnnamedReason.NAME_COLLISION: 2,
    }


def test_every_division_is_either_named_or_reported_and_never_both(
    rows: dict[tuple[str, Level], DivisionRow], named: Named
) -> None:
    offices, report = named
    named_keys = {(office.division, office.level) for office in offices.values()}
    reported = {(entry.code, entry.level) for entry in report.entries}
    assert named_keys.isdisjoint(reported)
    assert named_keys | reported == set(rows)


def test_every_report_entry_gives_a_chinese_reason_and_a_clause(named: Named) -> None:
    for entry in named[1].entries:
        assert re.fullmatch(r"[\u4e00-\u9fff（）、，]+", entry.explanation), entry
        assert re.fullmatch(r"O\d\.\d[a-z]", entry.clause), entry


def test_the_only_collision_in_one_town_is_reported_for_both(named: Named) -> None:
    offices, report = named
    clashing = {e.code: e.name for e in report.entries if e.reason is UnnamedReason.NAME_COLLISION}
    assert clashing == {"445202105001": "登岗居委会", "445202105002": "登岗社区居民委员会"}
    assert clashing.keys().isdisjoint(offices)


def test_no_two_offices_of_one_town_or_county_share_a_name(named: Named) -> None:
    offices, _ = named
    stations = [o for o in offices.values() if o.kind is OfficeKind.SERVICE_STATION]
    in_town = Counter((node_at(office.division, Level.TOWN), office.name) for office in stations)
    assert max(in_town.values()) == 1
    towns = [o for o in offices.values() if o.kind is OfficeKind.SERVICE_OFFICE]
    in_county = Counter((office.division[:6], office.name) for office in towns)
    assert max(in_county.values()) == 1


def test_the_form_of_every_name_is_exact_to_the_letter(
    rows: dict[tuple[str, Level], DivisionRow], named: Named
) -> None:
    offices, _ = named
    form = {
        OfficeKind.BUREAU: r".+人力资源(和社会保障厅|和社会保障局|保障局|局)",
        OfficeKind.SERVICE_OFFICE: r".+(镇|乡|街道)人力资源和社会保障服务所",
        OfficeKind.SERVICE_STATION: r".+(村|社区)人力资源社会保障服务站",
    }
    for office in offices.values():
        assert re.fullmatch(form[office.kind], office.name), office
        if office.kind is OfficeKind.SERVICE_STATION:
            by_residents = rows[office.division, office.level].kind is DivisionKind.RESIDENTS_COMMITTEE
            assert ("社区人力" in office.name) is by_residents, office


def test_every_generated_name_passes_its_own_check(rows: dict[tuple[str, Level], DivisionRow], named: Named) -> None:
    by_code = {row.code: row for row in rows.values() if row.kind is not DivisionKind.FILLER}
    for office in named[0].values():
        above = [by_code[code] for code in ancestors_of(office.division)]
        assert validate_name(office.kind, office.name, by_code[office.division], above=above) == [], office


def test_villages_under_informal_units_get_no_station(named: Named) -> None:
    offices, report = named
    informal = {entry.code for entry in report.entries if entry.reason is UnnamedReason.INFORMAL_TOWN}
    assert len(informal) == 147
    assert [code for code in offices if code[:9] + "000" in informal] == []


def test_the_city_of_a_filler_keeps_its_bureau(named: Named) -> None:
    offices, report = named
    assert offices["441900000000"].level is Level.CITY
    assert offices["442000000000"].name == "中山市人力资源和社会保障局"
    assert {entry.code for entry in report.entries if entry.reason is UnnamedReason.FILLER} == {
        "441900000000",
        "442000000000",
    }


def test_bureau_names_differ_by_city_and_district(named: Named) -> None:
    offices, _ = named
    assert offices["440000000000"].name == "广东省人力资源和社会保障厅"
    assert (offices["440300000000"].name, offices["440300000000"].mark) == ("深圳市人力资源保障局", "V")
    assert (offices["440311000000"].name, offices["440311000000"].mark) == ("光明区人力资源局", "V")
    assert (offices["440305000000"].name, offices["440305000000"].mark) == ("南山区人力资源局", "K")
    assert offices["440106000000"].name == "天河区人力资源和社会保障局"


def test_bureau_names_differ_by_time() -> None:
    dongguan = DivisionRow("441900000000", Level.CITY, "东莞市", DivisionKind.STANDARD)
    assert name_bureau(dongguan, on=date(2018, 12, 31)).name == "东莞市人力资源局"
    assert name_bureau(dongguan, on=date(2019, 1, 1)).name == "东莞市人力资源和社会保障局"


@pytest.mark.parametrize(
    ("name", "said", "clause"),
    [
        ("大坝镇人力资源社会保障服务所", "缺“和”字", "O2.1a"),
        ("大坝镇人力资源和社会保障所", "统称为", "O2.1a"),
        ("大坝镇人力资源社会保障服务站", "统称为", "O2.1a"),
        ("人力资源和社会保障服务所", "缺地名", "O2.1a"),
        ("大坝人力资源和社会保障服务所", "全称“大坝镇”", "O2.1a"),
        ("和平县大坝镇人力资源和社会保障服务所", "全称“大坝镇”", "O2.1a"),
    ],
)
def test_a_wrong_office_name_is_explained_with_its_clause(name: str, said: str, clause: str) -> None:
    (fault,) = validate_name(OfficeKind.SERVICE_OFFICE, name, TOWN, above=ABOVE[1:])
    assert said in fault.explanation
    assert (fault.clause, fault.is_hard) == (clause, True)


@pytest.mark.parametrize(
    ("name", "said", "is_hard"),
    [
        ("何屋村人力资源和社会保障服务站", "不带“和”字", True),
        ("何屋村人力资源社会保障服务所", "统称为", True),
        ("何屋村委会人力资源社会保障服务站", "不写村（居）民委员会", True),
        ("何屋人力资源社会保障服务站", "收尾", True),
        ("村人力资源社会保障服务站", "收尾", True),
        ("人力资源社会保障服务站", "缺地名", True),
        ("何屋社区人力资源社会保障服务站", "不一致须说明理由", False),
    ],
)
def test_a_wrong_station_name_is_explained_with_its_clause(name: str, said: str, is_hard: bool) -> None:
    (fault,) = validate_name(OfficeKind.SERVICE_STATION, name, village("何屋村委会"), above=ABOVE)
    assert said in fault.explanation
    assert (fault.clause, fault.is_hard) == ("O2.1b", is_hard)


def test_people_may_name_what_the_rule_cannot() -> None:
    crooked = village("大澳渔委会")
    assert validate_name(OfficeKind.SERVICE_STATION, "大澳渔村人力资源社会保障服务站", crooked, above=ABOVE) == []


def test_a_bureau_under_another_name_needs_a_reason_only() -> None:
    (fault,) = validate_name(OfficeKind.BUREAU, "和平县人力资源局", COUNTY, above=ABOVE[2:])
    assert (fault.clause, fault.is_hard, fault.expected) == ("S6", False, "和平县人力资源和社会保障局")


def test_an_office_kind_stands_only_at_its_level() -> None:
    filler = DivisionRow("441900000000", Level.COUNTY, "东莞市", DivisionKind.FILLER)
    for kind, place in [
        (OfficeKind.SERVICE_STATION, TOWN),
        (OfficeKind.SERVICE_OFFICE, COUNTY),
        (OfficeKind.BUREAU, TOWN),
        (OfficeKind.BUREAU, filler),
    ]:
        (fault,) = validate_name(kind, "某局", place, above=[])
        assert fault.is_hard
        assert fault.clause == "O1.3a"


def test_an_informal_unit_may_be_given_an_office_by_hand_with_a_reason() -> None:
    unit = DivisionRow("441900401000", Level.TOWN, "松山湖", DivisionKind.INFORMAL)
    assert validate_name(OfficeKind.SERVICE_OFFICE, "松山湖人力资源和社会保障服务所", unit, above=[]) == []
    (fault,) = validate_name(OfficeKind.SERVICE_OFFICE, "松山湖园区人力资源和社会保障服务所", unit, above=[])
    assert not fault.is_hard
