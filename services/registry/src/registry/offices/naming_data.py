"""What the naming rules read: committee endings, prefixes of towns, names of bureaus. Data with sources, no rules.

Marks: V read in the source, P read on a secondary page, K general knowledge, to be confirmed (standards.md).
`valid_from` is inside the period, `valid_to` is the first day after it; None is open.
"""

from dataclasses import dataclass
from datetime import date

from common.divisions import Level
from registry.data.rows import DivisionKind

OFFICE_SUFFIX = "人力资源和社会保障服务所"
STATION_SUFFIX = "人力资源社会保障服务站"
PLACE_ENDING: dict[DivisionKind, str] = {
    DivisionKind.RESIDENTS_COMMITTEE: "社区",
    DivisionKind.VILLAGE_COMMITTEE: "村",
}


@dataclass(frozen=True, slots=True)
class CommitteeEnding:
    """The end of a village's name that tells its committee, and why it may be read so."""

    text: str
    kind: DivisionKind
    note: str


_RESIDENTS = DivisionKind.RESIDENTS_COMMITTEE
_VILLAGERS = DivisionKind.VILLAGE_COMMITTEE
COMMITTEE_ENDINGS: tuple[CommitteeEnding, ...] = (
    CommitteeEnding("居民委员会", _RESIDENTS, "法定全称"),
    CommitteeEnding("居委会", _RESIDENTS, "通行简称"),
    CommitteeEnding("村民委员会", _VILLAGERS, "法定全称"),
    CommitteeEnding("村委会", _VILLAGERS, "通行简称"),
    CommitteeEnding("居民居委会", _RESIDENTS, "全称与简称叠写，如前锋社区居民居委会"),
    CommitteeEnding("居委会会", _RESIDENTS, "末字重复，如南漖社区居委会会"),
    CommitteeEnding("居委委员会", _RESIDENTS, "简称与全称叠写，如海湾社区居委委员会"),
    CommitteeEnding("居委员会", _RESIDENTS, "漏“民”字，如地派镇社区居委员会"),
    CommitteeEnding("居委", _RESIDENTS, "漏“会”字，如黄麻布社区居委"),
    CommitteeEnding("村民委会", _VILLAGERS, "漏“员”字，如石牌村民委会"),
)
"""Closed list: an ending that is not here is reported, never guessed (ADR 0006)."""

COMMITTEE_WORDS: tuple[str, ...] = ("委员会", "居委", "村委会", "渔委")
"""Left over in a place name, these are part of a committee that no ending above explains."""

UNIT_WORDS: tuple[str, ...] = ("虚拟", "类似", "生活区")
"""These mark a unit of the statistics, not a village or community."""


@dataclass(frozen=True, slots=True)
class TownAlias:
    """Another way in which the village names of one town write their town."""

    town: str
    text: str
    note: str


TOWN_ALIASES: tuple[TownAlias, ...] = (
    TownAlias("441625200000", "漳溪畲族乡", "全乡村名均冠民族乡全称，区划表用简称漳溪乡"),
    TownAlias("445103121000", "枫溪区", "全镇村名均冠管理区名，区划表中为枫溪镇"),
)


@dataclass(frozen=True, slots=True)
class BureauName:
    """The name of one bureau during one period."""

    division: str
    name: str
    valid_from: date | None
    valid_to: date | None
    mark: str
    source: str
    to_confirm: str | None = None


@dataclass(frozen=True, slots=True)
class BureauSuffix:
    """What is put behind the division's name for the bureaus of one level within one subtree."""

    within: str
    level: Level
    suffix: str
    mark: str
    source: str
    to_confirm: str | None = None


BUREAU_NAMES: tuple[BureauName, ...] = (
    BureauName(
        "440300000000",
        "深圳市人力资源保障局",
        None,
        None,
        "V",
        "S6（深府办〔2012〕13号，2012-02-06）",
        "2012年用名已核；近年公开材料亦见“深圳市人力资源和社会保障局”（P），更名日期未核",
    ),
    BureauName(
        "440311000000",
        "光明区人力资源局",
        None,
        None,
        "V",
        "广东省网上办事大厅深圳分厅光明区办事指南（items.md [29]）",
    ),
    BureauName(
        "441900000000",
        "东莞市人力资源局",
        None,
        date(2019, 1, 1),
        "P",
        "《东莞市人力资源局一次性创业资助办法》2016-05-20（items.md [27]）",
        "用名起止日期未核（K），止日暂按2019年机构改革",
    ),
)

BUREAU_SUFFIXES: tuple[BureauSuffix, ...] = (
    BureauSuffix("440000000000", Level.PROVINCE, "人力资源和社会保障厅", "K", "G2（文内简称省人力资源社会保障厅）"),
    BureauSuffix("440000000000", Level.CITY, "人力资源和社会保障局", "K", "通行名称", "各市现用全称待核"),
    BureauSuffix("440000000000", Level.COUNTY, "人力资源和社会保障局", "K", "通行名称", "各县（市、区）现用全称待核"),
    BureauSuffix(
        "440300000000", Level.COUNTY, "人力资源局", "K", "比照光明区（items.md [29]）", "深圳各区现用全称待核"
    ),
)

TAIL_WORDS = ("人力资源", "社会保障", "服务所", "服务站")
"""The words of the fixed part of the names; who looks for an office by its reading begins at one of them, or before."""


@dataclass(frozen=True, slots=True)
class PlaceReading:
    """How Guangdong reads a character or a place, where a general dictionary of readings says something else.

    Attributes:
        mark: how sure it is (V, P, K).
    """

    text: str
    syllables: tuple[str, ...]
    mark: str
    source: str


_DICTIONARY = "《现代汉语词典》地名读音"
_LOCAL = "广东地名通行读法，待核"

PLACE_READINGS: tuple[PlaceReading, ...] = (
    PlaceReading("圩", ("xu",), "K", f"{_DICTIONARY}：圩xū，湘赣闽粤等地称集市"),
    PlaceReading("涌", ("chong",), "K", f"{_DICTIONARY}：涌chōng，河汊，多用于地名"),
    PlaceReading("埔", ("pu",), "K", f"{_DICTIONARY}：埔pǔ，如黄埔"),
    PlaceReading("大埔", ("da", "bu"), "K", f"{_DICTIONARY}：大埔dàbù，地名，在广东"),
    PlaceReading("陂", ("bei",), "K", f"{_DICTIONARY}：陂bēi，池塘；黄陂（huángpí）在湖北"),
    PlaceReading("莞", ("guan",), "K", f"{_DICTIONARY}：东莞dōngguǎn，地名，在广东"),
    PlaceReading("番禺", ("pan", "yu"), "K", f"{_DICTIONARY}：番禺pānyú，地名，在广东"),
    PlaceReading("六", ("liu",), "K", "六榕、六都等读liù；读lù者（六安）在安徽"),
    PlaceReading("乐", ("le",), "K", "乐昌、乐从、乐平、长乐等读lè"),
    PlaceReading("厦", ("xia",), "K", _LOCAL),
    PlaceReading("曾", ("zeng",), "K", f"{_DICTIONARY}：姓氏曾zēng，村名多出于姓"),
    PlaceReading("区屋", ("ou", "wu"), "K", f"{_DICTIONARY}：姓氏区ōu，村名出于姓"),
    PlaceReading("覃", ("tan",), "K", "湛江覃斗、覃巴等读tán，待核"),
    PlaceReading("单竹", ("dan", "zhu"), "K", _LOCAL),
    PlaceReading("长洲", ("chang", "zhou"), "K", _LOCAL),
    PlaceReading("礤", ("ca",), "K", _LOCAL),
)
"""The common reading is kept beside these, so a clerk who types that one finds the place as well."""
