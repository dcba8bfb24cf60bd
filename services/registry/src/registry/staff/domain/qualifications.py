"""Qualification standards (聘用资格标准): versions by day, and what a person lacks against one. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date

from common.contracts.registry.people import QualificationStandardState
from registry.staff.domain.labels import EDUCATION_LABELS, STAFF_TYPE_LABELS
from registry.staff.domain.persons import Person, age_on
from registry.staff.errors import StandardOverlaps, StandardPeriodRefused, Unqualified

_EDUCATION_ORDER = tuple(EDUCATION_LABELS)


def is_in_force(standard: QualificationStandardState, on: date) -> bool:
    """True from `in_force_from` up to the day before `in_force_to`.

    Source: O3.1a.
    """
    return standard.in_force_from <= on and (standard.in_force_to is None or on < standard.in_force_to)


def standard_for(
    standards: Iterable[QualificationStandardState], staff_type: str, *, on: date
) -> QualificationStandardState | None:
    """The version of one issuer that a hire of a day is checked against; there is at most one.

    Source: O3.1a.
    """
    return next((one for one in standards if staff_type in one.applies_to and is_in_force(one, on)), None)


def require_period(wanted: QualificationStandardState) -> None:
    """A version holds for a day at least, and asks for no impossible age.

    Source: O3.1a.

    Raises:
        StandardPeriodRefused: it ends before it begins.
    """
    if wanted.in_force_to is not None and wanted.in_force_to <= wanted.in_force_from:
        raise StandardPeriodRefused("终止日期应晚于生效日期")


def require_new_end(standard: QualificationStandardState, in_force_to: date, *, today: date) -> None:
    """A version ends from today on: hires of the past were checked against it and stay so.

    Source: O3.1a.

    Raises:
        StandardPeriodRefused: the day lies in the past, before its first day, or it has ended already.
    """
    if standard.in_force_to is not None and standard.in_force_to <= today:
        raise StandardPeriodRefused("该标准已经终止")
    if in_force_to < today or in_force_to <= standard.in_force_from:
        raise StandardPeriodRefused(f"终止日期不得早于{today.isoformat()}，且应晚于生效日期")


def require_no_overlap(standards: Iterable[QualificationStandardState], wanted: QualificationStandardState) -> None:
    """One issuer has one version for a type of staff on any day.

    Source: O3.1a.

    Args:
        standards: of the issuer, without the wanted one.

    Raises:
        StandardOverlaps: the answer names the type.
    """
    for other in standards:
        shared = [one for one in wanted.applies_to if one in other.applies_to]
        begins_before = wanted.in_force_to is None or other.in_force_from < wanted.in_force_to
        if shared and begins_before and (other.in_force_to is None or wanted.in_force_from < other.in_force_to):
            detail = f"“{STAFF_TYPE_LABELS[shared[0]]}”同期已有第{other.number}号标准"
            raise StandardOverlaps(detail, staff_type=shared[0], number=other.number)


def missing_against(standard: QualificationStandardState, person: Person, *, on: date) -> tuple[str, ...]:
    """What the person lacks on the day: codes of QUALIFICATION_LABELS, a certificate as `certificate:<name>`.

    Ages are completed years, both bounds included. An education that nobody has told does not reach any bound.

    Source: O3.1a.
    """
    age, found = age_on(person.born_on, on), []
    if standard.min_age_years is not None and age < standard.min_age_years:
        found.append("min_age")
    if standard.max_age_years is not None and age > standard.max_age_years:
        found.append("max_age")
    if standard.min_education is not None and _rank(person.education) < _rank(standard.min_education):
        found.append("education")
    found += [f"certificate:{name}" for name in standard.required_certificates if name not in person.certificates]
    return tuple(found)


def require_qualified(standard: QualificationStandardState, missing: Sequence[str], *, has_exception: bool) -> None:
    """Refuses who lacks something, unless a document makes an exception.

    Source: O3.1a.

    Raises:
        Unqualified: the answer names what is missing, and the version that asks for it.
    """
    if missing and not has_exception:
        told = "；".join(_words(standard, one) for one in missing)
        raise Unqualified(
            f"按《{standard.title}》第{standard.number}号：{told}",
            missing=list(missing),
            standard_id=str(standard.id),
            number=standard.number,
        )


def _words(standard: QualificationStandardState, missing: str) -> str:
    kind, _, name = missing.partition(":")
    education = EDUCATION_LABELS.get(standard.min_education or "", "")
    return {
        "min_age": f"年龄应满{standard.min_age_years}周岁",
        "max_age": f"年龄不得超过{standard.max_age_years}周岁",
        "education": f"学历应为{education}及以上",
        "certificate": f"应有证书“{name}”",
    }[kind]


def _rank(education: str | None) -> int:
    return -1 if education is None else _EDUCATION_ORDER.index(education)
