"""The names that the policy gives to bureaus, service offices and stations; pure rules over rows of divisions.

A name that no documented rule yields is reported with its reason, never guessed (ADR 0006).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from common.divisions import Level, ancestors_of, contains, node_at
from registry.data.rows import DATA_AS_OF, DivisionKind, DivisionRow
from registry.offices.naming_data import (
    BUREAU_NAMES,
    BUREAU_SUFFIXES,
    COMMITTEE_ENDINGS,
    COMMITTEE_WORDS,
    OFFICE_SUFFIX,
    PLACE_ENDING,
    STATION_SUFFIX,
    TOWN_ALIASES,
    UNIT_WORDS,
    BureauName,
    BureauSuffix,
)

_HAN_ONLY = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
_ENDINGS = sorted(COMMITTEE_ENDINGS, key=lambda ending: -len(ending.text))
_ALIASES = {alias.town: alias.text for alias in TOWN_ALIASES}


class OfficeKind(StrEnum):
    """The three kinds of offices (architecture.md §1)."""

    BUREAU = "bureau"
    SERVICE_OFFICE = "service_office"
    SERVICE_STATION = "service_station"


OFFICE_KIND_LABELS: dict[OfficeKind, str] = {
    OfficeKind.BUREAU: "厅/局",
    OfficeKind.SERVICE_OFFICE: "服务所",
    OfficeKind.SERVICE_STATION: "服务站",
}


class UnnamedReason(StrEnum):
    """Why a division has no office name by the rule."""

    FILLER = "filler"
    INFORMAL_TOWN = "informal-town"
    UNDER_INFORMAL_TOWN = "under-informal-town"
    QUASI_VILLAGE = "quasi-village"
    NOT_HAN = "not-han"
    FOREIGN_PREFIX = "foreign-prefix"
    ENDING_UNKNOWN = "ending-unknown"
    KIND_CONFLICT = "kind-conflict"
    NAME_COLLISION = "name-collision"


_REASONS: Mapping[UnnamedReason, tuple[str, str]] = {
    UnnamedReason.FILLER: ("该市不设县级，此行只是重复市名的占位行，不设县级局", "O1.3a"),
    UnnamedReason.INFORMAL_TOWN: ("类似乡级单位，不是乡镇或街道，不默认设服务所", "O2.1a"),
    UnnamedReason.UNDER_INFORMAL_TOWN: ("上级为类似乡级单位，没有可作业务指导的服务所，不默认设服务站", "O1.3c"),
    UnnamedReason.QUASI_VILLAGE: ("类似村级单位，不是行政村或社区，不默认设服务站", "O1.1d"),
    UnnamedReason.NOT_HAN: ("名称含拆字或非汉字写法，规则无法成名，须人工核定用字", "O2.1b"),
    UnnamedReason.FOREIGN_PREFIX: ("名称所冠上级名称与所在乡镇（街道）不符，须人工核定", "O2.1b"),
    UnnamedReason.ENDING_UNKNOWN: ("名称尾缀不在规则之内，无法判定村或社区，须人工核定", "O2.1b"),
    UnnamedReason.KIND_CONFLICT: ("名称所示与代码所示不一（一为村、一为社区），须人工核定", "O2.1b"),
    UnnamedReason.NAME_COLLISION: ("同一乡镇（街道）内按规则成名后重名，须人工区分", "O2.1b"),
}


@dataclass(frozen=True, slots=True)
class NamedOffice:
    """A name for the office of one division; `mark` tells how sure it is (V, P, K)."""

    division: str
    level: Level
    kind: OfficeKind
    name: str
    mark: str
    source: str


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A division that gets no office name, and the clause and reason for it (Chinese, for people)."""

    code: str
    level: Level
    name: str
    reason: UnnamedReason

    @property
    def explanation(self) -> str:
        """The reason in words."""
        return _REASONS[self.reason][0]

    @property
    def clause(self) -> str:
        """The clause that the reason rests on."""
        return _REASONS[self.reason][1]


@dataclass(frozen=True, slots=True)
class NamingReport:
    """Every division without an office name; nothing is left out and nothing is guessed."""

    entries: tuple[Unnamed, ...]

    def counts(self) -> dict[UnnamedReason, int]:
        """How many divisions per reason, in the order of the reasons."""
        found = Counter(entry.reason for entry in self.entries)
        return {reason: found[reason] for reason in UnnamedReason if found[reason]}


def name_bureau(division: DivisionRow, *, on: date = DATA_AS_OF) -> NamedOffice:
    """The name of a bureau on a day: its own entry, else the suffix of the nearest subtree that has one.

    Source: S6, O1.3a
    """
    own = _bureau_entry(division.code, on)
    if own is not None:
        return NamedOffice(division.code, division.level, OfficeKind.BUREAU, own.name, own.mark, own.source)
    rule = _bureau_suffix(division)
    name = division.name + rule.suffix
    return NamedOffice(division.code, division.level, OfficeKind.BUREAU, name, rule.mark, rule.source)


def _bureau_entry(code: str, on: date) -> BureauName | None:
    for entry in BUREAU_NAMES:
        begun = entry.valid_from is None or entry.valid_from <= on
        if entry.division == code and begun and (entry.valid_to is None or on < entry.valid_to):
            return entry
    return None


def _bureau_suffix(division: DivisionRow) -> BureauSuffix:
    fitting = [
        rule for rule in BUREAU_SUFFIXES if rule.level is division.level and contains(rule.within, division.code)
    ]
    return max(fitting, key=lambda rule: len(ancestors_of(rule.within)))


def name_service_office(town: DivisionRow) -> NamedOffice:
    """The town's full name and the fixed words with 和.

    Source: O2.1a
    """
    return NamedOffice(town.code, town.level, OfficeKind.SERVICE_OFFICE, town.name + OFFICE_SUFFIX, "V", "O2.1a")


def name_station(village: DivisionRow, above: Sequence[DivisionRow]) -> NamedOffice | UnnamedReason:
    """The village's or community's name and the fixed words without 和, or why there is none.

    Source: O2.1b, ADR 0006

    Args:
        village: a row of the village level.
        above: the rows above it, in any order, fillers left out.
    """
    place = place_of(village, above)
    if isinstance(place, UnnamedReason):
        return place
    return NamedOffice(village.code, village.level, OfficeKind.SERVICE_STATION, place + STATION_SUFFIX, "V", "O2.1b")


def place_of(village: DivisionRow, above: Sequence[DivisionRow]) -> str | UnnamedReason:
    """The ××村 or ××社区 of a village row: prefix of the upper levels off, committee off, 村 or 社区 on.

    Source: O2.1b, ADR 0006
    """
    if village.kind is DivisionKind.OTHER:
        return UnnamedReason.QUASI_VILLAGE
    if not _HAN_ONLY.fullmatch(village.name):
        return UnnamedReason.NOT_HAN
    local = _without_prefix(village, above)
    return local if isinstance(local, UnnamedReason) else _place_from(local, village.kind)


def _place_from(local: str, kind: DivisionKind) -> str | UnnamedReason:
    """Puts 村 or 社区 where the committee stood, if name and code agree on which it is.

    Source: O2.1b
    """
    stem, committee = _split_committee(local)
    if committee is None:
        return UnnamedReason.ENDING_UNKNOWN
    ending = PLACE_ENDING[committee]
    place = stem if stem.endswith(ending) else stem + ending
    if place == ending or any(word in place for word in COMMITTEE_WORDS + UNIT_WORDS):
        return UnnamedReason.ENDING_UNKNOWN
    if committee is not kind or (ending == "村" and stem.endswith("社区")):
        return UnnamedReason.KIND_CONFLICT
    return place


def _without_prefix(village: DivisionRow, above: Sequence[DivisionRow]) -> str | UnnamedReason:
    """Takes the names of the levels above off the front, if they end with the village's own town.

    A front that names an upper level but not the own town contradicts the tree. Where nothing but the committee
    would remain (长潭镇居委会), the town's name is the place's name and stays.
    """
    by_level = {row.level: row for row in above}
    town = by_level[Level.TOWN]
    rest = village.name
    begins_above = False
    for level in (Level.PROVINCE, Level.CITY, Level.COUNTY):
        upper = by_level.get(level)
        if upper is not None and rest.startswith(upper.name):
            rest, begins_above = rest.removeprefix(upper.name), True
    for town_name in (town.name, _ALIASES.get(town.code, town.name)):
        if rest.startswith(town_name):
            local = rest.removeprefix(town_name)
            stem, _ = _split_committee(local)
            return local if stem.removesuffix("社区").removesuffix("村") else rest
    return UnnamedReason.FOREIGN_PREFIX if begins_above else village.name


def _split_committee(name: str) -> tuple[str, DivisionKind | None]:
    """The name without its committee, and which committee; a name that already ends in 社区 or 村 stands as it is."""
    for ending in _ENDINGS:
        if name.endswith(ending.text):
            return name.removesuffix(ending.text), ending.kind
    for kind, place_ending in PLACE_ENDING.items():
        if name.endswith(place_ending):
            return name, kind
    return name, None


def name_offices(rows: Sequence[DivisionRow], *, on: date = DATA_AS_OF) -> tuple[list[NamedOffice], NamingReport]:
    """Names the offices of all divisions; what the rule cannot name is in the report with its reason.

    Source: O2.1a, O2.1b, O1.1d, ADR 0006

    Args:
        rows: divisions with everything above them.
        on: the day whose bureau names apply.
    """
    by_code = {row.code: row for row in rows if row.kind is not DivisionKind.FILLER}
    named: list[NamedOffice] = []
    unnamed: list[Unnamed] = []
    for row in rows:
        outcome = _name_one(row, by_code, on)
        if isinstance(outcome, UnnamedReason):
            unnamed.append(Unnamed(row.code, row.level, row.name, outcome))
        else:
            named.append(outcome)
    clashing = _clashing_stations(named)
    unnamed += [
        Unnamed(code, Level.VILLAGE, by_code[code].name, UnnamedReason.NAME_COLLISION) for code in sorted(clashing)
    ]
    return [office for office in named if office.division not in clashing], NamingReport(tuple(unnamed))


def _name_one(row: DivisionRow, by_code: Mapping[str, DivisionRow], on: date) -> NamedOffice | UnnamedReason:
    if row.kind is DivisionKind.FILLER:
        return UnnamedReason.FILLER
    if row.level is Level.TOWN:
        return UnnamedReason.INFORMAL_TOWN if row.kind is DivisionKind.INFORMAL else name_service_office(row)
    if row.level is not Level.VILLAGE:
        return name_bureau(row, on=on)
    above = [by_code[code] for code in ancestors_of(row.code)]
    if any(upper.kind is DivisionKind.INFORMAL for upper in above):
        return UnnamedReason.UNDER_INFORMAL_TOWN
    return name_station(row, above)


def _clashing_stations(offices: Sequence[NamedOffice]) -> set[str]:
    """The divisions whose stations would share a name within one town; none of them keeps it.

    Source: O2.1b, ADR 0006
    """
    sharing: dict[tuple[str | None, str], list[str]] = defaultdict(list)
    for office in offices:
        if office.kind is OfficeKind.SERVICE_STATION:
            sharing[node_at(office.division, Level.TOWN), office.name].append(office.division)
    return {code for codes in sharing.values() if len(codes) > 1 for code in codes}


@dataclass(frozen=True, slots=True)
class NameFault:
    """What is wrong with a proposed name, for people.

    A hard fault breaks the fixed words or the level and refuses the name; a soft one (the ×× part differs from the
    name of the division, a bureau's name differs from the recorded one) asks for a reason.
    """

    explanation: str
    clause: str
    is_hard: bool
    expected: str | None


_LEVELS_OF_KIND: Mapping[OfficeKind, tuple[Level, ...]] = {
    OfficeKind.BUREAU: (Level.PROVINCE, Level.CITY, Level.COUNTY),
    OfficeKind.SERVICE_OFFICE: (Level.TOWN,),
    OfficeKind.SERVICE_STATION: (Level.VILLAGE,),
}
_CLAUSE_OF_KIND: Mapping[OfficeKind, str] = {
    OfficeKind.BUREAU: "S6",
    OfficeKind.SERVICE_OFFICE: "O2.1a",
    OfficeKind.SERVICE_STATION: "O2.1b",
}


def validate_name(
    kind: OfficeKind, name: str, division: DivisionRow, *, above: Sequence[DivisionRow], on: date = DATA_AS_OF
) -> list[NameFault]:
    """Explains what is wrong with a proposed office name; an empty list means that the name stands.

    Source: O2.1a, O2.1b, S6, ADR 0006

    Args:
        kind: of the office.
        name: as proposed.
        division: the place of the office.
        above: the rows above the place, in any order, fillers left out; read for stations only.
        on: the day whose bureau names apply.
    """
    if division.level not in _LEVELS_OF_KIND[kind] or division.kind is DivisionKind.FILLER:
        text = f"{OFFICE_KIND_LABELS[kind]}不设在此层级的区划（{division.name}）"
        return [NameFault(text, "O1.3a", is_hard=True, expected=None)]
    if kind is OfficeKind.BUREAU:
        return _check_bureau(name, name_bureau(division, on=on).name)
    if kind is OfficeKind.SERVICE_OFFICE:
        return _check_fixed_words(kind, name, OFFICE_SUFFIX) or _check_town_part(name, division)
    return _check_fixed_words(kind, name, STATION_SUFFIX) or _check_place_part(name, division, above)


def _check_bureau(name: str, expected: str) -> list[NameFault]:
    """Bureau names are recorded, not ruled: a difference asks for a reason.

    Source: S6
    """
    if name == expected:
        return []
    return [NameFault(f"与登记在案的名称“{expected}”不一致，须说明理由", "S6", is_hard=False, expected=expected)]


def _check_fixed_words(kind: OfficeKind, name: str, suffix: str) -> list[NameFault]:
    """The words behind ×× are fixed to the letter: 服务所 with 和, 服务站 without.

    Source: O2.1a, O2.1b
    """
    clause = _CLAUSE_OF_KIND[kind]
    place = name.removesuffix(suffix)
    if place not in (name, ""):
        return []
    short = kind is OfficeKind.SERVICE_OFFICE and name.endswith(suffix.replace("和", "", 1))
    long = kind is OfficeKind.SERVICE_STATION and name.endswith(suffix.replace("资源", "资源和", 1))
    if short:
        text = "服务所名称写“人力资源和社会保障”，缺“和”字"
    elif long:
        text = "服务站名称写“人力资源社会保障”，不带“和”字"
    elif place == "":
        text = f"统称“{suffix}”之前缺地名"
    else:
        text = f"{OFFICE_KIND_LABELS[kind]}统称为“××{suffix}”"
    return [NameFault(text, clause, is_hard=True, expected=None)]


def _check_town_part(name: str, town: DivisionRow) -> list[NameFault]:
    """×× is the town's full name; for a unit that only resembles a town the policy fixes none.

    Source: O2.1a, ADR 0006
    """
    expected = name_service_office(town).name
    if name == expected:
        return []
    text = f"“××”应为乡镇（街道）全称“{town.name}”"
    return [NameFault(text, "O2.1a", is_hard=town.kind is not DivisionKind.INFORMAL, expected=expected)]


def _check_place_part(name: str, village: DivisionRow, above: Sequence[DivisionRow]) -> list[NameFault]:
    """×× ends in 村 or 社区 and holds no committee; a name unlike the ruled one asks for a reason.

    Source: O2.1b, ADR 0006
    """
    place = name.removesuffix(STATION_SUFFIX)
    if any(word in place for word in COMMITTEE_WORDS):
        return [NameFault("地名中不写村（居）民委员会等字样", "O2.1b", is_hard=True, expected=None)]
    if not place.endswith(tuple(PLACE_ENDING.values())) or place in PLACE_ENDING.values():
        return [NameFault("“××”应以“村”或“社区”收尾，并写明地名", "O2.1b", is_hard=True, expected=None)]
    ruled = place_of(village, above)
    if isinstance(ruled, UnnamedReason) or ruled == place:
        return []
    expected = ruled + STATION_SUFFIX
    text = f"按区划名称应为“{expected}”，不一致须说明理由"
    return [NameFault(text, "O2.1b", is_hard=False, expected=expected)]
