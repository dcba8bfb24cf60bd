"""Staff, establishment, qualification standards, recruitment, training and staffing requirements.

Nobody is named in these: a person is a pseudonym, which only the province's key can make.
"""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from common.contracts.casework import Duty
from common.contracts.record import Record
from common.contracts.registry.record import RecordState

StaffType = Literal[
    "establishment",
    "purchased_service",
    "public_welfare_post",
    "full_time",
    "part_time",
    "committee_part_time",
    "seconded",
    "other",
]
PriorityGroup = Literal["three_supports", "graduate_village_official"]
RecruitmentMethod = Literal["open_examination", "open_interview", "assignment", "transfer"]
TrainingSubject = Literal["regulations", "skills"]
TrainingMode = Literal["post", "targeted", "general"]
TrainingResult = Literal["passed", "failed", "not_assessed"]

Pseudonym = str
"""64 hexadecimal digits: the keyed hash of a person's ID number under the province's key."""


class StaffMemberState(RecordState):
    """One person's post at one office. Source: O1.4d, O1.4e, O1.4g, O3.1a, O3.1b, O3.2a.

    Attributes:
        pseudonym: equal for one person in the whole province (O1.4g); tells nothing without the key.
        is_public_employee: 公职人员, as declared or as the establishment shows.
        duties: what the person does (一岗多责).
        qualification_standard_id: the version in force on the day of the hire that the hire was checked against.
        started_on, ended_on: first day of the post; first day after it.
        account: the token's subject under which the person works; tasks are traced to the post by it (O1.4f).
        person_id: the sealed file of the person at the site that keeps it; tells nothing elsewhere.
        qualification_missing: what the standard asks and the person lacked, where an exception covers it.
        qualification_exception: the document of that exception.
    """

    pseudonym: Pseudonym = Field(pattern=r"^[0-9a-f]{64}$")
    staff_type: StaffType
    post_title: str | None
    is_public_employee: bool
    duties: tuple[Duty, ...]
    qualification_standard_id: UUID | None
    recruitment_id: UUID | None
    priority_group: PriorityGroup | None
    started_on: date
    ended_on: date | None
    account: str | None = Field(default=None, min_length=1, max_length=255)
    person_id: UUID | None = None
    qualification_missing: tuple[str, ...] = ()
    qualification_exception: str | None = None


class EstablishmentState(RecordState):
    """How many established posts (编制) an office has; no process here can raise it. Source: O1.4d."""

    quota: int = Field(ge=0)
    document: str = Field(min_length=1, max_length=200)


class QualificationStandardState(RecordState):
    """One version of the standard for hiring (聘用资格标准), issued by the office's bureau. Source: O3.1a.

    Attributes:
        in_force_from, in_force_to: days between which hires are checked against it; `in_force_to` excluded.
    """

    title: str = Field(min_length=1, max_length=200)
    number: int = Field(ge=1)
    applies_to: tuple[StaffType, ...]
    min_age_years: int | None
    max_age_years: int | None
    min_education: Literal["junior_secondary", "senior_secondary", "college", "bachelor", "master"] | None
    required_certificates: tuple[str, ...]
    in_force_from: date
    in_force_to: date | None
    document: str


class RecruitmentState(RecordState):
    """One recruitment: notice, method, places, and whom it brought. Source: O3.1b.

    Attributes:
        hired_by_group: hires by priority group; `none` counts the others.
    """

    notice_number: str = Field(min_length=1, max_length=100)
    notice_published_on: date | None
    method: RecruitmentMethod
    openings: int = Field(ge=1)
    applicants: int | None = Field(ge=0)
    prefers: tuple[PriorityGroup, ...]
    hired_by_group: dict[str, int]
    status: Literal["published", "closed", "cancelled"]


class TrainingAttendance(RecordState):
    """One person's part in a training; everybody's part in one session has its `session_id`. Source: O3.2b."""

    staff_member_id: UUID
    session_id: UUID
    subject: TrainingSubject
    mode: TrainingMode
    hours: int = Field(ge=0)
    held_on: date
    result: TrainingResult
    title: str | None = None


class StaffingRequirementState(RecordState):
    """How many people an office needs, from the five factors; the suggestion is a range. Source: O1.4a, O1.4b, O1.4c.

    Attributes:
        served_persons: 服务对象, not residents; None while nobody has told it.
        economic_level, area_hectares, resident_population, employer_count, workload_cases: the five stored factors.
        required_min, required_max: ceil(N / 8000) and ceil(N / 6000) under the parameters of `effective_on`.
        override_posts: what was decided instead, with reason, approver (as their token names them) and expiry; it holds
            through `override_expires_on`.
    """

    served_persons: int | None = Field(ge=0)
    economic_level: Literal["developed", "average", "less_developed"] | None
    area_hectares: int | None = Field(ge=0)
    resident_population: int | None = Field(ge=0)
    employer_count: int | None = Field(ge=0)
    workload_cases: int | None = Field(ge=0)
    required_min: int | None
    required_max: int | None
    override_posts: int | None = Field(ge=0)
    override_reason: str | None
    override_approver: str | None
    override_expires_on: date | None


class PublicEmployeeState(RecordState):
    """That somebody stands in the roster of public employees (公职人员) of the office's area. Source: O1.4g.

    Attributes:
        pseudonym: made of the ID number where the roster is; the number itself goes nowhere.
        employed_from, employed_to: first day; first day after it, None while employed. Equal: the entry was a mistake.
        document: by which the roster was handed in.
    """

    pseudonym: Pseudonym = Field(pattern=r"^[0-9a-f]{64}$")
    employed_from: date
    employed_to: date | None
    document: str = Field(min_length=1, max_length=200)


RECORDS = (
    Record("registry.staff-member", StaffMemberState, "人员变动"),
    Record("registry.public-employee", PublicEmployeeState, "公职人员名册变动"),
    Record("registry.establishment", EstablishmentState, "编制变动"),
    Record("registry.qualification-standard", QualificationStandardState, "聘用资格标准变动"),
    Record("registry.recruitment", RecruitmentState, "招聘变动"),
    Record("registry.training-attendance", TrainingAttendance, "培训记录变动"),
    Record("registry.staffing-requirement", StaffingRequirementState, "人员配备测算变动"),
)
