"""One parameter during one period, and how it is read from its data file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self, TypeVar

T = TypeVar("T")


class Strength(StrEnum):
    """How binding a rule with this parameter is (architecture.md §7)."""

    HARD = "hard"
    """应, 不得: a breach is refused."""
    SOFT = "soft"
    """一般, 原则上, 约, 适当: a breach is recorded with a reason."""
    FACT = "fact"
    """A list or a date that the document states; nothing is judged by it alone."""


class ValueKind(StrEnum):
    """What the value is."""

    NUMBER = "number"
    FLAG = "flag"
    DATE = "date"
    TEXT = "text"
    OPTIONS = "options"


class Mark(StrEnum):
    """How sure the value is."""

    READ = "V"
    """Read in the source."""
    SECONDARY = "P"
    """Read on a secondary page."""
    INFERRED = "K"
    """General knowledge or our reading of the clause; to be confirmed."""


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a list: a stable code and its Chinese label."""

    code: str
    label: str


UNIT_LABELS: Mapping[str, str] = {
    "code_prefix": "代码前缀",
    "date": "日期",
    "day": "天",
    "duty": "项职责",
    "file": "个文件",
    "flag": "是否",
    "government_system": "主管系统",
    "legal_nature": "机构性质",
    "minute": "分钟",
    "name_suffix": "统称",
    "office": "个机构",
    "option": "选项",
    "permille": "‰",
    "post": "个编制",
    "provision_mode": "提供方式",
    "rating": "个评价",
    "second": "秒",
    "served_person_per_staff": "名服务对象/工作人员",
    "square_metre": "平方米",
    "window": "个窗口",
    "working_day": "个工作日",
}
"""Every unit that the data file may use, with its Chinese label."""

Value = int | bool | date | str | tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that a policy states, during one period.

    Attributes:
        code: stable name, `office_floor_area_min`.
        title: Chinese, for people.
        value: a whole number, a flag, a date, a text or a list of options.
        unit: of the value (`m2`, `person_per_staff`, `date`, `list`, …); never empty.
        strength: how binding.
        clause: where it is stated (clauses.json).
        document: 文号 of the document in force.
        valid_from: first day.
        valid_to: first day on which it no longer holds; None is open.
        mark: how sure it is.
        to_confirm: what has to be confirmed, Chinese.
    """

    code: str
    title: str
    value: Value
    unit: str
    strength: Strength
    clause: str
    document: str
    valid_from: date
    valid_to: date | None
    mark: Mark = Mark.READ
    to_confirm: str | None = None

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """Reads one entry of the data file.

        Raises:
            ValueError: a member is missing, unknown or of the wrong form.
        """
        try:
            return cls(
                **{
                    **row,
                    "value": _value(row["value"]),
                    "strength": Strength(row["strength"]),
                    "mark": Mark(row.get("mark", Mark.READ)),
                    "valid_from": date.fromisoformat(row["valid_from"]),
                    "valid_to": date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
                }
            )
        except (KeyError, TypeError, ValueError) as error:
            msg = f"parameter {row.get('code')!r}: {error}"
            raise ValueError(msg) from error

    def is_in_force(self, on: date) -> bool:
        """True on every day from `valid_from` up to the day before `valid_to`."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    @property
    def kind(self) -> ValueKind:
        """What the value is; `bool` is asked first, because Python counts it among the integers."""
        for kind, python_type in _TYPES.items():
            if isinstance(self.value, python_type):
                return kind
        raise TypeError(f"{self.code} has a value of no known kind")

    @property
    def number(self) -> int:
        """The value as a whole number."""
        return self._as(int, ValueKind.NUMBER)

    @property
    def flag(self) -> bool:
        """The value as yes or no."""
        return self._as(bool, ValueKind.FLAG)

    @property
    def day(self) -> date:
        """The value as a date."""
        return self._as(date, ValueKind.DATE)

    @property
    def text(self) -> str:
        """The value as a text."""
        return self._as(str, ValueKind.TEXT)

    @property
    def options(self) -> tuple[Option, ...]:
        """The value as a list."""
        return self._as(tuple, ValueKind.OPTIONS)

    @property
    def option_codes(self) -> tuple[str, ...]:
        """The codes of the list, in its order."""
        return tuple(option.code for option in self.options)

    def _as(self, python_type: type[T], kind: ValueKind) -> T:
        if self.kind is not kind or not isinstance(self.value, python_type):
            raise TypeError(f"{self.code} is no {kind}, it is a {self.kind}")
        return self.value


_TYPES: Mapping[ValueKind, type] = {
    ValueKind.FLAG: bool,
    ValueKind.NUMBER: int,
    ValueKind.DATE: date,
    ValueKind.OPTIONS: tuple,
    ValueKind.TEXT: str,
}


def _value(value: Any) -> Value:
    if isinstance(value, bool | int) or (isinstance(value, str) and value):
        return value
    if isinstance(value, Mapping) and set(value) == {"date"}:
        return date.fromisoformat(value["date"])
    if isinstance(value, list) and value:
        return tuple(Option(**entry) for entry in value)
    raise ValueError("the value is no number, flag, text, date or list of options")
