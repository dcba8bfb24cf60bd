"""Inspections (督导考核): templates, inspections with their sample, and visits with findings and score."""

from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import Field

from common.contracts.model import Division, EventData, Instant
from common.contracts.record import DispatchOrder, Record, StoredState
from common.contracts.reporting.orders import Account, EvidenceState

Dimension = Literal["institution", "staff", "premises", "equipment", "funding", "service", "digital"]
"""机构、人员、场地、设备、资金、服务、信息化. Source: S2."""
MeasureKind = Literal["number_vs_declared", "number_vs_target", "yes_no", "graded"]
TemplateStatus = Literal["in_force", "superseded", "withdrawn"]
OfficeKind = Literal["service_office", "service_station", "bureau"]
StratumKind = Literal["none", "city", "cohort", "kind"]
InspectionStatus = Literal["planned", "drawn", "under_way", "concluded", "published", "withdrawn"]
VisitStatus = Literal["under_way", "presented", "signed_off", "withdrawn"]
Comparison = Literal["agrees", "within_tolerance", "contradicts", "undeclared"]


class GradeStepState(EventData):
    """One step of a graded criterion."""

    code: str
    label: str
    permille: int = Field(ge=0, le=1000)


class CriterionState(EventData):
    """One criterion of a template. Source: S2, S5.

    Attributes:
        weight: within its dimension.
        declared_code: which declared value the number is compared with: a line of a report or an indicator's code.
        target: of `number_vs_target`: the number that earns everything.
        tolerance_permille: how far a number may differ from the declared one and still count as within tolerance.
        within_permille: what such a number earns.
        steps: of `graded`.
        pass_permille: below this the finding fails: it asks for rectification.
        is_veto: a failing finding caps the whole score.
        evidence_required: how many pieces of evidence a finding needs at least.
    """

    code: str
    dimension: Dimension
    title: str
    unit: str | None = None
    weight: int = Field(ge=1, le=1000)
    measure: MeasureKind
    declared_code: str | None = None
    target: int | None = Field(default=None, ge=1)
    tolerance_permille: int = Field(default=0, ge=0, le=1000)
    within_permille: int = Field(default=1000, ge=0, le=1000)
    steps: tuple[GradeStepState, ...] = ()
    pass_permille: int = Field(default=600, ge=0, le=1000)
    is_veto: bool = False
    evidence_required: int = Field(default=0, ge=0, le=20)
    clause: str


class DimensionWeight(EventData):
    """What a dimension weighs."""

    dimension: Dimension
    weight: int = Field(ge=1, le=1000)


class InspectionTemplateState(StoredState):
    """One version of a template of inspections. Source: S2, S5.

    Attributes:
        series: what its versions share.
        number: of the version, from 1.
        veto_cap: the most that a vetoed office scores, in hundredths of a point.
        document: what it rests on.
        mark: how sure it is: V read, P on a secondary page, K to be confirmed.
    """

    series: UUID
    number: int = Field(ge=1)
    title: str
    document: str
    mark: Literal["V", "P", "K"] = "V"
    to_confirm: str | None = None
    status: TemplateStatus
    weights: tuple[DimensionWeight, ...]
    criteria: tuple[CriterionState, ...]
    veto_cap: int = Field(ge=0, le=10_000)
    issued_by: Account


class FrameState(EventData):
    """The offices that a sample is drawn from, frozen. Source: S5.

    Attributes:
        frozen_on: as of which Beijing day the offices operated.
        digest: SHA-256 over the offices in order, so that nobody can change the list afterwards.
    """

    frozen_on: date
    size: int
    digest: str


class SampledOfficeState(EventData):
    """One office of the sample. Source: S5.

    Attributes:
        replaces: the office that it was taken for, with the reason.
        is_out: replaced by another one.
    """

    office_id: UUID
    division: Division
    kind: OfficeKind
    name: str
    stratum: str
    position: int
    replaces: UUID | None = None
    reason: str | None = None
    is_out: bool = False


class SamplingState(EventData):
    """How the sample is drawn. Source: S5.

    Attributes:
        size: offices in all of a simple sample, of each stratum of a stratified one.
        seed: drawn or given before the frame is frozen; with the frame it says which offices are drawn.
    """

    strata: StratumKind
    size: int = Field(ge=1, le=500)
    kinds: tuple[OfficeKind, ...]
    seed: str


class InspectorState(EventData):
    """Somebody who inspects: an account of a division."""

    account: Account
    division: Division


class RankedOfficeState(EventData):
    """One office of a published result. Source: S5."""

    division: Division
    office_id: UUID
    name: str
    visit_id: UUID
    score: int
    rank: int
    is_vetoed: bool


class ResultPublicationState(EventData):
    """A result as it was published. Source: S5.

    Attributes:
        scope: roots of the subtrees that may read it.
        as_of: when the scores were read.
        missing: sampled offices without a result, with why.
    """

    scope: tuple[Division, ...]
    as_of: Instant
    published_by: Account
    published_at: Instant
    ranking: tuple[RankedOfficeState, ...]
    missing: tuple[UUID, ...] = ()


class InspectionState(StoredState):
    """One inspection (督导考核): unscheduled, announced or not. Source: S5.

    Attributes:
        division: of who organises it.
        scope: roots of the subtrees whose offices may be drawn; below the organiser.
        is_announced: the inspected know of it beforehand; otherwise only when their visit begins.
        programme_id: whose cohorts stratify, and whose reports hold the declared values.
    """

    title: str
    purpose: str
    clause: str
    status: InspectionStatus
    is_announced: bool
    scope: tuple[Division, ...]
    template_id: UUID
    programme_id: UUID | None = None
    sampling: SamplingState
    inspectors: tuple[InspectorState, ...] = ()
    frame: FrameState | None = None
    sample: tuple[SampledOfficeState, ...] = ()
    planned_by: Account
    planned_at: Instant
    begun_at: Instant | None = None
    concluded_at: Instant | None = None
    publication: ResultPublicationState | None = None
    withdrawal_reason: str | None = None
    withdrawn_at: Instant | None = None
    dispatch: DispatchOrder | None = None


class DeclaredValueState(EventData):
    """A value that was declared before the visit, and where. Source: O6.3a.

    Attributes:
        source: `reporting.report/<id>` or `indicator/<code>`.
        as_of: when it was declared.
    """

    code: str
    value: Decimal
    source: str
    as_of: date | None = None


class FindingState(EventData):
    """What was found on site for one criterion. Source: S5.

    Attributes:
        number: of a measured criterion.
        is_met: of a yes/no criterion.
        step: of a graded one.
        is_applicable: False takes the criterion out; the others then weigh more. Needs a remark.
        declared: the value compared with.
        difference: on-site minus declared.
    """

    criterion: str
    is_applicable: bool = True
    number: Decimal | None = None
    is_met: bool | None = None
    step: str | None = None
    declared: DeclaredValueState | None = None
    difference: Decimal | None = None
    comparison: Comparison | None = None
    evidence: tuple[EvidenceState, ...] = ()
    remark: str | None = None
    found_by: Account
    found_at: Instant


class ScorePartState(EventData):
    """What one criterion adds to a score, and why. Source: S5.

    Attributes:
        permille: earned of what the criterion can earn; None where it does not apply.
        points: what it adds, in ten-thousandths of a point after re-weighting.
    """

    criterion: str
    dimension: Dimension
    permille: int | None
    points: int
    is_failed: bool
    explanation: str


class ScoreState(EventData):
    """A score with its parts; recomputable from the findings and the template. Source: S2, S5.

    Attributes:
        value: hundredths of a point, 0 to 10,000.
        uncapped: before a veto.
    """

    value: int = Field(ge=0, le=10_000)
    uncapped: int = Field(ge=0, le=10_000)
    is_vetoed: bool
    vetoed_by: tuple[str, ...] = ()
    parts: tuple[ScorePartState, ...]
    template_id: UUID
    template_number: int


class VisitStatementState(EventData):
    """What the inspected office says of the findings. Source: S5."""

    text: str
    accepts: bool
    by: Account
    at: Instant


class SignatureState(EventData):
    """An inspector signs the findings."""

    by: Account
    at: Instant


class InspectionVisitState(StoredState):
    """One visit at one office. Source: S5.

    Attributes:
        division: of the inspected office; its people see the visit from its beginning.
        organiser: division of who organises.
        statement_due_on: until when the office may state its side once the findings are presented.
        score: when both have signed.
        is_vetoed: repeats the score's, so that it is found.
        orders: the orders of rectification that came of it.
        reinspects: the visit whose failures are looked at again.
    """

    inspection_id: UUID
    template_id: UUID
    organiser: Division
    status: VisitStatus
    team: tuple[InspectorState, ...]
    begun_at: Instant
    visited_on: date
    declared: tuple[DeclaredValueState, ...] = ()
    findings: tuple[FindingState, ...] = ()
    presented_at: Instant | None = None
    statement_due_on: date | None = None
    statement: VisitStatementState | None = None
    signatures: tuple[SignatureState, ...] = ()
    signed_off_at: Instant | None = None
    score: ScoreState | None = None
    is_vetoed: bool | None = None
    orders: tuple[UUID, ...] = ()
    reinspects: UUID | None = None
    withdrawal_reason: str | None = None


RECORDS: tuple[Record, ...] = (
    Record("reporting.inspection-template", InspectionTemplateState, "督导考核模板变动"),
    Record("reporting.inspection", InspectionState, "督导考核变动"),
    Record("reporting.inspection-visit", InspectionVisitState, "督导考核现场检查变动"),
)
