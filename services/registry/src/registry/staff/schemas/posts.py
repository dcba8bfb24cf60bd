"""Posts in requests and answers, and the duty matrix."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from common.contracts.casework import Duty
from common.contracts.registry.people import PriorityGroup, StaffMemberState, StaffType
from common.http import AnswerModel, FieldRule, StrictModel
from registry.history.schemas import RecordAnswer, RecordBody, common_fields
from registry.staff.domain import PRIORITY_GROUP_LABELS, STAFF_TYPE_LABELS, DutyMatrix, Person, ServiceTerm
from registry.staff.schemas.fields import (
    NOTHING_TO_CHANGE,
    Account,
    Document,
    Duties,
    PostTitle,
    Reason,
    Title,
    distinct,
)
from registry.staff.schemas.persons import PersonBody, PersonBrief
from registry.staff.service import NewPost, Post, PostChanges

PRIORITY_NEEDS_RECRUITMENT = FieldRule("recruitment-required", "优先吸纳须填写招聘")


class PriorityBody(StrictModel):
    """优先吸纳的依据：已期满的服务期。"""

    group: PriorityGroup
    starts_on: date = Field(description="服务期第一天。")
    ends_on: date = Field(description="服务期最后一天。")
    certificate: Title = Field(description="服务证书编号，加密保存。")

    def to_domain(self) -> ServiceTerm:
        """For the use case."""
        return ServiceTerm(self.group, self.starts_on, self.ends_on, certificate=self.certificate)


class ExceptionBody(StrictModel):
    """不符合资格标准而聘用的依据。"""

    document: Document


class PostBody(StrictModel):
    """录用一人到岗，或补录已在岗的人。"""

    office_id: UUID
    person: PersonBody
    staff_type: StaffType
    started_on: date = Field(description="到岗第一天（北京时间），不得晚于今天。")
    post_title: PostTitle | None = None
    is_public_employee: bool = Field(default=False, description="本人申报是否公职人员；在编人员一律为是。")
    duties: Annotated[Duties, AfterValidator(distinct)] = Field(default=[], max_length=8)
    recruitment_id: UUID | None = None
    priority: PriorityBody | None = None
    qualification_exception: ExceptionBody | None = None
    account: Account | None = None
    reason: Reason | None = None

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if self.priority is not None and self.recruitment_id is None:
            raise PRIORITY_NEEDS_RECRUITMENT.error()
        return self

    def to_domain(self) -> NewPost:
        """For the use case."""
        person, priority, exception = self.person, self.priority, self.qualification_exception
        return NewPost(
            office_id=self.office_id,
            staff_type=self.staff_type,
            started_on=self.started_on,
            name=person.name,
            id_number=person.id_number,
            phone=person.phone,
            education=person.education,
            certificates=tuple(person.certificates),
            post_title=self.post_title,
            is_public_employee=self.is_public_employee,
            duties=tuple(self.duties),
            recruitment_id=self.recruitment_id,
            group=priority.group if priority else None,
            term=priority.to_domain() if priority else None,
            exception=exception.document if exception else None,
            account=self.account,
            reason=self.reason,
        )


class PostPatch(RecordBody):
    """变更岗位；只填写要变更的内容。人员类别不变更：先离岗，再录用。"""

    post_title: PostTitle | None = None
    duties: Annotated[Duties, AfterValidator(distinct)] | None = None
    is_public_employee: bool | None = None
    account: Account | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if (self.post_title, self.duties, self.is_public_employee, self.account) == (None, None, None, None):
            raise NOTHING_TO_CHANGE.error()
        return self

    def to_domain(self) -> PostChanges:
        """For the use case."""
        duties = None if self.duties is None else tuple(self.duties)
        return PostChanges(self.post_title, duties, self.is_public_employee, self.account)


class PostEnd(StrictModel):
    """离岗。调动为在原机构离岗并在新机构录用。"""

    ended_on: date = Field(description="不再在岗的第一天，不得晚于明天。")
    reason: Reason | None = None


class PostAnswer(RecordAnswer):
    """一个岗位。"""

    person: PersonBrief | None = Field(description="已脱敏；档案不在本站点时为 null。")
    staff_type: StaffType
    staff_type_label: str
    post_title: str | None
    is_public_employee: bool
    duties: list[Duty]
    qualification_standard_id: UUID | None = Field(description="录用当日据以核对的聘用资格标准。")
    qualification_missing: list[str]
    qualification_exception: str | None
    recruitment_id: UUID | None
    priority_group: PriorityGroup | None
    priority_group_label: str | None
    started_on: date
    ended_on: date | None = Field(description="不再在岗的第一天。")
    account: str | None = Field(description="登录账号标识；任务据此归到岗位（O1.4f）。")

    @classmethod
    def of(cls, post: Post) -> Self:
        """From a use case's answer; the person masked."""
        state = post.state
        person = PersonBrief.of(state.person_id, post.person) if post.person and state.person_id else None
        return cls.model_validate({**common_fields(state), **_told(state), "person": person})


class DutyHolders(AnswerModel):
    """一项职责由哪些岗位承担。"""

    duty: str
    duty_label: str
    staff_member_ids: list[UUID]


class PostDuties(AnswerModel):
    """一个岗位承担哪些职责。"""

    staff_member_id: UUID
    person: PersonBrief | None
    staff_type: StaffType
    staff_type_label: str
    post_title: str | None
    duties: list[Duty]
    is_below_min: bool = Field(description="少于每岗职责数下限（O3.2a，提示）。")


class DutyMatrixAnswer(AnswerModel):
    """一岗多责矩阵。"""

    office_id: UUID
    on: date
    duties_per_post_min: int | None = Field(description="每岗职责数下限；该日尚无规定时为 null。")
    posts: list[PostDuties]
    duties: list[DutyHolders]
    uncovered: list[str] = Field(description="无人承担的职责。")
    clause: str

    @classmethod
    def of(cls, office_id: UUID, matrix: DutyMatrix, persons: Mapping[UUID, Person]) -> Self:
        """From a use case's answer; persons masked."""
        thin = {post.id for post in matrix.thin_posts}
        rows = [
            PostDuties(
                staff_member_id=post.id,
                person=_brief(post.person_id, persons),
                staff_type=post.staff_type,
                staff_type_label=STAFF_TYPE_LABELS[post.staff_type],
                post_title=post.post_title,
                duties=list(post.duties),
                is_below_min=post.id in thin,
            )
            for post in matrix.posts
        ]
        held = [
            DutyHolders(
                duty=option.code,
                duty_label=option.label,
                staff_member_ids=[post.id for post in matrix.holders_of(option.code)],
            )
            for option in matrix.duties
        ]
        return cls(
            office_id=office_id,
            on=matrix.on,
            duties_per_post_min=matrix.duties_per_post_min,
            posts=rows,
            duties=held,
            uncovered=list(matrix.uncovered),
            clause="O3.2a",
        )


def _brief(person_id: UUID | None, persons: Mapping[UUID, Person]) -> PersonBrief | None:
    person = None if person_id is None else persons.get(person_id)
    return None if person is None or person_id is None else PersonBrief.of(person_id, person)


def _told(state: StaffMemberState) -> dict[str, object]:
    group = state.priority_group
    return {
        "staff_type": state.staff_type,
        "staff_type_label": STAFF_TYPE_LABELS[state.staff_type],
        "post_title": state.post_title,
        "is_public_employee": state.is_public_employee,
        "duties": list(state.duties),
        "qualification_standard_id": state.qualification_standard_id,
        "qualification_missing": list(state.qualification_missing),
        "qualification_exception": state.qualification_exception,
        "recruitment_id": state.recruitment_id,
        "priority_group": group,
        "priority_group_label": None if group is None else PRIORITY_GROUP_LABELS[group],
        "started_on": state.started_on,
        "ended_on": state.ended_on,
        "account": state.account,
    }
