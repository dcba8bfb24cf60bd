"""The answer of the dictionaries."""

from datetime import date

from common.http import AnswerModel, Labelled


class PolicyParameter(AnswerModel):
    """政策规定的一个数值或清单，及其条款和文号。"""

    code: str
    title: str
    value: int | bool | date | str | list[Labelled]
    unit: str
    unit_label: str
    strength: str
    clause: str
    document: str
    valid_from: date
    valid_to: date | None
    mark: str
    to_confirm: str | None


class Dictionaries(AnswerModel):
    """本服务的全部代码与名称。"""

    levels: list[Labelled]
    division_kinds: list[Labelled]
    office_kinds: list[Labelled]
    office_statuses: list[Labelled]
    policy_parameters: list[PolicyParameter]
