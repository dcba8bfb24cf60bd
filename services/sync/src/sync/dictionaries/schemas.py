"""The answer of the dictionaries."""

from common.http import AnswerModel, Labelled


class Dictionaries(AnswerModel):
    """Every code of this service with its label."""

    levels: list[Labelled]
    outcomes: list[Labelled]
    reasons: list[Labelled]
    record_types: list[Labelled]
    dispatch_statuses: list[Labelled]
    dispatch_lacks: list[Labelled]
