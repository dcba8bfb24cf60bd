"""An identity provider in memory: keys, tokens, and a JWKS address that can fail."""

import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from common.auth import TokenVerifier

ISSUER = "https://login.example"
OFFICE = str(uuid.uuid4())


@dataclass
class Settings:
    oidc_issuer: str = ISSUER
    oidc_audience: str = "jiceng"
    oidc_jwks_url: str | None = "https://login.example/jwks"
    oidc_jwks_file: Path | None = None


@dataclass
class Provider:
    """Signs tokens and serves its public keys; `failure` is what it does instead when it is set."""

    keys: list[Any] = field(default_factory=lambda: [ECKey.generate_key("P-256", {"kid": "first"})])
    failure: Exception | int | bytes | None = None
    asked: int = 0

    def handle(self, _: httpx.Request) -> httpx.Response:
        self.asked += 1
        if isinstance(self.failure, Exception):
            raise self.failure
        if isinstance(self.failure, int):
            return httpx.Response(self.failure)
        if isinstance(self.failure, bytes):
            return httpx.Response(200, content=self.failure)
        return httpx.Response(200, json=self.public())

    def public(self) -> dict[str, Any]:
        return {"keys": [key.as_dict(private=False) for key in self.keys]}

    def claims(self, **changes: Any) -> dict[str, Any]:
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": "jiceng",
            "sub": "clerk-7",
            "name": "李雷",
            "iat": now,
            "exp": now + 300,
            "jiceng_office": OFFICE,
            "jiceng_level": "town",
            "jiceng_division": "440303003000",
            "jiceng_roles": ["window_clerk"],
        }
        return {name: value for name, value in {**claims, **changes}.items() if value is not ...}

    def token(
        self, *, key: Any = None, alg: str | None = None, header: dict[str, Any] | None = None, **claims: Any
    ) -> str:
        key = key or self.keys[0]
        names = {ECKey: "ES256", RSAKey: "RS256", OKPKey: "Ed25519", OctKey: "HS256"}
        alg = alg or names[type(key)]
        head = {"alg": alg, "kid": key.kid, **(header or {})}
        head = {name: value for name, value in head.items() if value is not ...}
        return jwt.encode(head, self.claims(**claims), key, algorithms=[alg])


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
async def verifier(provider: Provider):
    made = TokenVerifier(Settings(), transport=httpx.MockTransport(provider.handle))
    yield made
    await made.aclose()


@pytest.fixture
def jwks_file(tmp_path: Path, provider: Provider) -> Callable[[], Path]:
    def write() -> Path:
        path = tmp_path / "jwks.json"
        path.write_text(json.dumps(provider.public()))
        return path

    return write
