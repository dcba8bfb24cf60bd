"""What an office is beside its name: form, nature, edges, provision, duties, sign, and what is odd about it. Pure."""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, get_args

from stdnum.cn import uscc as usccs

from common.contracts.casework import Duty
from common.contracts.registry.offices import (
    LegalNature,
    ManagementMode,
    OfficeForm,
    ProvisionMode,
    ServiceContractState,
)
from common.divisions import parent_of
from common.errors import JSON
from common.policy import Option, ParameterNotInForce, parameter
from registry.offices.errors import (
    DutyNotInForce,
    ManagementModeNeedsGround,
    ManagementModeRefused,
    OfficeFormRefused,
    PlatformMismatch,
    ProvisionModeRefused,
    SignRefused,
    UsccRefused,
)
from registry.offices.naming import OfficeKind

FORM_LABELS: Mapping[OfficeForm, str] = {
    "independent": "独立机构",
    "platform_window": "多功能平台专窗",
    "community_centre": "与社区服务中心合设",
}
LEGAL_NATURE_LABELS: Mapping[LegalNature, str] = {
    "public_welfare_institution": "公益类事业单位",
    "administrative_organ": "行政机关",
    "not_independent": "非独立机构",
    "other": "其他",
}
MANAGEMENT_MODE_LABELS: Mapping[ManagementMode, str] = {"territorial": "属地管理", "county_branch": "县级派出分支"}
PROVISION_MODE_LABELS: Mapping[ProvisionMode, str] = {
    "own_staff": "自有人员",
    "purchased_service": "政府购买服务",
    "integrated": "与其他公共服务项目整合",
}
COMMUNITY_CENTRE: OfficeForm = "community_centre"
"""Named by S3 (结合社区服务中心建设), not among the forms of O1.1c."""

OFFICE_PHONE = (
    r"(?:"
    r"(?:[(（]?0(?:10|2[0-9]|[3-9][0-9]{2})[)）]?|(?:\+|00)86[- ]?(?:10|2[0-9]|[3-9][0-9]{2}))"
    r"[- ]?[2-8][0-9]{2,3}[- ]?[0-9]{4}(?:-[0-9]{1,6})?"
    r"|(?:(?:\+|00)86[- ]?)?1[3-9][0-9](?:[- ]?[0-9]{4}){2}"
    r"|[48]00[- ]?[0-9]{3}[- ]?[0-9]{4}"
    r"|12[0-9]{3}|9[56][0-9]{3,4}"
    r")"
)
"""The whole of an office's telephone: fixed line with area code, mobile, 400 or 800, or 12333 and its like.

Source: O4.3e.
"""

_USCC_LENGTH = 18
_USCC_ALPHABET = set("0123456789ABCDEFGHJKLMNPQRTUWXY")
_USCC_PLACE = slice(2, 8)


class Facts(Protocol):
    """What the rules read of an office."""

    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def legal_nature(self) -> str | None: ...  # noqa: D102
    @property
    def uscc(self) -> str | None: ...  # noqa: D102


def duty_options(on: date) -> tuple[Option, ...]:
    """The duties that the policy gives on a day, in its order; none before it.

    Source: O1.1a.
    """
    return _options("duties", on)


def ordered_duties(wanted: Collection[Duty], on: date) -> list[Duty]:
    """The wanted duties in the order of the policy, each once.

    Source: O1.1a.

    Raises:
        DutyNotInForce: one of them is not a duty on that day.
    """
    in_force = [option.code for option in duty_options(on)]
    foreign: list[JSON] = [duty for duty in sorted(set(wanted)) if duty not in in_force]
    if foreign:
        raise DutyNotInForce(duties=foreign, on=on.isoformat())
    return [duty for duty in get_args(Duty) if duty in set(wanted)]


@dataclass(frozen=True, slots=True)
class DutyCoverage:
    """Which duties of a day an office covers.

    Attributes:
        seventh_lead: the system that leads the work for demobilised officers on that day, and since when; it left the
            policy's own system in 2018. None before the policy.
    """

    covered: tuple[Option, ...]
    missing: tuple[Option, ...]
    seventh_lead: tuple[str, date, str] | None


def duty_coverage(duties: Sequence[str] | None, on: date) -> DutyCoverage:
    """What an office covers of the duties in force on a day, and what it lacks.

    Source: O1.1a.
    """
    has = set(duties or ())
    options = duty_options(on)
    try:
        lead = parameter("demobilised_officers_lead", on=on)
        told = (str(lead.value), lead.valid_from, lead.document)
    except ParameterNotInForce:
        told = None
    return DutyCoverage(
        tuple(option for option in options if option.code in has),
        tuple(option for option in options if option.code not in has),
        told,
    )


def require_form(kind: OfficeKind, form: str | None, platform: str | None, on: date) -> None:
    """A window of a shared platform, or a part of a community centre, says of which one; an own office of none.

    Source: O1.1c, O1.1d, S3.

    Raises:
        OfficeFormRefused: not a form of that day, or not one of a bureau.
        PlatformMismatch: the platform is missing, or named without being there.
    """
    allowed = {option.code for option in _options("office_forms", on)} | {COMMUNITY_CENTRE}
    if form is not None and (form not in allowed or (kind is OfficeKind.BUREAU and form != "independent")):
        raise OfficeFormRefused(form=form, on=on.isoformat())
    shares = form in {"platform_window", COMMUNITY_CENTRE}
    clause = "S3" if form == COMMUNITY_CENTRE else "O1.1c"
    if shares and platform is None:
        raise PlatformMismatch("须写明所在的平台或社区服务中心", clause=clause)
    if platform is not None and not shares:
        raise PlatformMismatch("独立机构或未定形式的机构不填平台名称", clause=clause)


def require_uscc(typed: str) -> str:
    """The unified social credit code in its one form, if its check digit is right.

    stdnum's own form check refuses codes that begin with a letter, which villages' collectives have (N): only its
    check digit is used.

    Source: O1.2a, GB 32100-2015.

    Raises:
        UsccRefused: it cannot be such a code.
    """
    code = "".join(unicodedata.normalize("NFKC", typed).split()).upper()
    if len(code) != _USCC_LENGTH or not set(code) <= _USCC_ALPHABET or not code[_USCC_PLACE].isdigit():
        raise UsccRefused(check="form")
    if code[-1] != usccs.calc_check_digit(code):
        raise UsccRefused(check="check_digit")
    return code


def require_provision(kind: OfficeKind, mode: str | None) -> None:
    """How services are provided is told of stations; mainly by purchase, which binds no single one.

    Source: O1.2b.

    Raises:
        ProvisionModeRefused: no station.
    """
    if mode is not None and kind is not OfficeKind.SERVICE_STATION:
        raise ProvisionModeRefused


def leadership_of(division: str, mode: str | None) -> str:
    """Whose government leads: the own one, or for a branch that of the county (the city where there is none).

    Source: O1.3a, O1.3b.
    """
    return (parent_of(division) or division) if mode == "county_branch" else division


def require_management(
    kind: OfficeKind, current: str | None, wanted: str | None, *, reason: str | None, document: str | None
) -> None:
    """Branches of the county stay as they are; whoever changes the mode says why and by which document.

    Source: O1.3b.

    Raises:
        ManagementModeRefused: only a town's office can be a branch of the county.
        ManagementModeNeedsGround: reason or document is missing.
    """
    if wanted == current:
        return
    if wanted is None or (wanted == "county_branch" and kind is not OfficeKind.SERVICE_OFFICE):
        raise ManagementModeRefused
    first = current is None and wanted == "territorial"
    if not first and (reason is None or document is None):
        raise ManagementModeNeedsGround


def require_sign(version: str | None, photo: str | None, installed_on: date | None, on: date) -> None:
    """A sign that hangs has a version, and hangs since a day that has come.

    Source: O2.1c.

    Raises:
        SignRefused: it says more than can be.
    """
    if version is None and (photo is not None or installed_on is not None):
        raise SignRefused("填写标识照片或安装日期须同时填写标识版本")
    if installed_on is not None and installed_on > on:
        raise SignRefused("标识安装日期不得晚于生效日期", latest=on.isoformat())


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something odd that is recorded as it is."""

    code: str
    clause: str
    message: str


NO_RUNNING_CONTRACT = Oddity(
    "registry.no-running-contract", "O1.2b", "以政府购买服务方式提供，但没有正在履行的购买服务合同"
)


def warnings_of(office: Facts, on: date) -> list[Oddity]:
    """What people should look at; nothing here is refused, because the world is as it is.

    Source: O1.2a.
    """
    found = []
    try:
        prefix = str(parameter("office_uscc_prefix", on=on).value)
        nature = str(parameter("office_legal_nature", on=on).value)
    except ParameterNotInForce:
        return []
    is_institution = office.legal_nature == "public_welfare_institution"
    if is_institution and office.uscc is not None and not office.uscc.startswith(prefix):
        text = f"事业单位的统一社会信用代码一般以{prefix}开头"
        found.append(Oddity("registry.uscc-prefix", "O1.2a", text))
    if office.kind == OfficeKind.SERVICE_OFFICE and office.legal_nature is not None and not is_institution:
        found.append(Oddity("registry.legal-nature", "O1.2a", f"乡镇街道服务机构性质应为{nature}"))
    return found


def runs_on(contract: ServiceContractState, on: date) -> bool:
    """True on every day of the term, the last one included, unless the contract was ended before.

    Source: O1.2b.
    """
    is_ended = contract.terminated_on is not None and contract.terminated_on <= on
    return contract.starts_on <= on <= contract.ends_on and not is_ended


def _options(code: str, on: date) -> tuple[Option, ...]:
    try:
        value = parameter(code, on=on).value
    except ParameterNotInForce:
        return ()
    assert isinstance(value, tuple)  # noqa: S101 - the data file says so
    return value
