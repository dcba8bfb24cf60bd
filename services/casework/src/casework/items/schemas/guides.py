"""The guide to an item, what of it is to be confirmed, and what the catalogue says beside the items."""

from datetime import date
from typing import Any, Literal, Self

from pydantic import Field

from casework.clock.domain import PAUSE_LABELS
from casework.items.domain import (
    BODY_NATURE_LABELS,
    CHANNEL_LABELS,
    MARK_LABELS,
    SCOPE_LABELS,
    SERVICE_OBJECT_LABELS,
    STAGE_LABELS,
    STARTS_LABELS,
    UNIT_LABELS,
    PromiseInForce,
)
from casework.items.schemas.items import ItemAnswer, LegalBasis, Material, Period, Provenance, summary_of
from casework.items.service import Bundle, DutyFamilies, ItemGuide, LocalPromiseMade, Unconfirmed
from common.contracts.casework import Duty
from common.contracts.casework.cases import Limit, LimitUnit
from common.contracts.casework.catalogue import ProcedureFamily
from common.divisions import LEVEL_LABELS, Level, level_of
from common.http import AnswerModel, Labelled


class PromiseAnswer(AnswerModel):
    """The promise in force where it was asked for; all null where nobody has promised anything."""

    value: int | None
    unit: LimitUnit | None
    unit_label: str | None
    division: str | None = Field(description="作出承诺的区划；为 null 表示省级统一定义。")
    level_label: str | None

    @classmethod
    def of(cls, promise: PromiseInForce) -> Self:
        """From the promise."""
        limit, division = promise.limit, promise.division
        return cls(
            value=None if limit is None else limit.value,
            unit=None if limit is None else limit.unit,
            unit_label=None if limit is None else UNIT_LABELS[limit.unit],
            division=division,
            level_label=None if division is None else LEVEL_LABELS[level_of(division)],
        )


class ParticularsAnswer(AnswerModel):
    """GB/T 39046-2020 表4的其余内容；没有可靠来源的为 null。"""

    conditions: str | None = Field(None, description="受理条件。")
    exercise_content: str | None = Field(None, description="行使内容。")
    power_division: str | None = Field(None, description="权限划分。")
    body_nature: Labelled | None = Field(None, description="实施主体性质。")
    joint_bodies: str | None = Field(None, description="共同实施部门。")
    intermediary_service: str | None = Field(None, description="中介服务。")
    quantity_limit: str | None = Field(None, description="数量限制。")
    result_name: str | None = Field(None, description="结果名称。")
    is_charged: bool | None = Field(None, description="是否收费。")
    charge_basis: str | None = Field(None, description="收费或者不收费的依据。")
    cross_region_scope: Labelled | None = Field(None, description="通办范围。")
    service_objects: list[Labelled] | None = Field(None, description="服务对象。")
    channels: list[Labelled] | None = Field(None, description="办理形式。")
    supports_booking: bool | None = Field(None, description="是否支持预约办理。")
    supports_online_payment: bool | None = Field(None, description="是否支持网上支付。")
    supports_delivery: bool | None = Field(None, description="是否支持物流快递。")
    is_online: bool | None = Field(None, description="是否网办。")
    online_address: str | None = Field(None, description="网办地址。")
    service_place: str | None = Field(None, description="办理地点。")
    service_hours: str | None = Field(None, description="办理时间。")
    consult_ways: str | None = Field(None, description="咨询方式。")
    consult_phone: str | None = Field(None, description="咨询电话。")
    supervise_phone: str | None = Field(None, description="监督电话。")
    faq: str | None = Field(None, description="常见问题。")

    @classmethod
    def of(cls, particulars: dict[str, Any]) -> Self:
        """From the stored document."""
        values = dict(particulars)
        for name, labels in (("service_objects", SERVICE_OBJECT_LABELS), ("channels", CHANNEL_LABELS)):
            if name in values:
                values[name] = [Labelled(code=code, label=labels[code]) for code in values[name]]
        for name, labels in (("cross_region_scope", SCOPE_LABELS), ("body_nature", BODY_NATURE_LABELS)):
            if name in values:
                values[name] = Labelled(code=values[name], label=labels[values[name]])
        return cls(**values)


class ItemGuideAnswer(ItemAnswer):
    """The public guide to one item (办事指南)."""

    origin: Literal["packaged", "province"] = Field(description="packaged 起始目录，province 省级定义。")
    document: str | None = Field(description="省级定义的依据文件。")
    basic_code: str = Field(description="基本编码；以9开头的为暂编。")
    procedure_family: str | None
    procedure_family_label: str | None
    type_code: str | None
    type_code_label: str | None
    type_candidates: list[str]
    steps: list[Labelled] = Field(description="办理流程。")
    step_limits: dict[str, Limit] = Field(default_factory=dict, description="各环节自己的时限。")
    starts: str
    starts_label: str
    statutory_limit: Period | None
    statutory_text: str
    promised_limit: Period | None = Field(description="省级定义的承诺时限。")
    promise_text: str | None
    promise_in_force: PromiseAnswer = Field(description="在所问区划有效的承诺时限：下级只可缩短。")
    acceptance_limit: Period = Field(description="收件后须作出受理决定的时限。")
    filing_period: Period | None
    special_procedures: list[Labelled]
    pausing: list[Labelled] = Field(description="办理时限停止计算的特别程序。")
    materials: list[Material]
    legal_basis: list[LegalBasis]
    particulars: ParticularsAnswer
    provenance: Provenance

    @classmethod
    def of_guide(cls, item: ItemGuide) -> Self:
        """From the use case's answer."""
        guide = dict(item.guide)
        starts = guide["starts"]
        shown = {
            "acceptance_limit": guide.pop("acceptance"),
            "particulars": ParticularsAnswer.of(guide.pop("particulars", {})),
            "steps": [Labelled(code=step, label=STAGE_LABELS[step]) for step in guide.pop("steps")],
            "pausing": [Labelled(code=one, label=PAUSE_LABELS[one]) for one in guide.pop("pausing")],
            "starts_label": STARTS_LABELS[starts],
            "promise_in_force": PromiseAnswer.of(item.promise),
            "origin": item.origin,
            "document": item.document,
        }
        return cls.model_validate({**summary_of(item.summary), **guide, **shown})


class ItemVersionsAnswer(AnswerModel):
    """Every version of one item."""

    code: str
    newest_version: int = Field(description="变更和确认时在 If-Match 中填写。")
    versions: list[ItemGuideAnswer]

    @classmethod
    def of(cls, versions: list[ItemGuide]) -> Self:
        """From the use case's answer."""
        newest = versions[-1].summary
        guides = [ItemGuideAnswer.of_guide(one) for one in versions]
        return cls(code=newest.code, newest_version=newest.version, versions=guides)


class LocalPromiseAnswer(AnswerModel):
    """What a city, county or town has promised for an item."""

    code: str
    division: str
    level: Level
    level_label: str
    number: int
    effective_from: date
    value: int
    unit: LimitUnit
    unit_label: str
    document: str

    @classmethod
    def of(cls, made: LocalPromiseMade) -> Self:
        """From the use case's answer."""
        level = level_of(made.division)
        return cls(
            code=made.code,
            division=made.division,
            level=level,
            level_label=LEVEL_LABELS[level],
            number=made.number,
            effective_from=made.effective_from,
            value=made.limit.value,
            unit=made.limit.unit,
            unit_label=UNIT_LABELS[made.limit.unit],
            document=made.document,
        )


class LocalPromisesAnswer(AnswerModel):
    """All that was promised for an item below the province."""

    promises: list[LocalPromiseAnswer]


class FactAnswer(AnswerModel):
    """One fact that is to be confirmed."""

    field: str
    mark: str
    mark_label: str


class UnconfirmedAnswer(AnswerModel):
    """What of an item is to be confirmed."""

    code: str
    version: int
    name: str
    facts: list[FactAnswer]
    notes: list[str]

    @classmethod
    def of(cls, found: Unconfirmed) -> Self:
        """From the use case's answer."""
        facts = [
            FactAnswer(field=fact.field, mark=fact.mark, mark_label=MARK_LABELS[fact.mark]) for fact in found.facts
        ]
        return cls(code=found.code, version=found.version, name=found.name, facts=facts, notes=list(found.notes))


class BundleItem(AnswerModel):
    """One item of a bundle."""

    code: str
    name: str


class BundleAnswer(AnswerModel):
    """One matter for the public that several items settle together (一件事)."""

    code: str
    name: str
    items: list[BundleItem]
    document: str | None
    mark: str
    mark_label: str
    to_confirm: str | None

    @classmethod
    def of(cls, bundle: Bundle, names: dict[str, str]) -> Self:
        """From the use case's answer."""
        return cls(
            code=bundle.code,
            name=bundle.name,
            items=[BundleItem(code=code, name=name) for code, name in names.items()],
            document=bundle.document,
            mark=bundle.mark,
            mark_label=MARK_LABELS[bundle.mark],
            to_confirm=bundle.to_confirm,
        )


class BundlesAnswer(AnswerModel):
    """All bundles."""

    bundles: list[BundleAnswer]


class DutyFamiliesAnswer(AnswerModel):
    """Which procedure families one duty has."""

    duty: Duty
    duty_label: str
    families: list[Labelled] = Field(description="条文中该职责自己的类别。")
    assigned: list[Labelled] = Field(description="没有专类的，其事项暂归的类别。")
    is_gap: bool = Field(description="六类规章制度中没有该职责的专类。")
    mark: str
    note: str | None


class FamiliesAnswer(AnswerModel):
    """The eight duties and the six procedure families: two lists, and how they meet."""

    duties: list[Labelled]
    families: list[Labelled]
    mapping: list[DutyFamiliesAnswer]
    duties_without_family: list[Duty]
    families_without_duty: list[ProcedureFamily]

    @classmethod
    def of(
        cls,
        duties: tuple[tuple[str, str], ...],
        families: tuple[tuple[str, str], ...],
        mapping: tuple[DutyFamilies, ...],
    ) -> Self:
        """From the use case's answer."""
        duty_labels, family_labels = dict(duties), dict(families)
        met = {family for row in mapping for family in row.families}
        return cls.model_validate(
            {
                "duties": _labelled(duty_labels, duty_labels),
                "families": _labelled(family_labels, family_labels),
                "mapping": [
                    {
                        "duty": row.duty,
                        "duty_label": duty_labels[row.duty],
                        "families": _labelled(row.families, family_labels),
                        "assigned": _labelled(row.assigned, family_labels),
                        "is_gap": not row.families,
                        "mark": row.mark,
                        "note": row.note,
                    }
                    for row in mapping
                ],
                "duties_without_family": [row.duty for row in mapping if not row.families],
                "families_without_duty": [family for family in family_labels if family not in met],
            }
        )


def _labelled(codes: Any, labels: dict[str, str]) -> list[dict[str, str]]:
    return [{"code": code, "label": labels[code]} for code in codes]
