"""Fields that several bodies share."""

from typing import Annotated

from pydantic import Field, StringConstraints

from common.http import IMPERSONAL

AccountName = Annotated[
    str, Field(min_length=1, max_length=255, description="账号（令牌的 sub），不是姓名。"), IMPERSONAL
]
Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(min_length=2, max_length=4000, description="加密保存，查看留痕。"),
]
