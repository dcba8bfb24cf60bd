"""Divisions, changes of divisions, and offices with what belongs to their identity."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from common.contracts.casework import Duty
from common.contracts.model import Division, EventData
from common.contracts.record import Record
from common.contracts.registry.record import RecordState
from common.divisions import Level

DivisionKind = Literal["standard", "filler", "informal", "residents_committee", "village_committee", "other"]
DivisionChangeKind = Literal["set_up", "abolition", "move", "rename", "boundary", "merge", "split"]
OfficeKind = Literal["bureau", "service_office", "service_station"]
OfficeStatus = Literal["planned", "building", "operating", "suspended", "closed"]
OfficeForm = Literal["independent", "platform_window", "community_centre"]
LegalNature = Literal["public_welfare_institution", "administrative_organ", "not_independent", "other"]
ManagementMode = Literal["territorial", "county_branch"]
ProvisionMode = Literal["own_staff", "purchased_service", "integrated"]


class DivisionState(EventData):
    """One division during one validity. Source: standards.md §1.

    Attributes:
        predecessors: codes whose territory it took over, whole or in part, when it began.
        successors: codes that took over its territory when it ended, its own among them if it went on; the first one
            has its office and what is routed to it.
        change_id: the change of divisions that made this version; None for the first load.
    """

    id: UUID
    code: Division
    level: Level
    name: str = Field(min_length=1, max_length=100)
    kind: DivisionKind
    parent_code: Division | None
    valid_from: date
    valid_to: date | None
    version: int = Field(ge=1)
    predecessors: tuple[Division, ...] = ()
    successors: tuple[Division, ...] = ()
    change_id: UUID | None = None


class DivisionChangeState(EventData):
    """One change of divisions (Order 79), whole: what ended, what began, what kept its code.

    Source: standards.md §1.

    Attributes:
        division: the smallest division that holds all the codes concerned, today.
        effective_on: the first day of the new tree.
        ended: codes that are retired by it, those of the divisions below included.
        begun: codes that exist because of it, those of the divisions below included.
        revised: codes that go on in a new state: another name, another area.
        successors: for every ended code, the codes that took over; empty when nothing did.
    """

    id: UUID
    version: int = Field(ge=1)
    division: Division
    level: Level
    kind: DivisionChangeKind
    effective_on: date
    document: str = Field(min_length=1, max_length=200)
    ended: tuple[Division, ...]
    begun: tuple[Division, ...]
    revised: tuple[Division, ...] = ()
    successors: dict[Division, tuple[Division, ...]]


class OfficeState(EventData):
    """One office; its two edges name divisions.

    Source: O1.1a, O1.1c, O1.2a, O1.2b, O1.3a, O1.3b, O1.3c, O2.1a, O2.1b, O2.1c.

    Attributes:
        effective_on: the Beijing day from which this state holds; None before it was told.
        platform: name of the platform or community centre that it is a part of, unless independent.
        duties: which of the duties of the policy it covers.
        merged_into: the office that took over when this one was closed.
        name_source: the clause or the approval that the name rests on.
        change_reason: why this state follows the one before.
        change_document: the document that says so.
    """

    id: UUID
    division: Division
    level: Level
    kind: OfficeKind
    name: str = Field(min_length=1, max_length=200)
    status: OfficeStatus
    version: int = Field(ge=1)
    leadership_division: Division | None = None
    guidance_division: Division | None = None
    phone: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    effective_on: date | None = None
    form: OfficeForm | None = None
    platform: str | None = None
    legal_nature: LegalNature | None = None
    uscc: str | None = None
    management_mode: ManagementMode | None = None
    provision_mode: ProvisionMode | None = None
    duties: tuple[Duty, ...] | None = None
    merged_into: UUID | None = None
    sign_version: str | None = None
    sign_photo: str | None = None
    sign_installed_on: date | None = None
    name_source: str | None = None
    name_mark: str | None = None
    name_approval_document: str | None = None
    change_reason: str | None = None
    change_document: str | None = None


class ServiceContractState(RecordState):
    """A purchase of services for a station (政府购买服务). Source: O1.2b, O1.4d.

    Attributes:
        amount_fen: of the contract, in fen.
        acceptance: how the purchaser accepted the services; None while open.
        terminated_on: the first day on which it no longer ran, where it ended before its term.
    """

    provider: str = Field(min_length=1, max_length=200)
    provider_uscc: str | None
    starts_on: date
    ends_on: date
    amount_fen: int = Field(ge=0)
    acceptance: Literal["accepted", "accepted_with_faults", "refused"] | None
    accepted_on: date | None
    document: str | None
    terminated_on: date | None = None


class DelegationState(RecordState):
    """A power of the county that a town's office exercises (事权下放). Source: O1.1b.

    Attributes:
        from_division: the county (or the city without counties) that handed it down.
        until: first day on which it no longer holds; None while it holds.
    """

    power: str = Field(min_length=1, max_length=200)
    duty: Duty
    from_division: Division
    starts_on: date
    until: date | None
    document: str = Field(min_length=1, max_length=200)


class BaselineSurveyState(RecordState):
    """How an office was found before the work began (现状调查). Source: S3.

    Attributes:
        shared_systems: names of shared information resources that it uses.
        community_centre: the community service centre that it can build on; None if there is none.
        findings: answers by question code: whole numbers, flags or texts.
    """

    surveyed_on: date
    shared_systems: tuple[str, ...]
    community_centre: str | None
    findings: dict[str, int | bool | str]


RECORDS = (
    Record("registry.division", DivisionState, "区划变动"),
    Record("registry.division-change", DivisionChangeState, "区划调整"),
    Record("registry.office", OfficeState, "机构变动"),
    Record("registry.service-contract", ServiceContractState, "购买服务合同变动"),
    Record("registry.delegation", DelegationState, "下放事权变动"),
    Record("registry.baseline-survey", BaselineSurveyState, "现状调查变动"),
)
