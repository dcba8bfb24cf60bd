"""The answer of the dictionaries."""

from datetime import date
from typing import Self

from pydantic import Field

from common.http import AnswerModel, Labelled
from common.policy import UNIT_LABELS, Clause, Document, Option, Parameter


class PolicyParameter(AnswerModel):
    """政策规定的一个数值或清单，及其条款和文号。"""

    code: str
    title: str
    value: int | bool | date | str | list[Labelled]
    unit: str
    unit_label: str
    strength: str = Field(description="hard：应、不得；soft：一般、原则上、约；fact：只陈述，不据以判断。")
    clause: str
    document: str
    valid_from: date
    valid_to: date | None = Field(description="不再有效的第一天；为 null 表示仍然有效。")
    mark: str = Field(description="V：已读原文；P：二手页面；K：推断，待核。")
    to_confirm: str | None

    @classmethod
    def of(cls, one: Parameter) -> Self:
        """From the parameter as it stands on a day."""
        return cls(
            code=one.code,
            title=one.title,
            value=labelled_options(one.value) if isinstance(one.value, tuple) else one.value,
            unit=one.unit,
            unit_label=UNIT_LABELS[one.unit],
            strength=one.strength.value,
            clause=one.clause,
            document=one.document,
            valid_from=one.valid_from,
            valid_to=one.valid_to,
            mark=one.mark.value,
            to_confirm=one.to_confirm,
        )


class PolicyClause(AnswerModel):
    """条款编号及其原文摘要；拒绝办理时的 `clause` 指此编号。"""

    code: str
    document: str
    quote: str

    @classmethod
    def of(cls, clause: Clause) -> Self:
        """From the packaged clause."""
        return cls(code=clause.code, document=clause.document, quote=clause.quote)


class PolicyDocument(AnswerModel):
    """政策文件。"""

    number: str = Field(description="文号。")
    title: str
    issuer: str
    issued_on: date
    published_on: date | None
    index_number: str | None = Field(description="索引号。")

    @classmethod
    def of(cls, document: Document) -> Self:
        """From the packaged document."""
        return cls(
            number=document.number,
            title=document.title,
            issuer=document.issuer,
            issued_on=document.issued_on,
            published_on=document.published_on,
            index_number=document.index_number,
        )


class Dictionaries(AnswerModel):
    """本服务的全部代码与名称，以及该日有效的政策参数。"""

    levels: list[Labelled]
    division_kinds: list[Labelled]
    division_changes: list[Labelled] = Field(description="区划调整的类别（民政部令第79号）。")
    office_kinds: list[Labelled]
    office_statuses: list[Labelled]
    office_forms: list[Labelled]
    legal_natures: list[Labelled]
    management_modes: list[Labelled]
    provision_modes: list[Labelled]
    contract_acceptances: list[Labelled]
    survey_dimensions: list[Labelled]
    unnamed_reasons: list[Labelled] = Field(description="统一命名规则无法成名的原因。")
    duties: list[Labelled] = Field(description="该日服务机构的职责；该日尚无规定时为空。")
    staff_types: list[Labelled]
    priority_groups: list[Labelled]
    recruitment_methods: list[Labelled]
    recruitment_statuses: list[Labelled]
    educations: list[Labelled]
    qualification_gaps: list[Labelled]
    training_subjects: list[Labelled]
    training_modes: list[Labelled]
    training_results: list[Labelled]
    economic_levels: list[Labelled]
    staffing_factors: list[Labelled]
    staffing_statuses: list[Labelled]
    pay_task_statuses: list[Labelled]
    pay_run_statuses: list[Labelled]
    pay_block_reasons: list[Labelled] = Field(description="不予核发报酬的原因。")
    pay_recovery_statuses: list[Labelled]
    pay_recovery_reasons: list[Labelled] = Field(description="已核发报酬须追回的原因。")
    area_bases: list[Labelled] = Field(description="计入面积的依据。")
    area_statuses: list[Labelled] = Field(description="面积规定的结论。")
    weekdays: list[Labelled]
    equipment_kinds: list[Labelled]
    equipment_conditions: list[Labelled]
    asset_funds: list[Labelled] = Field(description="设备的购置资金。")
    fund_sources: list[Labelled] = Field(description="就业专项资金来源。")
    fund_uses: list[Labelled] = Field(description="就业专项资金用途；某日某来源可用于什么见 /fund-rules。")
    expense_statuses: list[Labelled]
    aid_uses: list[Labelled] = Field(description="欠发达地区补助用途。")
    budget_findings: list[Labelled] = Field(description="年度预算检查的结果。")
    policy_parameters: list[PolicyParameter]
    clauses: list[PolicyClause]
    documents: list[PolicyDocument]


def labelled_options(options: tuple[Option, ...]) -> list[Labelled]:
    """A policy's list as codes with labels."""
    return [Labelled(code=option.code, label=option.label) for option in options]
