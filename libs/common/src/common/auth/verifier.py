"""From a bearer token to an actor: signature, issuer, audience and times by joserfc; verified tokens are remembered."""

import hashlib
from collections import OrderedDict
from pathlib import Path
from typing import Any, Protocol

import httpx
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import GuestProtocol
from joserfc.jws import extract_compact

from common import clock
from common.auth.actor import Actor, actor_of_claims
from common.auth.errors import TokenExpired, TokenInvalid, TokenMissing
from common.auth.keys import Key, Keys

ALGORITHMS = ("ES256", "RS256", "EdDSA", "Ed25519")
"""Asymmetric only: `none` and HS* would let whoever knows the public key sign."""

LEEWAY_SECONDS = 30
MAX_TOKEN_LENGTH = 8192
REMEMBERED_TOKENS = 4096


class AuthSettings(Protocol):
    """What the verifier needs to know; `common.settings.OidcSettings` has it."""

    @property
    def oidc_issuer(self) -> str: ...  # noqa: D102
    @property
    def oidc_audience(self) -> str: ...  # noqa: D102
    @property
    def oidc_jwks_url(self) -> str | None: ...  # noqa: D102
    @property
    def oidc_jwks_file(self) -> Path | None: ...  # noqa: D102


class TokenVerifier:
    """Verifies bearer tokens; makes no connection before the first token.

    A verified token is remembered by its SHA-256 until it expires or the provider's keys change, so that a repeated
    one costs microseconds.
    """

    def __init__(self, settings: AuthSettings, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        if (settings.oidc_jwks_url is None) == (settings.oidc_jwks_file is None):
            msg = "exactly one of OIDC_JWKS_URL and OIDC_JWKS_FILE must be set"
            raise ValueError(msg)
        self._keys = Keys(url=settings.oidc_jwks_url, file=settings.oidc_jwks_file, transport=transport)
        self._rules = jwt.JWTClaimsRegistry(
            now=lambda: int(clock.now().timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": settings.oidc_issuer},
            aud={"essential": True, "value": settings.oidc_audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        self._remembered: OrderedDict[bytes, tuple[float, Actor]] = OrderedDict()
        self._generation = 0

    async def verify(self, token: str) -> Actor:
        """The actor whom the token names.

        Raises:
            TokenMissing: empty.
            TokenInvalid: form, algorithm, key, signature, issuer, audience, not-before or claims.
            TokenExpired: only its time is over.
            KeysUnavailable: the provider's keys cannot be had.
        """
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        known = self._remembered.get(digest)
        if known is not None and self._generation == self._keys.generation:
            if clock.now().timestamp() >= known[0]:
                raise TokenExpired
            self._remembered.move_to_end(digest)
            return known[1]
        claims = await self._claims(token)
        actor = actor_of_claims(claims)
        self._remember(digest, float(claims["exp"]) + LEEWAY_SECONDS, actor)
        return actor

    async def aclose(self) -> None:
        """Lets go of the key fetch."""
        await self._keys.aclose()

    async def _claims(self, token: str) -> dict[str, Any]:
        if not token:
            raise TokenMissing
        if len(token) > MAX_TOKEN_LENGTH or not token.isascii():
            raise TokenInvalid
        key = await self._keys.find(_key_id(token))
        if key is None:
            raise TokenInvalid
        return self._checked(token, key)

    def _checked(self, token: str, key: Key) -> dict[str, Any]:
        def chosen(_: GuestProtocol) -> Key:
            return key

        try:
            claims = jwt.decode(token, chosen, algorithms=ALGORITHMS).claims
            self._rules.validate(claims)
        except ExpiredTokenError:
            raise TokenExpired from None
        except (JoseError, ValueError, TypeError):
            raise TokenInvalid from None
        return claims

    def _remember(self, digest: bytes, expires_at: float, actor: Actor) -> None:
        if self._generation != self._keys.generation:
            self._remembered.clear()
            self._generation = self._keys.generation
        self._remembered[digest] = (expires_at, actor)
        while len(self._remembered) > REMEMBERED_TOKENS:
            self._remembered.popitem(last=False)


def _key_id(token: str) -> str | None:
    try:
        header = extract_compact(token.encode("ascii")).headers()
    except (JoseError, ValueError, TypeError):
        raise TokenInvalid from None
    if header.get("alg") not in ALGORITHMS:
        raise TokenInvalid
    key_id = header.get("kid")
    if key_id is not None and not isinstance(key_id, str):
        raise TokenInvalid
    return key_id
