"""Persons in requests and answers. Answers are masked; in clear only after an audited act."""

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from common.contracts.registry.people import PriorityGroup
from common.crypto import mask_id_number, mask_name, mask_phone
from common.http import AnswerModel, StrictModel
from registry.staff.domain import EDUCATION_LABELS, PRIORITY_GROUP_LABELS, Person, ServiceTerm
from registry.staff.schemas.fields import NOTHING_TO_CHANGE, Certificates, Education, Reason, distinct
from registry.staff.service import PersonFile

Text = Annotated[str, Field(min_length=1, max_length=100)]
IdNumber = Annotated[str, Field(min_length=1, max_length=40, description="公民身份号码。")]
Phone = Annotated[str, Field(min_length=1, max_length=40, description="手机号码。")]


class PersonBody(StrictModel):
    """录用的人；只加密保存。"""

    name: Text
    id_number: IdNumber
    phone: Phone | None = None
    education: Education | None = Field(default=None, description="最高学历。")
    certificates: Annotated[Certificates, AfterValidator(distinct)] = Field(default=[], max_length=20)


class PersonPatch(StrictModel):
    """变更人员档案；只填写要变更的内容。身份号码不能变更。"""

    name: Text | None = None
    phone: Phone | None = None
    education: Education | None = None
    certificates: Annotated[Certificates, AfterValidator(distinct)] | None = None
    reason: Reason | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.to_changes():
            raise NOTHING_TO_CHANGE.error()
        return self

    def to_changes(self) -> dict[str, Any]:
        """Only what is to be changed; `phone: null` removes the phone."""
        told = self.model_fields_set - {"reason"}
        changes = {name: getattr(self, name) for name in told if name == "phone" or getattr(self, name) is not None}
        if "certificates" in changes:
            changes["certificates"] = tuple(changes["certificates"])
        return changes


class PersonSearch(StrictModel):
    """按身份号码精确查找；号码只在正文中。"""

    id_number: IdNumber


class UnmaskBody(StrictModel):
    """查看完整信息的理由。"""

    reason: Reason


class PersonBrief(AnswerModel):
    """岗位上的人，已脱敏。"""

    id: UUID
    name: str
    id_number: str

    @classmethod
    def of(cls, person_id: UUID, person: Person) -> Self:
        """Masked."""
        return cls(id=person_id, name=mask_name(person.name), id_number=mask_id_number(person.id_number))


class PersonAnswer(AnswerModel):
    """一个人的档案，姓名、号码已脱敏。"""

    id: UUID
    version: int
    name: str
    id_number: str
    phone: str | None
    education: Education | None
    education_label: str | None
    certificates: list[str]
    staff_member_ids: list[UUID] = Field(description="本人管辖范围内的岗位。")

    @classmethod
    def of(cls, found: PersonFile) -> Self:
        """Masked."""
        person = found.person
        return cls.model_validate(
            {
                **_common(found),
                "name": mask_name(person.name),
                "id_number": mask_id_number(person.id_number),
                "phone": None if person.phone is None else mask_phone(person.phone),
            }
        )


class ServiceTermAnswer(AnswerModel):
    """一段已完成的服务期及其证明。"""

    group: PriorityGroup
    group_label: str
    starts_on: date
    ends_on: date
    certificate: str

    @classmethod
    def of(cls, term: ServiceTerm) -> Self:
        """In clear."""
        values = {name: getattr(term, name) for name in ("group", "starts_on", "ends_on", "certificate")}
        return cls.model_validate({**values, "group_label": PRIORITY_GROUP_LABELS[term.group]})


class UnmaskedPerson(PersonAnswer):
    """一个人的完整信息；每次查看均留痕。"""

    service_terms: list[ServiceTermAnswer]

    @classmethod
    def of(cls, found: PersonFile) -> Self:
        """In clear."""
        person = found.person
        return cls.model_validate(
            {
                **_common(found),
                "name": person.name,
                "id_number": person.id_number,
                "phone": person.phone,
                "service_terms": [ServiceTermAnswer.of(term) for term in person.service_terms],
            }
        )


class PersonsFound(AnswerModel):
    """查找的结果。"""

    items: list[PersonAnswer]


def _common(found: PersonFile) -> dict[str, Any]:
    education = found.person.education
    return {
        "id": found.id,
        "version": found.version,
        "education": education,
        "education_label": None if education is None else EDUCATION_LABELS[education],
        "certificates": list(found.person.certificates),
        "staff_member_ids": [post.id for post in found.posts],
    }
