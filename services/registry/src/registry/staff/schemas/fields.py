"""Fields that several requests have."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from common.contracts.casework import Duty
from common.http import FieldRule

NO_REPEATS = FieldRule("repeated", "不得重复")
NOTHING_TO_CHANGE = FieldRule("nothing-to-change", "没有要变更的内容")

Education = Literal["junior_secondary", "senior_secondary", "college", "bachelor", "master"]
Document = Annotated[
    str, StringConstraints(strip_whitespace=True), Field(min_length=2, max_length=200, description="文号或依据。")
]
Account = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(
        min_length=1,
        max_length=255,
        pattern=r"^[^\x00-\x1f]+$",
        description="登录账号标识（令牌的 sub），非姓名或证件号码；任务据此归到岗位。",
    ),
]
Title = Annotated[str, StringConstraints(strip_whitespace=True), Field(min_length=1, max_length=200)]
PostTitle = Annotated[
    str, StringConstraints(strip_whitespace=True), Field(min_length=1, max_length=100, description="岗位名称。")
]
Certificate = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(min_length=1, max_length=100, description="证书名称，不含编号。"),
]
Certificates = Annotated[list[Certificate], Field(max_length=20)]
Duties = Annotated[list[Duty], Field(max_length=8, description="承担的职责（一岗多责）。")]
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True), Field(min_length=2, max_length=500, description="不得填写个人信息。")
]


def distinct(values: list[str]) -> list[str]:
    """Refuses a list that says something twice."""
    if len(set(values)) < len(values):
        raise NO_REPEATS.error()
    return values
