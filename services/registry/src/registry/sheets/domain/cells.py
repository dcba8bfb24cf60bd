"""Reading and showing one cell.

People and their programmes write the same thing in many ways: numbers as text, codes as numbers, full-width digits,
blanks around. What is certain is taken; what is not is told, never guessed. Source: ADR 0015.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Protocol
from uuid import UUID

from common.divisions import is_code
from common.telemetry import holds_personal_data

Raw = str | int | float | bool | date | datetime | time | timedelta | None
"""What a cell of a file holds."""

Cell = str | int | Decimal | date | None
"""What is written into a cell."""

EXACT = 2**53
"""Beyond this a spreadsheet's number no longer tells which whole number it was."""
_BLANKS = "\u3000\u00a0\u200b\u200c\u200d\ufeff"
_SEPARATORS = re.compile(r"[、，,;；/|\s]+")
_DAY = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?|(\d{4})(\d\d)(\d\d)")
_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[eE]\+?\d+")
_DIGITS = re.compile(r"\d{6,}")
_SHOWN_CHOICES = 12


class CellWrong(Exception):
    """A cell that cannot be taken.

    Attributes:
        code: stable, English.
        reason: Chinese, for the error sheet; quotes no long run of digits.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason


class Kind(Protocol):
    """A kind of cell."""

    @property
    def look(self) -> str:
        """How it is written: `text`, `day`, `whole`, `amount`."""

    @property
    def hint(self) -> str:
        """How people fill it in, Chinese."""

    def parse(self, raw: Raw) -> object:
        """The value of a cell that is not blank.

        Raises:
            CellWrong: it is none of this kind.
        """

    def show(self, value: object) -> Cell:
        """The cell of a value that is there."""


def clean(raw: Raw) -> Raw:
    """The cell without blanks around its text; None if nothing is left.

    Source: ADR 0015.
    """
    if isinstance(raw, str):
        return raw.strip().strip(_BLANKS).strip() or None
    return raw


def plain(text: str) -> str:
    """The text with full-width digits, letters and signs as narrow ones.

    Source: ADR 0015.
    """
    return unicodedata.normalize("NFKC", text).strip()


def quoted(text: str) -> str:
    """The beginning of a cell for its reason; long runs of digits, which may be anybody's number, are left out.

    Source: ADR 0015.
    """
    short = _DIGITS.sub("…", plain(text))
    return f"“{short[:20]}…”" if len(short) > 20 else f"“{short}”"  # noqa: PLR2004 - enough to find it again


def _whole_text(raw: Raw) -> str:
    """Text of a cell that should be text: whole numbers are taken as their digits as long as those are certain."""
    if isinstance(raw, str):
        if _SCIENTIFIC.fullmatch(plain(raw)):
            raise _lost()
        return raw
    if isinstance(raw, bool):
        raise CellWrong("not-text", "单元格是逻辑值，应为文本")
    if isinstance(raw, int | float):
        if abs(raw) >= EXACT:
            raise _lost()
        return str(int(raw)) if raw == int(raw) else repr(raw)
    raise CellWrong("not-text", "单元格是日期或时间，应为文本")


def _lost() -> CellWrong:
    return CellWrong("precision-lost", "长数字被表格软件存成了数值，末几位已经丢失；请将单元格设为文本后重新填写")


@dataclass(frozen=True, slots=True)
class Text:
    """Words.

    Args:
        is_number: of a telephone: what looks like a person's number elsewhere is meant here.
    """

    longest: int = 200
    shortest: int = 1
    pattern: str | None = None
    pattern_hint: str = ""
    is_number: bool = False
    look: str = field(default="text", init=False)

    @property
    def hint(self) -> str:
        """How people fill it in, Chinese."""
        return f"文本，{self.shortest}至{self.longest}个字" + (f"；{self.pattern_hint}" if self.pattern else "")

    def parse(self, raw: Raw) -> str:
        """The words, without what cannot be written."""
        text = _whole_text(raw)
        if any(unicodedata.category(char) in {"Cc", "Cs"} and char != "\n" for char in text):
            raise CellWrong("control-character", "含有不可见的控制字符")
        if not self.shortest <= len(text) <= self.longest:
            raise CellWrong("wrong-length", f"应为{self.shortest}至{self.longest}个字，现为{len(text)}个")
        if self.pattern and re.fullmatch(self.pattern, text) is None:
            raise CellWrong("wrong-form", f"格式不正确：{self.pattern_hint}")
        if not self.is_number and holds_personal_data(text):
            raise CellWrong("personal-data", "含有疑似身份证号码或手机号码，不得填写个人信息")
        return text

    def show(self, value: object) -> Cell:
        """As it is."""
        return str(value)


@dataclass(frozen=True, slots=True)
class Digits:
    """A code of digits and capital letters that is a text, whatever a spreadsheet makes of it."""

    length: int
    is_division: bool = False
    look: str = field(default="text", init=False)

    @property
    def hint(self) -> str:
        """How people fill it in, Chinese."""
        return f"{self.length}位代码，单元格格式为文本"

    def parse(self, raw: Raw) -> str:
        """The code."""
        text = plain(_whole_text(raw)).upper()
        if len(text) != self.length or not text.isascii() or not text.isalnum():
            raise CellWrong("wrong-code-form", f"应为{self.length}位代码")
        if self.is_division and not is_code(text):
            raise CellWrong("wrong-code-form", "不是行政区划代码")
        return text

    def show(self, value: object) -> Cell:
        """As text."""
        return str(value)


@dataclass(frozen=True, slots=True)
class Identifier:
    """The identifier of a record, as the export shows it."""

    look: str = field(default="text", init=False)
    hint: str = field(default="系统编号，导出时自动填写；新增的行留空", init=False)

    def parse(self, raw: Raw) -> UUID:
        """The identifier."""
        try:
            return UUID(raw if isinstance(raw, str) else "")
        except ValueError:
            raise CellWrong("wrong-identifier", "不是系统编号，请使用导出的编号") from None

    def show(self, value: object) -> Cell:
        """As text."""
        return str(value)


def _number(raw: Raw) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise CellWrong("not-a-number", "应为数字")
    if not isinstance(raw, str):
        if abs(raw) >= EXACT:
            raise _lost()
        return Decimal(repr(raw))
    text = plain(raw)
    if _SCIENTIFIC.fullmatch(text):
        raise _lost()
    if _NUMBER.fullmatch(text) is None:
        raise CellWrong("not-a-number", f"{quoted(raw)}不是数字")
    return Decimal(text.replace(",", ""))


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number."""

    least: int = 0
    most: int = 2**31 - 1
    look: str = field(default="whole", init=False)

    @property
    def hint(self) -> str:
        """How people fill it in, Chinese."""
        return f"整数，{self.least}至{self.most}"

    def parse(self, raw: Raw) -> int:
        """The number."""
        number = _number(raw)
        if number != number.to_integral_value():
            raise CellWrong("not-whole", "应为整数")
        if not self.least <= number <= self.most:
            raise CellWrong("out-of-range", f"应在{self.least}至{self.most}之间")
        return int(number)

    def show(self, value: object) -> Cell:
        """As a number."""
        return value if isinstance(value, int) else None


@dataclass(frozen=True, slots=True)
class Hundredths:
    """A number with two decimals that is kept in hundredths: yuan in fen, square metres in square decimetres."""

    unit: str
    least: int = 0
    most: int = 10**15
    look: str = field(default="amount", init=False)

    @property
    def hint(self) -> str:
        """How people fill it in, Chinese."""
        return f"数字，单位{self.unit}，最多两位小数"

    def parse(self, raw: Raw) -> int:
        """The hundredths; what a spreadsheet's sum adds far behind the point is its own noise."""
        number = _number(raw)
        if not self.least <= number * 100 <= self.most:
            least, most = (Decimal(end).scaleb(-2).normalize() for end in (self.least, self.most))
            raise CellWrong("out-of-range", f"应为{least:f}至{most:f}{self.unit}")
        try:
            exact = number * 100
            whole = exact.to_integral_value()
        except InvalidOperation:
            raise CellWrong("too-many-decimals", "最多两位小数") from None
        noise = Decimal("1e-4") if isinstance(raw, float) else Decimal(0)
        if abs(exact - whole) > noise:
            raise CellWrong("too-many-decimals", "最多两位小数")
        return int(whole)

    def show(self, value: object) -> Cell:
        """In the unit."""
        return Decimal(value).scaleb(-2) if isinstance(value, int) else None


@dataclass(frozen=True, slots=True)
class Day:
    """A day."""

    look: str = field(default="day", init=False)
    hint: str = field(default="日期，例如 2026-01-31", init=False)

    def parse(self, raw: Raw) -> date:
        """The day: a date cell, or an ISO text."""
        if isinstance(raw, datetime):
            if raw.time() != time():
                raise CellWrong("not-a-day", "应为日期，不含时刻")
            return _in_range(raw.date())
        if isinstance(raw, date):
            return _in_range(raw)
        if not isinstance(raw, str):
            raise CellWrong("not-a-day", "应为日期；单元格现为数值，请设为日期格式")
        found = _DAY.fullmatch(plain(raw))
        if found is None:
            raise CellWrong("not-a-day", f"{quoted(raw)}不是日期，应写作 2026-01-31")
        year, month, day = (int(part) for part in found.groups() if part is not None)
        try:
            return _in_range(date(year, month, day))
        except ValueError:
            raise CellWrong("not-a-day", "没有这一天") from None

    def show(self, value: object) -> Cell:
        """As a date."""
        return value if isinstance(value, date) else None


def _in_range(day: date) -> date:
    if not 1900 <= day.year <= 2200:  # noqa: PLR2004 - nobody's sheet is older, or from further ahead
        raise CellWrong("not-a-day", "日期应在1900年至2200年之间")
    return day


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some codes; its label will do as well."""

    labels: Mapping[str, str]
    look: str = field(default="text", init=False)
    _known: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = {plain(label): code for code, label in self.labels.items()}
        object.__setattr__(self, "_known", known | {code: code for code in self.labels})

    @property
    def hint(self) -> str:
        """How people fill it in, Chinese."""
        return "填代码或名称：" + "，".join(f"{code}（{label}）" for code, label in self.labels.items())

    def parse(self, raw: Raw) -> str:
        """The code."""
        return self.code_of(_whole_text(raw))

    def code_of(self, text: str) -> str:
        """The code that a text names, by itself or by its label."""
        wanted = plain(text)
        code = self._known.get(wanted) or self._known.get(wanted.lower())
        if code is not None:
            return code
        allowed = "、".join(self.labels.values()) if len(self.labels) <= _SHOWN_CHOICES else "见填表说明"
        raise CellWrong("unknown-code", f"{quoted(text)}不在允许的范围内，应为：{allowed}")

    def show(self, value: object) -> Cell:
        """The code."""
        return str(value)


@dataclass(frozen=True, slots=True)
class Choices:
    """Several of some codes."""

    labels: Mapping[str, str]
    look: str = field(default="text", init=False)

    @property
    def hint(self) -> str:
        """How people fill it in, Chinese."""
        return "可填多个，以顿号或逗号分隔；" + Choice(self.labels).hint

    def parse(self, raw: Raw) -> tuple[str, ...]:
        """The codes, each once, in the order of the dictionary."""
        text, one = plain(_whole_text(raw)), Choice(self.labels)
        for code, label in sorted(self.labels.items(), key=lambda item: -len(item[1])):
            text = text.replace(plain(label), f" {code} ")  # labels have marks of their own
        named = [one.code_of(part) for part in _SEPARATORS.split(text) if part]
        if len(named) != len(set(named)):
            raise CellWrong("named-twice", "同一代码填写了两次")
        return tuple(code for code in self.labels if code in named)

    def show(self, value: object) -> Cell:
        """The codes."""
        return "、".join(str(code) for code in value) or None if isinstance(value, list | tuple) else None


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    look: str = field(default="text", init=False)
    hint: str = field(default="是 或 否", init=False)

    def parse(self, raw: Raw) -> bool:
        """True for yes."""
        if isinstance(raw, bool):
            return raw
        text = plain(_whole_text(raw)).lower()
        if text in {"是", "true", "1", "y", "yes"}:
            return True
        if text in {"否", "false", "0", "n", "no"}:
            return False
        raise CellWrong("not-a-flag", "应填“是”或“否”")

    def show(self, value: object) -> Cell:
        """In words."""
        return "是" if value else "否"
