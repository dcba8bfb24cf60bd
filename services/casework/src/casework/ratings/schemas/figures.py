"""Answers about figures and signs."""

from collections.abc import Mapping
from datetime import date
from typing import Self
from uuid import UUID

from pydantic import Field

from casework.ratings.domain import RATING_LABELS, SIGN_LABELS, Cell, good_rate, rated_share
from casework.ratings.service import Figures, OfficeSigns
from common.contracts.casework.ratings import RatingLevel
from common.http import AnswerModel


class LevelCount(AnswerModel):
    """一个满意度的评价数。"""

    rating: RatingLevel
    rating_label: str
    count: int


class CellAnswer(AnswerModel):
    """一个统计单元；评价数过少的不公开，各数为 null。"""

    key: str = Field(description="机构、事项、职责或日期；不分组时为空。")
    is_hidden: bool
    matters: int | None = Field(description="时段内收件并已受理、可以评价的办件数。")
    rated_matters: int | None = Field(description="其中已评价的办件数。")
    unrated_matters: int | None = Field(description="其中未评价的办件数；未评价不计为好评。")
    rated_share_permille: int | None
    ratings: int | None = Field(description="时段内的首次评价数。")
    good_rate_permille: int | None = Field(description="好评率：好评数除以评价数，未评价的不在分子也不在分母。")
    counts: list[LevelCount] | None = Field(description="各满意度的评价数；有过小的数时不公开。")
    supplements: list[LevelCount] | None
    excluded: int | None = Field(description="不计入统计的评价数。")


class FiguresAnswer(AnswerModel):
    """评价统计。"""

    rules_on: date
    items: list[CellAnswer]

    @classmethod
    def of(cls, figures: Figures) -> Self:
        """From the use case's answer."""
        return cls(rules_on=figures.rules_on, items=[_cell(cell, figures.rules_on) for cell in figures.cells])


class SignAnswer(AnswerModel):
    """一项异常提示，供监督人员核查，不产生任何自动处理。"""

    code: str
    label: str
    explanation: str
    numbers: dict[str, int]


class OfficeSignsAnswer(AnswerModel):
    """一个机构的异常提示。"""

    office_id: UUID
    ratings: int
    signs: list[SignAnswer]

    @classmethod
    def of(cls, found: OfficeSigns) -> Self:
        """From the use case's answer."""
        signs = [
            SignAnswer(
                code=sign.code,
                label=SIGN_LABELS[sign.code],
                explanation=sign.explanation,
                numbers=dict(sign.numbers),
            )
            for sign in found.signs
        ]
        return cls(office_id=found.office_id, ratings=found.ratings, signs=signs)


def _cell(cell: Cell, on: date) -> CellAnswer:
    tally, hidden = cell.tally, cell.is_hidden
    return CellAnswer(
        key=tally.key,
        is_hidden=hidden,
        matters=None if hidden else tally.matters,
        rated_matters=None if hidden else tally.rated_matters,
        unrated_matters=None if hidden else tally.matters - tally.rated_matters,
        rated_share_permille=None if hidden else rated_share(tally),
        ratings=None if hidden else tally.rated,
        good_rate_permille=None if hidden else good_rate(tally, on=on),
        counts=None if hidden or cell.are_levels_hidden else _levels(tally.counts),
        supplements=None if hidden or cell.are_levels_hidden else _levels(tally.supplements),
        excluded=None if hidden or cell.are_levels_hidden else tally.excluded,
    )


def _levels(counts: Mapping[str, int]) -> list[LevelCount]:
    return [
        LevelCount(rating=rating, rating_label=label, count=counts.get(rating, 0))
        for rating, label in RATING_LABELS.items()
    ]
