"""Tokens for tests: an issuer of one key, its JWKS as a file, and actors of any role."""

import json
import time
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.jwk import ECKey

from common.auth import Actor, Role
from common.divisions import level_of

ISSUER = "https://issuer.test"
AUDIENCE = "jiceng"
KEY_ID = "test"
OFFICE_ID = UUID("01900000-0000-7000-8000-00000000000f")


@lru_cache(maxsize=1)
def signing_key() -> ECKey:
    """The one key of this process."""
    return ECKey.generate_key("P-256", {"kid": KEY_ID, "use": "sig", "alg": "ES256"})


def make_jwks() -> dict[str, Any]:
    """The public key set."""
    return {"keys": [signing_key().as_dict(private=False)]}


def write_jwks(folder: Path) -> Path:
    """The key set as a file for OIDC_JWKS_FILE."""
    path = folder / "jwks.json"
    path.write_text(json.dumps(make_jwks()), encoding="utf-8")
    return path


def make_actor(
    division: str, *roles: Role, subject: str | None = None, name: str = "测试人员", office_id: UUID | None = OFFICE_ID
) -> Actor:
    """An actor of a division; `subject` defaults to one that names role and division."""
    return Actor(
        subject=subject or f"{'+'.join(sorted(roles))}@{division}",
        name=name,
        office_id=office_id,
        level=level_of(division),
        division=division,
        roles=frozenset(roles),
    )


def make_token(actor: Actor, *, lifetime_seconds: int = 3600, **claims: Any) -> str:
    """A signed ES256 token of an actor; `claims` replace the usual ones, None leaves one out."""
    now = int(time.time())
    all_claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": actor.subject,
        "name": actor.name,
        "iat": now,
        "nbf": now,
        "exp": now + lifetime_seconds,
        "jiceng_office": str(actor.office_id) if actor.office_id is not None else None,
        "jiceng_level": actor.level.value if actor.division else None,
        "jiceng_division": actor.division or None,
        "jiceng_roles": sorted(role.value for role in actor.roles),
        **claims,
    }
    present = {name: value for name, value in all_claims.items() if value is not None}
    return jwt.encode({"alg": "ES256", "kid": KEY_ID, "typ": "JWT"}, present, signing_key())


def bearer(actor: Actor, **claims: Any) -> dict[str, str]:
    """The Authorization header of an actor."""
    return {"Authorization": f"Bearer {make_token(actor, **claims)}"}
