"""Stating facts of an office: what differs is checked against the rules of the day and written into the row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from common.contracts.casework import Duty
from common.contracts.registry.offices import LegalNature, ManagementMode, OfficeForm, ProvisionMode
from registry.offices.domain import (
    leadership_of,
    ordered_duties,
    require_form,
    require_management,
    require_provision,
    require_sign,
    require_uscc,
)
from registry.offices.models import Office
from registry.offices.naming import OfficeKind

HEADS_FACTS = frozenset({"phone", "duties", "sign_version", "sign_photo", "sign_installed_on"})
"""What the head of an office may tell of it; the rest is a supervisor's."""

_PLAIN = ("phone", "platform", "form", "legal_nature", "provision_mode")
_SIGN = ("sign_version", "sign_photo", "sign_installed_on")


class OfficeFacts(TypedDict, total=False):
    """Facts to be stated; None takes one back."""

    phone: str | None
    form: OfficeForm | None
    platform: str | None
    legal_nature: LegalNature | None
    uscc: str | None
    management_mode: ManagementMode
    provision_mode: ProvisionMode | None
    duties: list[Duty] | None
    sign_version: str | None
    sign_photo: str | None
    sign_installed_on: date | None


@dataclass(frozen=True, slots=True)
class Ground:
    """From which day, why, and by which document."""

    on: date
    reason: str | None = None
    document: str | None = None


def state_facts(office: Office, facts: Mapping[str, Any], ground: Ground) -> bool:
    """Writes what differs into the row; True if anything did.

    Source: O1.1a, O1.1c, O1.2a, O1.2b, O1.3b, O2.1c.

    Raises:
        OfficeFormRefused, PlatformMismatch, UsccRefused, ManagementModeRefused, ManagementModeNeedsGround,
        ProvisionModeRefused, DutyNotInForce, SignRefused: a rule of the day says no.
    """
    wanted = _settled(office, facts, ground.on)
    differing = {name: value for name, value in wanted.items() if getattr(office, name) != value}
    _judge(office, differing, ground)
    for name, value in differing.items():
        setattr(office, name, value)
    if "management_mode" in differing:
        office.leadership_division = leadership_of(office.division, office.management_mode)
    return bool(differing)


def _settled(office: Office, facts: Mapping[str, Any], on: date) -> dict[str, Any]:
    """The facts in the form in which they are kept."""
    wanted = {name: facts[name] for name in (*_PLAIN, *_SIGN, "management_mode") if name in facts}
    if "uscc" in facts:
        wanted["uscc"] = None if facts["uscc"] is None else require_uscc(facts["uscc"])
    if "duties" in facts:
        wanted["duties"] = None if facts["duties"] is None else ordered_duties(facts["duties"], on)
    if wanted.get("form") == "independent" and "platform" not in wanted and office.form != "independent":
        wanted["platform"] = None
    return wanted


def _judge(office: Office, differing: Mapping[str, Any], ground: Ground) -> None:
    kind = OfficeKind(office.kind)
    after = {name: differing.get(name, getattr(office, name)) for name in (*_PLAIN, *_SIGN)}
    if {"form", "platform"} & set(differing):
        require_form(kind, after["form"], after["platform"], ground.on)
    if "provision_mode" in differing:
        require_provision(kind, differing["provision_mode"])
    if set(_SIGN) & set(differing):
        require_sign(after["sign_version"], after["sign_photo"], after["sign_installed_on"], ground.on)
    if "management_mode" in differing:
        wanted = differing["management_mode"]
        require_management(kind, office.management_mode, wanted, reason=ground.reason, document=ground.document)
