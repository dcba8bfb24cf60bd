"""The actor behind a request, as the token's claims tell it."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from common.auth.errors import TokenInvalid
from common.divisions import Level, is_code, level_of

MAX_SUBJECT_LENGTH = 255
MAX_NAME_LENGTH = 100
_UNWRITTEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of characters that people do not write."""


class Role(StrEnum):
    """What somebody may do; the data scope comes from the division, not from the role."""

    WINDOW_CLERK = "window_clerk"
    OFFICE_HEAD = "office_head"
    STATION_AGENT = "station_agent"
    BUREAU_SUPERVISOR = "bureau_supervisor"
    STATISTICIAN = "statistician"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SYSTEM_CLIENT = "system_client"
    CITIZEN = "citizen"


ROLE_LABELS: dict[Role, str] = {
    Role.WINDOW_CLERK: "窗口经办人",
    Role.OFFICE_HEAD: "机构负责人",
    Role.STATION_AGENT: "服务站协办员",
    Role.BUREAU_SUPERVISOR: "主管部门监督员",
    Role.STATISTICIAN: "统计员",
    Role.AUDITOR: "审计员",
    Role.ADMINISTRATOR: "系统管理员",
    Role.SYSTEM_CLIENT: "对接系统",
    Role.CITIZEN: "群众",
}

SERVICE_ROLES = (
    Role.WINDOW_CLERK,
    Role.OFFICE_HEAD,
    Role.STATION_AGENT,
    Role.BUREAU_SUPERVISOR,
    Role.STATISTICIAN,
    Role.AUDITOR,
    Role.SYSTEM_CLIENT,
)
"""Everybody who works in the service or watches it: who may read what is neither public nor about persons."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts.

    Attributes:
        subject: the provider's stable identifier; the only one that is logged or stored.
        name: for people's eyes; never logged.
        office_id: the office they work for; None for citizens and for programmes of a bureau.
        level: level of `division`; a citizen counts as the lowest.
        division: 12-digit code that bounds what they see; "" for a citizen, who sees no division at all.
        roles: never empty.
    """

    subject: str
    name: str
    office_id: UUID | None
    level: Level
    division: str
    roles: frozenset[Role]

    def has_role(self, *roles: Role) -> bool:
        """True if the actor holds at least one of the roles."""
        return not self.roles.isdisjoint(roles)


_ROLES: dict[str, Role] = {role.value: role for role in Role}


def actor_of_claims(claims: Mapping[str, Any]) -> Actor:
    """Reads an actor out of verified claims (`sub`, `name`, `jiceng_office|level|division|roles`).

    Who is a citizen and nothing else has no place, whatever the token says of one: a portal may tell where they live.

    Raises:
        TokenInvalid: a claim is missing, of the wrong form, or level and division disagree.
    """
    roles = _roles(claims.get("jiceng_roles"))
    is_citizen = roles == {Role.CITIZEN}
    division, level = ("", Level.VILLAGE) if is_citizen else _place(claims)
    return Actor(
        subject=_text(claims.get("sub"), MAX_SUBJECT_LENGTH),
        name=_name(claims.get("name", claims.get("sub"))),
        office_id=None if is_citizen else _office(claims.get("jiceng_office")),
        level=level,
        division=division,
        roles=roles,
    )


def _text(value: object, longest: int) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= longest or not value.isprintable():
        raise TokenInvalid
    return value


def _name(value: object) -> str:
    """Not `isprintable`: rare characters of names are younger than Python's tables, or of GB 18030's private use."""
    if not isinstance(value, str) or not 0 < len(value) <= MAX_NAME_LENGTH:
        raise TokenInvalid
    if any(unicodedata.category(char) in _UNWRITTEN for char in value):
        raise TokenInvalid
    return value


def _roles(value: object) -> frozenset[Role]:
    if not isinstance(value, list) or not all(isinstance(role, str) for role in value):
        raise TokenInvalid
    known = frozenset(_ROLES[role] for role in value if role in _ROLES)
    if not known:
        raise TokenInvalid
    return known


def _place(claims: Mapping[str, Any]) -> tuple[str, Level]:
    division, level = claims.get("jiceng_division"), claims.get("jiceng_level")
    if not isinstance(division, str) or not is_code(division) or level_of(division) != level:
        raise TokenInvalid
    return division, level_of(division)


def _office(value: object) -> UUID | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise TokenInvalid
    try:
        return UUID(value)
    except ValueError:
        raise TokenInvalid from None
