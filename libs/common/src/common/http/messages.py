"""What is wrong with a field, in Chinese. Our own words: pydantic's may quote the value."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import PydanticCustomError

OTHER = "取值不合法"

_MESSAGES: Mapping[str, str] = {
    "missing": "必填项缺失",
    "extra_forbidden": "不允许出现的字段",
    "string_type": "应为字符串",
    "string_too_short": "长度不足，至少 {min_length} 个字符",
    "string_too_long": "长度超限，最多 {max_length} 个字符",
    "string_pattern_mismatch": "格式不正确",
    "string_unicode": "包含无法编码的字符",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "整数超出范围",
    "int_from_float": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "decimal_type": "应为数字",
    "decimal_parsing": "应为数字",
    "finite_number": "应为有限的数字",
    "bool_type": "应为布尔值",
    "bool_parsing": "应为布尔值",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不得小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "不得大于 {le}",
    "multiple_of": "应为 {multiple_of} 的倍数",
    "date_type": "应为日期，格式 YYYY-MM-DD",
    "date_parsing": "应为日期，格式 YYYY-MM-DD",
    "date_from_datetime_parsing": "应为日期，格式 YYYY-MM-DD",
    "date_from_datetime_inexact": "应为日期，格式 YYYY-MM-DD",
    "date_past": "应为过去的日期",
    "date_future": "应为将来的日期",
    "datetime_type": "应为 ISO 8601 日期时间",
    "datetime_parsing": "应为 ISO 8601 日期时间",
    "datetime_from_date_parsing": "应为 ISO 8601 日期时间",
    "datetime_object_invalid": "应为 ISO 8601 日期时间",
    "timezone_aware": "日期时间应带时区",
    "time_type": "应为时间",
    "time_parsing": "应为时间",
    "time_delta_type": "应为 ISO 8601 时长",
    "time_delta_parsing": "应为 ISO 8601 时长",
    "uuid_type": "应为 UUID",
    "uuid_parsing": "应为 UUID",
    "uuid_version": "UUID 版本不正确",
    "enum": "不在允许的取值之内",
    "literal_error": "不在允许的取值之内",
    "union_tag_invalid": "类别不在允许的取值之内",
    "union_tag_not_found": "缺少类别",
    "list_type": "应为数组",
    "tuple_type": "应为数组",
    "set_type": "应为数组",
    "frozen_set_type": "应为数组",
    "too_short": "元素不足，至少 {min_length} 个",
    "too_long": "元素过多，最多 {max_length} 个",
    "dict_type": "应为对象",
    "model_type": "应为对象",
    "model_attributes_type": "应为对象",
    "mapping_type": "应为对象",
    "none_required": "应为 null",
    "recursion_loop": "嵌套层次过深",
}
_LIMITS = ("min_length", "max_length", "gt", "ge", "lt", "le", "multiple_of")

_declared: dict[str, str] = {}


class FieldRule:
    """A check of one field that a service adds; the only way to put words of its own into a 422.

    Declare it as a constant, raise `RULE.error()` in a validator. The words are fixed, so they quote nothing.

    Args:
        code: kebab-case, such as `id-number-check-digit`.
        message: Chinese.
    """

    def __init__(self, code: str, message: str) -> None:
        if _declared.setdefault(code, message) != message:
            msg = f"field rule {code} is declared twice with different words"
            raise ValueError(msg)
        self.code = code
        self.message = message

    def error(self) -> PydanticCustomError:
        """What a validator raises."""
        return PydanticCustomError(self.code, "refused")


def words_for(kind: str, context: Mapping[str, Any] | None) -> tuple[str, str]:
    """Stable code and Chinese message for a pydantic error type or a FieldRule.

    Args:
        kind: pydantic's `type`.
        context: pydantic's `ctx`; only limits that the schema itself states are taken from it.
    """
    if kind in _declared:
        return kind, _declared[kind]
    message = _MESSAGES.get(kind)
    if message is None:
        return "invalid", OTHER
    limits = {name: str(value) for name, value in (context or {}).items() if name in _LIMITS}
    try:
        return kind.replace("_", "-"), message.format_map(limits)
    except KeyError:
        return kind.replace("_", "-"), OTHER
