"""Fields that several requests have."""

from typing import Annotated

from pydantic import Field, StringConstraints

Reason = Annotated[
    str, StringConstraints(strip_whitespace=True), Field(min_length=2, max_length=500, description="不得填写个人信息。")
]
Document = Annotated[
    str, StringConstraints(strip_whitespace=True), Field(min_length=2, max_length=200, description="文号或依据。")
]
Quality = Annotated[int, Field(ge=0, le=10_000, description="质量系数，千分数；1000为合格。超出通常范围须填写理由。")]
Fen = Annotated[int, Field(ge=0, le=10_000_000, description="分。")]
