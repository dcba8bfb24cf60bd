"""Bases of request and response models, and the field types that every service needs."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetCoreSchemaHandler, PlainSerializer
from pydantic_core import CoreSchema

from common import clock
from common.http.messages import FieldRule
from common.http.strictness import Tightener
from common.telemetry import holds_personal_data

BeijingTime = Annotated[datetime, PlainSerializer(clock.iso, return_type=str, when_used="json")]
"""An instant in an answer: ISO 8601 with +08:00."""

DivisionCode = Annotated[str, Field(pattern=r"^[1-9][0-9]{11}$", examples=["440303003001"])]
"""12 digits; whether such a division exists is a rule, not a form."""

Int32 = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
Int64 = Annotated[int, Field(ge=-(2**63), le=2**63 - 1)]
"""Integers that a PostgreSQL column can hold."""

PERSONAL_DATA = FieldRule("personal-data", "含有疑似身份证号码或手机号码，不得填写个人信息")


def impersonal(text: str) -> str:
    """The text, unless it holds something like a citizen number or a mobile number.

    Source: standards.md §9; ADR 0005.
    """
    if holds_personal_data(text):
        raise PERSONAL_DATA.error()
    return text


IMPERSONAL = AfterValidator(impersonal)
"""Stands last in the type of a free text that is kept in clear: `Annotated[str, Field(max_length=9), IMPERSONAL]`."""


class StrictModel(BaseModel):
    """Base of request bodies: unknown members refused, no coercion between JSON types, no NUL in text.

    Models nested in it must be StrictModels too. How strict: `common.http.strictness`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
    is_held_to_json: ClassVar[bool] = True

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Tightens every part of the schema that pydantic has built."""
        schema: CoreSchema = Tightener(handler)(handler(source))
        return schema


class AnswerModel(BaseModel):
    """Base of response bodies."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Item = TypeVar("Item")


class Page(AnswerModel, Generic[Item]):
    """One page of a list; `next_cursor` is null on the last one."""

    items: list[Item]
    next_cursor: str | None = Field(
        default=None, description="传入下一次请求的 cursor 参数；为 null 表示没有更多数据。"
    )


class Labelled(AnswerModel):
    """A code and what people call it."""

    code: str
    label: str
