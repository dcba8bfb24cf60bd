"""Requests about circulars."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from common.contracts.reporting.circulars import (
    AttachmentState,
    Better,
    BlockKind,
    BlockState,
    QueryKind,
    QueryState,
    Secrecy,
    UrgencyMark,
    WordChange,
    WordsState,
)
from common.divisions import Level
from common.http import IMPERSONAL, DivisionCode, StrictModel
from common.records.schemas import Reason
from reporting.circulars.service import Content, Reasons

_FIRST_DAY = date(2000, 1, 1)
_PRINTABLE = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]*$"
Stripped = StringConstraints(strip_whitespace=True, pattern=_PRINTABLE)
Name = Annotated[str, Stripped, Field(min_length=2, max_length=100), IMPERSONAL]
Title = Annotated[str, Stripped, Field(min_length=2, max_length=150, description="不得含引用数据。"), IMPERSONAL]
Words = Annotated[
    str,
    Stripped,
    Field(
        min_length=1,
        max_length=4000,
        description="一段文字；引用数据写作 {{ n.查询代码.区划代码 }}，不得填写个人信息。",
    ),
    IMPERSONAL,
]
Why = Annotated[str, Stripped, Field(min_length=2, max_length=200, description="原因，不得填写个人信息。"), IMPERSONAL]
Code = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60, description="小写字母、数字、连字符。")]
NumberName = Annotated[str, Field(pattern=r"^n\.[a-z0-9-]+\.[1-9][0-9]{11}\.[a-z][a-z_-]*$", max_length=120)]


class QueryBody(StrictModel):
    """一项查询。"""

    code: Code
    kind: QueryKind
    subject: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+$")] | None = Field(
        default=None, description="指标代码、报告期 id、进度方案 id 或督导考核 id。"
    )
    title: Name
    better: Better | None = Field(default=None, description="排名：higher 数值高者在前，lower 低者在前；不填不排名。")


class BlockBody(StrictModel):
    """正文的一段、一个标题（自动编号）或者一张表（text 为查询代码）。"""

    kind: BlockKind
    text: Words


class AttachmentBody(StrictModel):
    """附件。"""

    title: Title
    blocks: list[BlockBody] = Field(min_length=1, max_length=100)


class WordsBody(StrictModel):
    """公文各要素（GB/T 9704—2012）。"""

    issuer: Name = Field(description="发文机关。")
    number_mark: Annotated[str, Field(pattern=r"^[\u4e00-\u9fff]{2,10}$", description="机关代字，如“粤人社函”。")]
    title: Title
    addressees: list[Name] = Field(min_length=1, max_length=50, description="主送机关。")
    blocks: list[BlockBody] = Field(min_length=1, max_length=300, description="正文。")
    attachments: list[AttachmentBody] = Field(default_factory=list, max_length=20)
    note: Name | None = Field(default=None, description="附注，不加括号。")
    copies: list[Name] = Field(default_factory=list, max_length=50, description="抄送机关。")
    printed_by: Name = Field(description="印发机关。")
    copy_number: Annotated[int, Field(ge=1, le=999_999)] | None = Field(default=None, description="份号；须为空。")
    secrecy: Secrecy | None = Field(default=None, description="密级；涉密文件不经本平台，须为空。")
    secrecy_years: Annotated[int, Field(ge=1, le=30)] | None = Field(
        default=None, description="保密期限（年）；须为空。"
    )
    urgency: UrgencyMark | None = Field(default=None, description="紧急程度。")

    def to_words(self) -> WordsState:
        """For the use case."""
        told = self.model_dump(exclude={"blocks", "attachments", "addressees", "copies"})
        return WordsState(
            **told,
            addressees=tuple(self.addressees),
            copies=tuple(self.copies),
            blocks=_blocks(self.blocks),
            attachments=tuple(AttachmentState(title=one.title, blocks=_blocks(one.blocks)) for one in self.attachments),
        )


class CircularBody(StrictModel):
    """通报的内容。"""

    scope: DivisionCode | None = Field(default=None, description="通报范围；缺省为本区划。")
    on: date = Field(ge=_FIRST_DAY, description="数据截至日（北京时间），不晚于今天。")
    queries: list[QueryBody] = Field(min_length=1, max_length=20)
    words: WordsBody
    is_public: bool = Field(default=False, description="主动公开：发布后无需登录即可阅读。")
    down_to: Level = Field(default=Level.TOWN, description="下发到哪一级。")
    sign_by: date | None = Field(default=None, description="签收截止日。")

    def to_content(self) -> Content:
        """For the use case."""
        queries = tuple(QueryState(**query.model_dump()) for query in self.queries)
        same = {name: getattr(self, name) for name in ("scope", "on", "is_public", "down_to", "sign_by")}
        return Content(**same, queries=queries, words=self.words.to_words())


class MarkBody(StrictModel):
    """一个机关代字归哪个机关。"""

    division: DivisionCode
    issuer: Name = Field(description="发文机关。")


class ReasonBody(StrictModel):
    """理由，留痕。"""

    reason: Reason


class SignatureBody(StrictModel):
    """签发。"""

    sequence: Annotated[int, Field(ge=1, le=99_999)] | None = Field(
        default=None, description="发文字号的序号，按本机关发文登记；不填取本年度下一号。"
    )


class NumberReasonBody(StrictModel):
    """一个数据为何更正。"""

    name: NumberName
    why: Why


class PassageBody(StrictModel):
    """一处文字的更正。"""

    old: Annotated[str, Stripped, Field(min_length=2, max_length=500), IMPERSONAL]
    new: Annotated[str, Stripped, Field(min_length=1, max_length=500), IMPERSONAL]
    why: Why


class CorrectionBody(StrictModel):
    """更正：数据的改动由系统比对得出，逐项说明原因；文字的改动逐处填写。"""

    numbers: list[NumberReasonBody] = Field(default_factory=list, max_length=2000)
    otherwise: Why | None = Field(default=None, description="其余改动数据的共同原因。")
    passages: list[PassageBody] = Field(default_factory=list, max_length=50)

    def to_reasons(self) -> Reasons:
        """For the use case."""
        passages = tuple(WordChange(**one.model_dump()) for one in self.passages)
        return Reasons({one.name: one.why for one in self.numbers}, self.otherwise, passages)


def _blocks(told: list[BlockBody]) -> tuple[BlockState, ...]:
    return tuple(BlockState(kind=one.kind, text=one.text) for one in told)
