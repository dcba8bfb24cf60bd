"""The provider's keys: fetched once, again for a new key, never in a storm, and kept while the provider is down."""

import asyncio
import json
import logging
from types import SimpleNamespace

import httpx
import pytest
from joserfc.jwk import ECKey, OctKey

from common.auth import KeysUnavailable, TokenInvalid, TokenVerifier
from common.auth import keys as keys_module

ISSUER = "https://login.example"


@pytest.fixture
def monotonic(monkeypatch: pytest.MonkeyPatch):
    """A clock that only moves when told to."""
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(keys_module, "monotonic", lambda: clock.now)
    return clock


async def test_many_tokens_at_once_ask_for_the_keys_once(provider, verifier) -> None:
    await asyncio.gather(*(verifier.verify(provider.token(sub=f"s{number}")) for number in range(50)))
    assert provider.asked == 1


async def test_a_new_key_is_fetched_when_its_first_token_comes(provider, verifier, monotonic) -> None:
    await verifier.verify(provider.token())
    provider.keys.append(ECKey.generate_key("P-256", {"kid": "second"}))
    monotonic.now += 16
    assert await verifier.verify(provider.token(key=provider.keys[1]))
    assert provider.asked == 2


async def test_unknown_key_ids_cannot_drive_a_storm_of_fetches(provider, verifier, monotonic) -> None:
    await verifier.verify(provider.token())
    for number in range(20):
        monotonic.now += 1
        with pytest.raises(TokenInvalid):
            await verifier.verify(provider.token(header={"kid": f"made-up-{number}"}))
    assert provider.asked <= 3


@pytest.mark.parametrize(
    "failure",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
        500,
        302,
        b"no json",
        b"[]",
        b'{"keys": []}',
        b"{}",
        b"x" * 600_000,
    ],
)
async def test_without_any_keys_a_provider_that_is_down_means_unavailable(
    provider, verifier, monotonic, failure
) -> None:
    provider.failure = failure
    for _ in range(5):
        with pytest.raises(KeysUnavailable):
            await verifier.verify(provider.token())
    assert provider.asked == 1, "asked again within the pause"
    provider.failure = None
    monotonic.now += 4
    assert await verifier.verify(provider.token())


async def test_old_keys_serve_while_the_provider_is_down_but_not_for_ever(provider, verifier, monotonic) -> None:
    await verifier.verify(provider.token())
    provider.failure = httpx.ConnectError("refused")
    monotonic.now += 3600
    assert await verifier.verify(provider.token(sub="later"))
    monotonic.now += 24 * 3600
    with pytest.raises(KeysUnavailable):
        await verifier.verify(provider.token(sub="much-later"))


async def test_stale_keys_are_renewed_behind_the_request(provider, verifier, monotonic) -> None:
    await verifier.verify(provider.token())
    monotonic.now += 601
    assert await verifier.verify(provider.token(sub="second"))
    await asyncio.sleep(0.01)
    assert provider.asked == 2


async def test_an_unknown_key_while_the_provider_is_down_is_nobodys_fault(provider, verifier, monotonic) -> None:
    await verifier.verify(provider.token())
    provider.failure = 503
    monotonic.now += 16
    with pytest.raises(KeysUnavailable):
        await verifier.verify(provider.token(header={"kid": "rotated"}))


async def test_a_withdrawn_key_forgets_the_tokens_it_had_signed(provider, verifier, monotonic) -> None:
    token, (first,) = provider.token(), provider.keys
    await verifier.verify(token)
    provider.keys = [ECKey.generate_key("P-256", {"kid": "second"})]
    monotonic.now += 601
    assert await verifier.verify(provider.token(sub="other", key=first)), "old keys serve while the renewal runs"
    await asyncio.sleep(0.01)
    with pytest.raises(TokenInvalid):
        await verifier.verify(token)


async def test_keys_that_cannot_sign_and_secrets_are_left_out(provider, verifier) -> None:
    good = provider.keys[0]
    encryption = ECKey.generate_key("P-256", {"kid": "enc"})
    secret = OctKey.generate_key(256, {"kid": "oct"})
    document = {
        "keys": [
            {"kty": "EC", "kid": "broken"},
            encryption.as_dict(private=False) | {"use": "enc"},
            secret.as_dict(),
            *provider.public()["keys"],
        ]
    }
    provider.failure = json.dumps(document).encode()
    assert await verifier.verify(provider.token(key=good))
    for key in (encryption, secret):
        with pytest.raises(TokenInvalid):
            await verifier.verify(provider.token(key=key))


async def test_reads_keys_from_a_file_and_sees_its_change(provider, jwks_file, monotonic) -> None:
    places = {"oidc_issuer": ISSUER, "oidc_audience": "jiceng", "oidc_jwks_url": None, "oidc_jwks_file": jwks_file()}
    verifier = TokenVerifier(SimpleNamespace(**places))
    assert await verifier.verify(provider.token())
    provider.keys.insert(0, ECKey.generate_key("P-256", {"kid": "second"}))
    jwks_file()
    monotonic.now += 16
    assert await verifier.verify(provider.token())
    assert provider.asked == 0


async def test_no_log_line_tells_the_address_or_the_token(provider, verifier, caplog, capsys) -> None:
    caplog.set_level(logging.DEBUG)
    provider.failure = httpx.ConnectError("https://login.example/jwks?client=secret-of-ours")
    token = provider.token()
    with pytest.raises(KeysUnavailable):
        await verifier.verify(token)
    told = capsys.readouterr().out + caplog.text
    assert "auth_keys_unavailable" in told
    assert "secret-of-ours" not in told
    assert token not in told
