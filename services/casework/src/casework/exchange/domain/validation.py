"""What is wrong with a document that came in, in Chinese, row by row and without the values."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from casework.exchange.domain.forms import FORMS
from casework.exchange.domain.schemas_of import PROFILE, document_schema
from common.errors import JSON

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

MOST_FINDINGS = 200
UNKNOWN = "*"
_DIGITS = 14
_REASONS: Mapping[str, str] = {
    "required": "缺少必填内容",
    "additionalProperties": "含有标准和扩展都没有的字段",
    "type": "类型不正确",
    "enum": "代码不在代码集之内",
    "const": "取值不正确",
    "pattern": "格式不正确",
    "format": "不是有效的日期时间",
    "maxLength": "长度超过标准规定",
    "minLength": "长度不足标准规定",
    "minimum": "小于允许的最小值",
    "maximum": "大于允许的最大值",
    "anyOf": "扩展字段内容不正确",
}
_OTHER = "内容不正确"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        table: key of the table; None for the document itself.
        table_label: as the standard calls it.
        row: its number from 1.
        field: name of the field; `*` where the document made it up.
        field_label: its Chinese name.
        code: stable, in English.
        reason: in Chinese.
    """

    table: str | None
    table_label: str | None
    row: int | None
    field: str | None
    field_label: str | None
    code: str
    reason: str

    def told(self) -> dict[str, JSON]:
        """As answers and errors tell it, without what is not known."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name)) is not None}


def _is_instant(value: object) -> bool:
    """Whether a printed date and time exists in the calendar, in whatever printed form."""
    digits = "".join(filter(str.isdigit, str(value)))
    try:
        datetime.strptime(digits, "%Y%m%d%H%M%S")  # noqa: DTZ007 - only whether it exists
    except ValueError:
        return False
    return len(digits) == _DIGITS


@lru_cache(maxsize=2)
def _validator(name: str) -> "Draft202012Validator":
    """The library is loaded with the first document: most processes never read one."""
    from jsonschema import Draft202012Validator, FormatChecker  # noqa: PLC0415 - see above

    formats = FormatChecker(())
    for printed in ("basic-date-time", "plain-date-time"):
        formats.checks(printed)(_is_instant)
    return Draft202012Validator(document_schema(name), format_checker=formats)


def validate_document(document: Any) -> list[Finding]:
    """What of a parsed document does not fit its schema; empty if everything does.

    Neither values nor names of the document's own making are told: both may be personal data.

    Source: O4.2a; GB/T 39046-2020; standards.md §9.
    """
    if not isinstance(document, dict):
        return [Finding(None, None, None, None, None, "type", "应为 JSON 对象")]
    form = document.get("form")
    if not isinstance(form, str) or form not in FORMS:
        return [Finding(None, None, None, "form", "格式", "enum", "不是可以识别的交换格式")]
    found: list[Finding] = []
    for error in _validator(form).iter_errors(document):
        found.extend(_findings(form, error))
        if len(found) >= MOST_FINDINGS:
            break
    return sorted(found[:MOST_FINDINGS], key=lambda one: (one.table or "", one.row or 0, one.field or ""))


def _findings(form: str, error: "ValidationError") -> Iterator[Finding]:
    path = list(error.absolute_path)
    keyword = str(error.validator)
    reason = _reason(error, keyword)
    if len(path) < 2 or path[0] != "tables":  # noqa: PLR2004 - `tables` and the table's name
        field = str(path[0]) if path else None
        yield Finding(None, None, None, field, None, keyword, reason)
        return
    table = FORMS[form].tables.get(str(path[1]))
    row = int(path[2]) + 1 if len(path) > 2 else None  # noqa: PLR2004
    named = str(path[3]) if len(path) > 3 else None  # noqa: PLR2004
    for field in [named] if named or keyword != "required" else _missing(error):
        label = next((one.label for one in table.fields if one.name == field), None) if table else None
        yield Finding(str(path[1]), table.label if table else None, row, field, label, keyword, reason)


def _missing(error: "ValidationError") -> list[str | None]:
    """Names that our own schema demands, so they are nobody's data."""
    demanded: Any = error.validator_value
    given: Any = error.instance
    return [name for name in demanded if name not in given][:1]


def _reason(error: "ValidationError", keyword: str) -> str:
    reason = _REASONS.get(keyword, _OTHER)
    if keyword in {"maxLength", "minLength"}:
        return f"{reason}（{error.validator_value} 个字符）"
    if keyword == "const" and error.validator_value == PROFILE:
        return "扩展字段的版本不能识别"
    return reason


def parse_document(line: bytes) -> Any:
    """A document from its bytes; None if they are no JSON in UTF-8, or hold what no text or number is.

    Source: GB/T 39046-2020.
    """
    try:
        document = json.loads(line.decode("utf-8"), parse_constant=_no_number)
        json.dumps(document, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        return None
    return document


def _no_number(name: str) -> float:
    msg = f"{name} is no JSON"
    raise ValueError(msg)
