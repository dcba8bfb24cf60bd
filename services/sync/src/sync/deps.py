"""What endpoints ask for, by name."""

from typing import Annotated

from fastapi import Path, Query

from common.divisions import Level
from common.http import CurrentActor, DivisionCode, Paging, ReadConnection

LevelPath = Annotated[Level, Path(description="层级。")]
InDivision = Annotated[DivisionCode | None, Query(description="只看该区划及其下级；不超出本人管辖范围。")]

__all__ = ["CurrentActor", "InDivision", "LevelPath", "Paging", "ReadConnection"]
