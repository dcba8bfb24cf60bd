"""Only a token of our provider, for us, in its time, with whole claims, becomes an actor."""

import base64
import json
import time
import uuid

import pytest
import time_machine
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from common.auth import Actor, Role, TokenExpired, TokenInvalid, TokenMissing, TokenVerifier
from common.divisions import Level


async def test_a_good_token_becomes_its_actor(provider, verifier) -> None:
    office = uuid.uuid4()
    actor = await verifier.verify(
        provider.token(
            jiceng_office=str(office), jiceng_roles=["window_clerk", "office_head", "role-of-another-system"]
        )
    )
    assert actor == Actor(
        subject="clerk-7",
        name="李雷",
        office_id=office,
        level=Level.TOWN,
        division="440303003000",
        roles=frozenset({Role.WINDOW_CLERK, Role.OFFICE_HEAD}),
    )


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize(
    ("key", "alg"),
    [
        (RSAKey.generate_key(2048, {"kid": "r"}), "RS256"),
        (OKPKey.generate_key("Ed25519", {"kid": "o"}), "Ed25519"),
        (OKPKey.generate_key("Ed25519", {"kid": "o"}), "EdDSA"),
    ],
)
async def test_other_asymmetric_algorithms_do_as_well(provider, verifier, key, alg) -> None:
    provider.keys = [key]
    assert (await verifier.verify(provider.token(alg=alg))).subject == "clerk-7"


async def test_a_token_without_key_id_is_checked_with_the_only_key(provider, verifier) -> None:
    assert await verifier.verify(provider.token(header={"kid": ...}))


async def test_a_token_without_key_id_is_refused_where_there_are_two_keys(provider, verifier) -> None:
    provider.keys.append(ECKey.generate_key("P-256", {"kid": "second"}))
    with pytest.raises(TokenInvalid):
        await verifier.verify(provider.token(header={"kid": ...}))


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://other.example"},
        {"iss": ...},
        {"aud": "another-system"},
        {"aud": ...},
        {"aud": []},
        {"exp": ...},
        {"exp": "tomorrow"},
        {"sub": ...},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
        {"sub": "a\nb"},
        {"nbf": 4_000_000_000},
        {"name": 7},
        {"name": ""},
        {"name": "李\n雷"},
        {"name": "李\u202e雷"},
        {"jiceng_roles": ...},
        {"jiceng_roles": []},
        {"jiceng_roles": "window_clerk"},
        {"jiceng_roles": ["emperor"]},
        {"jiceng_roles": [7]},
        {"jiceng_division": ...},
        {"jiceng_division": "4403"},
        {"jiceng_division": 440303003000},
        {"jiceng_level": ...},
        {"jiceng_level": "province"},
        {"jiceng_level": "village"},
        {"jiceng_level": "country"},
        {"jiceng_office": "not-a-uuid"},
        {"jiceng_office": 7},
    ],
)
async def test_wrong_claims_are_refused(provider, verifier, claims) -> None:
    with pytest.raises(TokenInvalid):
        await verifier.verify(provider.token(**claims))


@pytest.mark.parametrize("name", ["李\U000323b0", "李\ue000", "李\u3000雷"])
async def test_a_clerk_with_a_rare_character_in_the_name_may_work(provider, verifier, name) -> None:
    assert (await verifier.verify(provider.token(name=name))).name == name


async def test_a_list_of_audiences_that_names_us_is_fine(provider, verifier) -> None:
    assert await verifier.verify(provider.token(aud=["portal", "jiceng"]))


async def test_a_citizen_needs_no_division_and_a_clerk_does(provider, verifier) -> None:
    nowhere = {"jiceng_division": ..., "jiceng_level": ..., "jiceng_office": ...}
    citizen = await verifier.verify(provider.token(jiceng_roles=["citizen"], **nowhere))
    assert (citizen.division, citizen.office_id) == ("", None)
    with pytest.raises(TokenInvalid):
        await verifier.verify(provider.token(jiceng_roles=["citizen", "window_clerk"], **nowhere))


@pytest.mark.parametrize("division", ["440303003000", "4403", 7])
async def test_a_citizen_stays_one_whatever_place_the_token_tells(provider, verifier, division) -> None:
    """ADR 0005: a citizen has no division and sees none."""
    claims = {
        "jiceng_division": division,
        "jiceng_level": "town",
        "jiceng_office": "00000000-0000-0000-0000-000000000001",
    }
    citizen = await verifier.verify(provider.token(jiceng_roles=["citizen"], **claims))
    assert (citizen.division, citizen.level, citizen.office_id) == ("", Level.VILLAGE, None)
    both = {**claims, "jiceng_division": "440303003000"}
    assert (await verifier.verify(provider.token(jiceng_roles=["citizen", "auditor"], **both))).division


async def test_unsigned_and_symmetric_tokens_are_refused(provider, verifier) -> None:
    """The classic attack: HS256 with the public key as its secret."""
    public = json.dumps(provider.keys[0].as_dict(private=False)).encode()
    secret = OctKey.import_key(base64.urlsafe_b64encode(public * 2).decode().rstrip("="))
    signed = provider.token(key=secret, header={"kid": "first"})
    head = base64.urlsafe_b64encode(b'{"alg":"none","kid":"first"}').decode().rstrip("=")
    unsigned = f"{head}.{signed.split('.')[1]}."
    for token in (signed, unsigned):
        with pytest.raises(TokenInvalid):
            await verifier.verify(token)


async def test_a_token_of_another_key_with_our_key_id_is_refused(provider, verifier) -> None:
    with pytest.raises(TokenInvalid):
        await verifier.verify(provider.token(key=ECKey.generate_key("P-256", {"kid": "first"})))


async def test_an_altered_payload_is_refused(provider, verifier) -> None:
    head, _, signature = provider.token().split(".")
    payload = base64.urlsafe_b64encode(json.dumps(provider.claims(jiceng_division="440000000000")).encode()).decode()
    with pytest.raises(TokenInvalid):
        await verifier.verify(f"{head}.{payload.rstrip('=')}.{signature}")


@pytest.mark.parametrize(
    "token", ["x", "a.b", "a.b.c", "....", "é.b.c", "\ud800", "x" * 9000, "e30.e30.e30", "bnVsbA.e30.x"]
)
async def test_garbage_is_refused(verifier, token) -> None:
    with pytest.raises(TokenInvalid):
        await verifier.verify(token)


async def test_an_empty_token_is_missing(verifier) -> None:
    with pytest.raises(TokenMissing):
        await verifier.verify("")


async def test_an_expired_token_says_so_also_when_it_was_remembered(provider, verifier) -> None:
    token = provider.token()
    with time_machine.travel(time.time(), tick=False) as clock:
        assert await verifier.verify(token)
        clock.shift(300 + 29)
        assert await verifier.verify(token), "30 s of leeway between clocks"
        clock.shift(2)
        with pytest.raises(TokenExpired):
            await verifier.verify(token)
        with pytest.raises(TokenExpired):
            await verifier.verify(provider.token(exp=int(time.time()) - 31))


async def test_a_repeated_token_costs_microseconds(provider, verifier) -> None:
    token = provider.token()
    first = await verifier.verify(token)
    started = time.perf_counter()
    for _ in range(1000):
        assert await verifier.verify(token) is first
    assert (time.perf_counter() - started) / 1000 < 100e-6


async def test_remembers_a_bounded_number_of_tokens(provider, verifier, monkeypatch) -> None:
    monkeypatch.setattr("common.auth.verifier.REMEMBERED_TOKENS", 3)
    tokens = [provider.token(sub=f"s{number}") for number in range(5)]
    for token in tokens:
        await verifier.verify(token)
    assert len(verifier._remembered) == 3
    assert (await verifier.verify(tokens[0])).subject == "s0"


@pytest.mark.parametrize("places", [{"oidc_jwks_url": None}, {"oidc_jwks_file": "x"}])
def test_keys_must_come_from_exactly_one_place(places) -> None:
    from types import SimpleNamespace

    known = {"oidc_issuer": "i", "oidc_audience": "a", "oidc_jwks_url": "u", "oidc_jwks_file": None}
    with pytest.raises(ValueError, match="exactly one"):
        TokenVerifier(SimpleNamespace(**{**known, **places}))
