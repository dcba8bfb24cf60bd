"""The development issuer: signs tokens for one person per level and role. Services refuse it in production."""

import json
import time
from dataclasses import dataclass
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from common.auth import Role
from common.divisions import LEVEL_LABELS, level_of
from common.settings import DEV_ISSUER
from onebox.places import Places, write_private

AUDIENCE = "jiceng"
HOURS = 12


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demonstration; invented, as the name says.

    Attributes:
        key: how `make token AS=…` calls them, `<role>@<division>`.
        name: shown in answers of /v1/me.
        division: 12-digit code.
        role: one role.
    """

    division: str
    role: Role
    place: str

    @property
    def key(self) -> str:
        """`role@division`."""
        return f"{self.role}@{self.division}"

    @property
    def name(self) -> str:
        """Invented and marked so."""
        return f"演示·{self.place}"

    @property
    def level_label(self) -> str:
        """省, 市, 县, 镇, 村."""
        return LEVEL_LABELS[level_of(self.division)]


PEOPLE: tuple[Person, ...] = (
    Person("440304002016", Role.STATION_AGENT, "深圳市福田区园岭街道红荔社区"),
    Person("440304002000", Role.WINDOW_CLERK, "深圳市福田区园岭街道"),
    Person("440304002000", Role.OFFICE_HEAD, "深圳市福田区园岭街道"),
    Person("440304000000", Role.BUREAU_SUPERVISOR, "深圳市福田区"),
    Person("440300000000", Role.STATISTICIAN, "深圳市"),
    Person("440000000000", Role.BUREAU_SUPERVISOR, "广东省"),
    Person("440000000000", Role.STATISTICIAN, "广东省"),
    Person("440000000000", Role.AUDITOR, "广东省"),
    Person("440000000000", Role.ADMINISTRATOR, "广东省"),
    Person("440000000000", Role.SYSTEM_CLIENT, "广东省"),
)


class DevelopmentIssuer:
    """Holds one ES256 key in the data folder."""

    def __init__(self, places: Places) -> None:
        if not places.issuer_key.exists():
            key = ECKey.generate_key(
                "P-256", parameters={"kid": f"dev-{uuid4().hex[:8]}", "use": "sig", "alg": "ES256"}
            )
            write_private(places.issuer_key, json.dumps(key.as_dict(private=True)))
        self._key = ECKey.import_key(json.loads(places.issuer_key.read_text(encoding="utf-8")))
        self.jwks = KeySet([self._key]).as_dict(private=False)
        write_private(places.jwks, json.dumps(self.jwks))

    def token(self, person: Person, *, hours: float = HOURS) -> str:
        """A token of this person, valid for some hours."""
        issued = int(time.time())
        claims = {
            "iss": DEV_ISSUER,
            "aud": AUDIENCE,
            "sub": f"dev:{person.key}",
            "name": person.name,
            "iat": issued,
            "exp": issued + int(hours * 3600),
            "jiceng_division": person.division,
            "jiceng_level": str(level_of(person.division)),
            "jiceng_roles": [str(person.role)],
        }
        return jwt.encode({"alg": "ES256", "kid": str(self._key.kid)}, claims, self._key)


def find_person(key: str) -> Person:
    """The person called `role@division`; any role at any division may be asked for.

    Raises:
        ValueError: not of this form.
    """
    role, _, division = key.partition("@")
    level_of(division)
    return Person(division, Role(role), division)
