"""Wrong requests, one line each: status, stable code, a Chinese title, nothing repeated, and no database has changed.

The wrong events stand in tests/common/consumer/test_runner.py, tests/sync/records and tests/reporting/figures.
"""

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from common.auth import Actor, Role
from common.clock import today
from common.divisions import Level
from common.ids import uuid7
from common.testing.persons import id_number_of, synthetic_organisation, synthetic_person
from common.testing.tokens import AUDIENCE, ISSUER, KEY_ID, bearer, make_actor, make_token, signing_key

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROVINCE, COUNTY, TOWN, STATION = "440000000000", "441624000000", "441624101000", "441624101201"
NEIGHBOUR, OFFICELESS, SUSPENDED, RETIRED = "441624101202", "441624101203", "441624101204", "441624101205"
UNKNOWN, DONGGUAN, INFORMAL, INFORMAL_VILLAGE = "441624101999", "441900000000", "441900401000", "441900401498"
AGENT = make_actor(STATION, Role.STATION_AGENT)
HEAD = make_actor(TOWN, Role.OFFICE_HEAD)
SUPERVISOR = make_actor(COUNTY, Role.BUREAU_SUPERVISOR)
PROVINCIAL = make_actor(PROVINCE, Role.BUREAU_SUPERVISOR)
HEAD_OF_PROVINCE = make_actor(PROVINCE, Role.OFFICE_HEAD)
STRANGER = make_actor("440305000000", Role.WINDOW_CLERK)
STATISTICIAN = make_actor(COUNTY, Role.STATISTICIAN)
ADMINISTRATOR = make_actor(PROVINCE, Role.ADMINISTRATOR)
AUDITOR = make_actor(PROVINCE, Role.AUDITOR)
CITIZEN = Actor("citizen-1", "测试群众", None, Level.VILLAGE, "", frozenset({Role.CITIZEN}))
PERSON, COMPANY = synthetic_person(31), synthetic_organisation(32)

CASES, OFFICES = "/casework/v1/cases", "/registry/v1/offices"
INVALID = "request.validation-failed"
KEY = "Idempotency-Key"


@dataclass(frozen=True)
class Wrong:
    """One wrong request and what it must be answered.

    Attributes:
        facts: members that the answer must carry beside the standard ones.
        authorize: the Authorization header of `actor`.
    """

    status: int
    code: str
    method: str
    path: str
    actor: Actor = AGENT
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    content: Callable[[], Any] | None = None
    query: dict[str, Any] | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    authorize: Callable[[Actor], dict[str, str]] = bearer


def anonymous(_: Actor) -> dict[str, str]:
    """No token."""
    return {}


def case_body(**changes: Any) -> dict[str, Any]:
    """A registration that nothing is wrong with; `a_…` replaces a member of the applicant, `...` removes one."""
    applicant: dict[str, Any] = {
        "kind": "natural_person", "name": PERSON.name, "id_number": PERSON.id_number, "phone": PERSON.phone,
    }  # fmt: skip
    body: dict[str, Any] = {"division": STATION, "item_code": "E07", "applicant": applicant}
    for name, value in changes.items():
        (applicant if name.startswith("a_") else body)[name.removeprefix("a_")] = value
    for part in (applicant, body):
        for name in [name for name, value in part.items() if value is ...]:
            del part[name]
    return body


def register(
    status: int, code: str, *, headers: dict[str, str] | None = None, actor: Actor = AGENT, **changes: Any
) -> Wrong:
    """A registration that is wrong in these members."""
    facts = changes.pop("facts", {})
    sent = {KEY: str(uuid7()), **(headers or {})}
    return Wrong(status, code, "POST", CASES, actor, sent, case_body(**changes), facts=facts)


def raw(status: int, code: str, content: Callable[[], Any], content_type: str | None = "application/json") -> Wrong:
    """A registration whose bytes are wrong."""
    headers = {KEY: str(uuid7()), **({"Content-Type": content_type} if content_type else {})}
    return Wrong(status, code, "POST", CASES, headers=headers, content=content)


def act(
    status: int, code: str, case: str, what: str, body: Any = None, version: str | None = '"1"', **options: Any
) -> Wrong:
    """A step of a case's life that is wrong; `case` is one of the platform's known cases."""
    headers = {KEY: options.pop("key", str(uuid7())), **({} if version is None else {"If-Match": version})}
    path = f"{CASES}/{case if '-' in case else '{' + case + '}'}/{what}"
    return Wrong(status, code, "POST", path, headers=headers, body=body, **options)


def get(status: int, code: str, path: str, actor: Actor = AGENT, /, **options: Any) -> Wrong:
    """A wrong question; what is not an option of Wrong is a query parameter."""
    chosen = {name: options.pop(name) for name in ("headers", "authorize", "facts") if name in options}
    return Wrong(status, code, "GET", path, actor, query=options or None, **chosen)


def office(status: int, code: str, /, *, actor: Actor = SUPERVISOR, key: str | None = "", **changes: Any) -> Wrong:
    """The setting up of a station that is wrong in these members."""
    facts = changes.pop("facts", {})
    body = {"division": OFFICELESS, "name": "石陂村人力资源社会保障服务站", **changes}
    headers = {} if key is None else {KEY: key or str(uuid7())}
    body = {name: value for name, value in body.items() if value is not ...}
    return Wrong(status, code, "POST", OFFICES, actor, headers, body, facts=facts)


def patch(
    status: int, code: str, which: str, /, *, actor: Actor = SUPERVISOR, version: str | None = '"1"', **body: Any
) -> Wrong:
    """A change of an office that is wrong."""
    headers = {} if version is None else {"If-Match": version}
    return Wrong(
        status, code, "PATCH", f"{OFFICES}/{which if '-' in which else '{' + which + '}'}", actor, headers, body
    )


def forged(algorithm: str, key: bytes) -> str:
    """A token with right claims and a signature by HMAC, or with none."""
    _, payload, _ = make_token(AGENT).split(".")
    head = base64.urlsafe_b64encode(json.dumps({"alg": algorithm, "kid": KEY_ID}).encode()).rstrip(b"=").decode()
    signature = hmac.digest(key, f"{head}.{payload}".encode(), hashlib.sha256) if key else b""
    return f"{head}.{payload}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def foreign() -> str:
    """A token of another key under our key's name."""
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "x", "exp": int(time.time()) + 600}
    return jwt.encode({"alg": "ES256", "kid": KEY_ID}, claims, ECKey.generate_key("P-256"))


def tampered() -> str:
    """A good token whose claims were exchanged for another's."""
    head, _, signature = make_token(AGENT).split(".")
    return f"{head}.{make_token(HEAD_OF_PROVINCE).split('.')[1]}.{signature}"


def wrong_check_digit(number: str) -> str:
    return number[:-1] + ("0" if number[-1] != "0" else "1")


async def in_pieces(size: int) -> AsyncIterator[bytes]:
    """A body without a declared length."""
    for _ in range(size // 65536):
        yield b" " * 65536


ORGANISATION = {"a_kind": "organisation", "a_id_number": ..., "a_phone": ..., "item_code": "B17"}

APPLICANTS = {
    "wrong check digit": register(
        422,
        "casework.id-number-invalid",
        a_id_number=wrong_check_digit(PERSON.id_number),
        facts={"check": "check_digit"},
    ),
    "birth date that no calendar has": register(
        422, "casework.id-number-invalid", a_id_number="99000019900230123X", facts={"check": "birth_date"}
    ),
    "born tomorrow": register(
        422,
        "casework.id-number-invalid",
        a_id_number=id_number_of(date(today().year + 1, 1, 1)),
        facts={"check": "birth_date"},
    ),
    "born before everybody": register(
        422, "casework.id-number-invalid", a_id_number=id_number_of(date(1812, 1, 1)), facts={"check": "birth_date"}
    ),
    "fifteen digits": register(
        422, "casework.id-number-invalid", a_id_number=PERSON.id_number[:15], facts={"check": "form"}
    ),
    "letters in the number": register(
        422, "casework.id-number-invalid", a_id_number="99000019A001011234", facts={"check": "form"}
    ),
    "number with a line break and a header": register(
        422, "casework.id-number-invalid", a_id_number=f"{PERSON.id_number}\r\nX-A: b"
    ),
    "number that is SQL": register(422, "casework.id-number-invalid", a_id_number="1' OR '1'='1"),
    "no number": register(422, "casework.applicant-invalid", a_id_number=...),
    "number null": register(422, "casework.applicant-invalid", a_id_number=None),
    "both numbers": register(422, "casework.applicant-invalid", a_uscc=COMPANY.uscc),
    "organisation with a person's number": register(
        422, "casework.applicant-invalid", a_kind="organisation", item_code="B17"
    ),
    "organisation with a wrong check digit": register(
        422,
        "casework.uscc-invalid",
        **ORGANISATION,
        a_uscc=wrong_check_digit(COMPANY.uscc),
        facts={"check": "check_digit"},
    ),
    "organisation with a letter that no code has": register(
        422, "casework.uscc-invalid", **ORGANISATION, a_uscc="9144I000000000000X", facts={"check": "form"}
    ),
    "telephone too short": register(422, "casework.phone-invalid", a_phone="1540000000"),
    "telephone that is no mobile": register(422, "casework.phone-invalid", a_phone="0755-88123456"),
    "name without a letter": register(422, "casework.name-invalid", a_name="12345678"),
    "name of blanks": register(422, "casework.name-invalid", a_name="    "),
    "name with a line break and a header": register(422, "casework.name-invalid", a_name="测试甲\r\nSet-Cookie: a=b"),
    "name turned round by a control character": register(422, "casework.name-invalid", a_name="测试\u202e甲乙"),
}

PLACES = {
    "unknown division": register(422, "directory.division-unknown", division=UNKNOWN, actor=HEAD),
    "retired division": register(422, "directory.division-retired", division=RETIRED, actor=HEAD),
    "village without a station": register(422, "directory.office-unknown", division=OFFICELESS, actor=HEAD, facts={"clause": "O1.1d"}),
    "informal unit without an office": register(422, "directory.office-unknown", division=INFORMAL, actor=HEAD_OF_PROVINCE),
    "suspended station": register(422, "directory.office-not-operating", division=SUSPENDED, actor=HEAD),
    "village of no town": register(400, "division.code-invalid", division="441624000001", actor=HEAD_OF_PROVINCE),
    "division too short": register(422, INVALID, division=STATION[:9]),
    "division as a number": register(422, INVALID, division=int(STATION)),
    "division in full-width digits": register(422, INVALID, division="４４１６２４１０１２０１"),
    "division that is SQL": register(422, INVALID, division="441624101201'--"),
    "division with a line break": register(422, INVALID, division=STATION + "\n"),
    "neighbouring village": register(403, "auth.out-of-scope", division=NEIGHBOUR),
    "the town above": register(403, "auth.out-of-scope", division=TOWN),
    "clerk of another county": register(403, "auth.out-of-scope", actor=STRANGER),
    "statistician": register(403, "auth.role-required", actor=STATISTICIAN),
    "administrator": register(403, "auth.role-required", actor=ADMINISTRATOR),
    "auditor": register(403, "auth.role-required", actor=AUDITOR),
    "citizen": register(403, "auth.role-required", actor=CITIZEN),
    "unknown item": register(422, "casework.item-unknown", item_code="Z99", facts={"clause": "O4.1b"}),
    "item that has ended": register(422, "casework.item-not-effective", item_code="E06"),
    "item of a duty that has ended": register(422, "casework.duty-not-in-force", item_code="M01", facts={"clause": "O1.1a"}),
    "item that stations do not take": register(422, "casework.item-not-taken-at-level", **{**ORGANISATION, "item_code": "E02"}, a_uscc=COMPANY.uscc, facts={"clause": "O1.1d"}),
    "item that is not for persons": register(422, "casework.applicant-kind-not-served", item_code="E09", division=TOWN, actor=HEAD),
}  # fmt: skip

BODIES = {
    "false for a text": register(422, INVALID, item_code=False),
    "number for a text": register(422, INVALID, a_phone=15400000031),
    "text for an object": register(422, INVALID, applicant=PERSON.name),
    "list for a text": register(422, INVALID, a_name=[PERSON.name]),
    "unknown kind of applicant": register(422, INVALID, a_kind="alien"),
    "missing applicant": register(422, INVALID, applicant=...),
    "empty item": register(422, INVALID, item_code=""),
    "item too long": register(422, INVALID, item_code="B" * 32),
    "name too long": register(422, INVALID, a_name="测" * 101),
    "unknown member": register(422, INVALID, wished_for="2026-12-01"),
    "member named after somebody": register(422, INVALID, **{f"a_{PERSON.id_number}": PERSON.name}),
    "NUL in a name": register(422, INVALID, a_name="测\x00试"),
    "lone surrogate": raw(422, INVALID, lambda: json.dumps(case_body(a_name="测\ud800试")).encode()),
    "NaN": raw(422, INVALID, lambda: b'{"division": NaN, "item_code": Infinity, "applicant": {}}'),
    "number beyond all": raw(422, INVALID, lambda: b'{"division": 1e999, "item_code": "E07", "applicant": {}}'),
    "number of ten thousand digits": raw(400, "request.malformed-json", lambda: b'{"division": ' + b"9" * 10_000 + b"}"),
    "nesting without a bottom": raw(400, "request.malformed-json", lambda: b"[" * 100_000),
    "deep nesting in a member": raw(422, INVALID, lambda: b'{"applicant":' + b'{"a":' * 200 + b"1" + b"}" * 200 + b"}"),
    "truncated JSON": raw(400, "request.malformed-json", lambda: json.dumps(case_body()).encode()[:-20]),
    "two documents": raw(400, "request.malformed-json", lambda: json.dumps(case_body()).encode() * 2),
    "bytes that are no UTF-8": raw(400, "request.malformed-json", lambda: b'{"division": "\xff\xfe\xfa"}'),
    "plain text": raw(415, "request.unsupported-media-type", lambda: json.dumps(case_body()).encode(), "text/plain"),
    "a form": raw(415, "request.unsupported-media-type", lambda: b"division=441624101201", "application/x-www-form-urlencoded"),
    "no content type": raw(415, "request.unsupported-media-type", lambda: json.dumps(case_body()).encode(), None),
    "empty body": raw(422, INVALID, lambda: b""),
    "null": raw(422, INVALID, lambda: b"null"),
    "an array": raw(422, INVALID, lambda: json.dumps([case_body()]).encode()),
    "a text": raw(422, INVALID, lambda: json.dumps(PERSON.id_number).encode()),
    "declared size beyond the limit": raw(413, "request.body-too-large", lambda: b" " * (2 * 1024 * 1024)),
    "undeclared size beyond the limit": raw(413, "request.body-too-large", lambda: in_pieces(2 * 1024 * 1024)),
}  # fmt: skip

KEYS = {
    "no key": Wrong(428, "request.idempotency-key-required", "POST", CASES, body=case_body()),
    "blank key": register(428, "request.idempotency-key-required", headers={KEY: "   "}),
    "key too long": register(400, "request.idempotency-key-invalid", headers={KEY: "k" * 129}),
    "key with blanks in it": register(400, "request.idempotency-key-invalid", headers={KEY: "a b"}),
    "key that is an identity number": register(400, "request.idempotency-key-invalid", headers={KEY: PERSON.id_number}),
    "key of another body": register(409, "request.idempotency-key-reused", headers={KEY: "used-registered"}),
    "key of another address": act(409, "request.idempotency-key-reused", "registered", "acceptance", key="used-closed"),
    "no key for an acceptance": Wrong(428, "request.idempotency-key-required", "POST", CASES + "/{registered}/acceptance", headers={"If-Match": '"1"'}),
}  # fmt: skip

VERSIONS = {
    "no If-Match": act(428, "request.if-match-required", "registered", "acceptance", version=None),
    "blank If-Match": act(428, "request.if-match-required", "registered", "acceptance", version="  "),
    "If-Match without quotes": act(400, "request.if-match-invalid", "registered", "acceptance", version="1"),
    "If-Match of anything": act(400, "request.if-match-invalid", "registered", "acceptance", version="*"),
    "two tags": act(400, "request.if-match-invalid", "registered", "acceptance", version='"1", "2"'),
    "version zero": act(400, "request.if-match-invalid", "registered", "acceptance", version='"0"'),
    "version false": act(400, "request.if-match-invalid", "registered", "acceptance", version='"false"'),
    "version of twenty digits": act(400, "request.if-match-invalid", "registered", "acceptance", version=f'"{10**19}"'),
    "version beyond every integer": act(412, "request.if-match-stale", "registered", "acceptance", version='"9999999999"'),
    "stale version": act(412, "request.if-match-stale", "accepted", "closure", {"result": "granted"}, facts={"current_version": 2}),
    "version that is not yet": act(412, "request.if-match-stale", "registered", "acceptance", version='"2"', facts={"current_version": 1}),
}  # fmt: skip

LIVES = {
    "accepted twice": act(409, "casework.case-already-accepted", "accepted", "acceptance", version='"2"'),
    "refused after acceptance": act(409, "casework.case-already-accepted", "accepted", "refusal", {"reason": "材料不全"}, '"2"'),
    "closed before acceptance": act(409, "casework.case-not-accepted", "registered", "closure", {"result": "granted"}),
    "closed twice": act(409, "casework.case-already-closed", "closed", "closure", {"result": "granted"}, '"3"'),
    "withdrawn after closure": act(409, "casework.case-already-closed", "closed", "withdrawal", {"reason": "改日办理"}, '"3"'),
    "accepted after refusal": act(409, "casework.case-already-refused", "refused", "acceptance", version='"2"'),
    "accepted after withdrawal": act(409, "casework.case-already-withdrawn", "withdrawn", "acceptance", version='"2"'),
    "unknown closing result": act(422, INVALID, "accepted", "closure", {"result": "lost"}, '"2"'),
    "closing result by its label": act(422, INVALID, "accepted", "closure", {"result": "出证办结"}, '"2"'),
    "closing result by number": act(422, INVALID, "accepted", "closure", {"result": 1}, '"2"'),
    "closure without a body": act(422, INVALID, "accepted", "closure", version='"2"'),
    "refusal without a reason": act(422, INVALID, "registered", "refusal", {}),
    "reason of one character": act(422, INVALID, "registered", "refusal", {"reason": "缺"}),
    "reason of blanks": act(422, INVALID, "registered", "refusal", {"reason": "     "}),
    "reason too long": act(422, INVALID, "registered", "refusal", {"reason": "缺" * 501}),
    "reason with an identity number": act(422, "casework.reason-holds-personal-data", "registered", "refusal", {"reason": f"与{PERSON.id_number}不符"}),
    "reason with a telephone in full width": act(422, "casework.reason-holds-personal-data", "registered", "withdrawal", {"reason": "请致电１５４００００００３１"}),
    "disclosure without a reason": act(422, INVALID, "registered", "applicant-disclosures", {}, actor=HEAD),
    "disclosure to an agent": act(403, "auth.role-required", "registered", "applicant-disclosures", {"reason": "核对身份"}),
    "disclosure to another county": act(404, "casework.case-not-found", "registered", "applicant-disclosures", {"reason": "核对身份"}, actor=STRANGER),
    "case of another county": act(404, "casework.case-not-found", "registered", "acceptance", actor=STRANGER),
    "unknown case": act(404, "casework.case-not-found", "0190f3d2-7c1a-7b3e-9f00-0242ac120002", "acceptance"),
    "case id that is none": act(422, INVALID, "not-a-uuid", "acceptance"),
}  # fmt: skip

SEARCH = f"{CASES}/search"
QUESTIONS = {
    "unknown case": get(404, "casework.case-not-found", f"{CASES}/0190f3d2-7c1a-7b3e-9f00-0242ac120002"),
    "identity number as a case": get(422, INVALID, f"{CASES}/{PERSON.id_number}"),
    "case of another county": get(404, "casework.case-not-found", CASES + "/{closed}", STRANGER),
    "cases for an administrator": get(403, "auth.role-required", CASES, ADMINISTRATOR),
    "cases for a citizen": get(403, "auth.role-required", CASES, CITIZEN),
    "made up cursor": get(400, "request.cursor-invalid", CASES, cursor="bm9uc2Vuc2U"),
    "cursor that is no base64": get(400, "request.cursor-invalid", CASES, cursor="!!!!"),
    "cursor too long": get(422, INVALID, CASES, cursor="a" * 513),
    "limit 0": get(422, INVALID, CASES, limit=0),
    "limit -1": get(422, INVALID, CASES, limit=-1),
    "limit 10000": get(422, INVALID, CASES, limit=10000),
    "limit beyond every integer": get(422, INVALID, CASES, limit=10**30),
    "limit in words": get(422, INVALID, CASES, limit="ten"),
    "limit false": get(422, INVALID, CASES, limit="false"),
    "unknown sort": get(422, INVALID, CASES, sort="applicant_name"),
    "sort that is SQL": get(422, INVALID, CASES, sort="registered_at; DROP TABLE cases"),
    "unknown status": get(422, INVALID, CASES, status="lost"),
    "item filter that is SQL": get(422, INVALID, CASES, item_code="B01' OR 1=1"),
    "division filter too short": get(422, INVALID, CASES, division="4416"),
    "division filter that is none": get(400, "division.code-invalid", CASES, division="441624000001"),
    "NUL in the query": get(400, "request.malformed-url", f"{CASES}?status=%00"),
    "NUL in the path": get(400, "request.malformed-url", f"{CASES}/%00"),
    "search for a wrong number": Wrong(422, "casework.id-number-invalid", "POST", SEARCH, body={"kind": "natural_person", "number": wrong_check_digit(PERSON.id_number)}),
    "search of another kind": Wrong(422, INVALID, "POST", SEARCH, body={"kind": "alien", "number": PERSON.id_number}),
    "search without a number": Wrong(422, INVALID, "POST", SEARCH, body={"kind": "natural_person"}),
    "search by an auditor": Wrong(403, "auth.role-required", "POST", SEARCH, AUDITOR, body={"kind": "natural_person", "number": PERSON.id_number}),
    "unknown item": get(404, "casework.item-not-found", "/casework/v1/items/Z99"),
    "item code that is none": get(422, INVALID, "/casework/v1/items/" + "Z" * 32),
    "items of an unknown duty": get(422, INVALID, "/casework/v1/items", duty="cooking"),
}  # fmt: skip

ADDRESSES = {
    "unknown address": get(404, "request.route-not-found", "/casework/v1/casess"),
    "another service's address": get(404, "request.route-not-found", "/casework/v2/cases"),
    "slash at the end": get(404, "request.route-not-found", f"{CASES}/"),
    "a way out of the folder": get(404, "request.route-not-found", "/casework/docs/..%2f..%2fetc%2fpasswd"),
    "deletion of a case": Wrong(405, "request.method-not-allowed", "DELETE", CASES + "/{closed}"),
    "replacement of a case": Wrong(405, "request.method-not-allowed", "PUT", CASES + "/{closed}", body=case_body()),
    "method of one's own making": Wrong(405, "request.method-not-allowed", "STEAL", CASES),
    "writing to a level": Wrong(405, "request.method-not-allowed", "POST", "/sync/v1/levels/town/records", HEAD),
    "writing a figure": Wrong(405, "request.method-not-allowed", "POST", "/reporting/v1/figures", HEAD, body={"value": 1}),
    "deletion of an office": Wrong(405, "request.method-not-allowed", "DELETE", OFFICES + "/{office}", SUPERVISOR),
}  # fmt: skip

PUBLIC_KEY = json.dumps(signing_key().as_dict(private=False)).encode()
TOKENS: dict[str, tuple[str, Callable[[], str]]] = {
    "an empty token": ("auth.token-missing", lambda: "Bearer "),
    "a password": ("auth.token-missing", lambda: "Basic Y2xlcms6cGFzc3dvcmQ="),
    "nonsense": ("auth.token-invalid", lambda: "Bearer nonsense"),
    "three parts of nonsense": ("auth.token-invalid", lambda: "Bearer a.b.c"),
    "a token beyond all size": ("auth.token-invalid", lambda: "Bearer " + "a" * 9000),
    "an expired token": ("auth.token-expired", lambda: f"Bearer {make_token(AGENT, lifetime_seconds=-3600)}"),
    "a token of tomorrow": ("auth.token-invalid", lambda: f"Bearer {make_token(AGENT, nbf=int(time.time()) + 86_400)}"),
    "a token for another system": ("auth.token-invalid", lambda: f"Bearer {make_token(AGENT, aud='payroll')}"),
    "a token of another issuer": ("auth.token-invalid", lambda: f"Bearer {make_token(AGENT, iss='https://elsewhere.test')}"),
    "a token without audience": ("auth.token-invalid", lambda: f"Bearer {make_token(AGENT, aud=None)}"),
    "a token that never expires": ("auth.token-invalid", lambda: f"Bearer {make_token(AGENT, exp=None)}"),
    "a token without roles": ("auth.token-invalid", lambda: f"Bearer {make_token(AGENT, jiceng_roles=None)}"),
    "a token of an unknown role": ("auth.token-invalid", lambda: f"Bearer {make_token(AGENT, jiceng_roles=['emperor'])}"),
    "a token whose level is not its division's": ("auth.token-invalid", lambda: f"Bearer {make_token(AGENT, jiceng_level='province')}"),
    "a token without division": ("auth.token-invalid", lambda: f"Bearer {make_token(AGENT, jiceng_division=None)}"),
    "a token without signature": ("auth.token-invalid", lambda: f"Bearer {forged('none', b'')}"),
    "a token signed with the public key": ("auth.token-invalid", lambda: f"Bearer {forged('HS256', PUBLIC_KEY)}"),
    "a token of another key": ("auth.token-invalid", lambda: f"Bearer {foreign()}"),
    "a token with another's claims": ("auth.token-invalid", lambda: f"Bearer {tampered()}"),
}  # fmt: skip
IDENTITIES = {
    **{
        f"registration with {name}": Wrong(401, code, "POST", CASES, headers={KEY: str(uuid7())}, body=case_body(), authorize=lambda _, header=header: {"Authorization": header()})
        for name, (code, header) in TOKENS.items()
    },
    "registration without a token": Wrong(401, "auth.token-missing", "POST", CASES, headers={KEY: "k"}, body=case_body(), authorize=anonymous),
    "naming reports without a token": get(401, "auth.token-missing", "/registry/v1/naming-reports", authorize=anonymous),
    "an office without a token": Wrong(401, "auth.token-missing", "POST", OFFICES, headers={KEY: "k"}, body={}, authorize=anonymous),
    "receipts without a token": get(401, "auth.token-missing", "/sync/v1/receipts", authorize=anonymous),
    "figures without a token": get(401, "auth.token-missing", "/reporting/v1/figures", authorize=anonymous),
}  # fmt: skip

RECORD = "/sync/v1/records/casework.case"
SYNC = {
    "unknown record": get(404, "sync.record-not-found", f"{RECORD}/0190f3d2-7c1a-7b3e-9f00-0242ac120002"),
    "unknown record type": get(404, "sync.record-not-found", "/sync/v1/records/casework.ghost/0190f3d2-7c1a-7b3e-9f00-0242ac120002"),
    "record type that is none": get(422, INVALID, "/sync/v1/records/CASE/0190f3d2-7c1a-7b3e-9f00-0242ac120002"),
    "record id that is none": get(422, INVALID, f"{RECORD}/1"),
    "record id that is an identity number": get(422, INVALID, f"{RECORD}/{PERSON.id_number}"),
    "version zero": get(422, INVALID, f"{RECORD}/0190f3d2-7c1a-7b3e-9f00-0242ac120002", version=0),
    "version false": get(422, INVALID, f"{RECORD}/0190f3d2-7c1a-7b3e-9f00-0242ac120002", version="false"),
    "version beyond every integer": get(422, INVALID, f"{RECORD}/0190f3d2-7c1a-7b3e-9f00-0242ac120002", version=2**31),
    "unknown level": get(422, INVALID, "/sync/v1/levels/street/records"),
    "level records of a place that is none": get(400, "division.code-invalid", "/sync/v1/levels/town/records", division="441624000001"),
    "level records with a foreign cursor": get(400, "request.cursor-invalid", "/sync/v1/levels/town/records", cursor="AAAA"),
    "level records without limit": get(422, INVALID, "/sync/v1/levels/town/records", limit=10000),
    "level summary for a citizen": get(403, "auth.role-required", "/sync/v1/levels/town/summary", CITIZEN),
    "records for an administrator": get(403, "auth.role-required", f"{RECORD}/0190f3d2-7c1a-7b3e-9f00-0242ac120002", ADMINISTRATOR),
    "receipts of an unknown outcome": get(422, INVALID, "/sync/v1/receipts", outcome="lost"),
    "dead letters for a clerk": get(403, "auth.role-required", "/sync/v1/dead-letters"),
    "dead letters of a group that is SQL": get(422, INVALID, "/sync/v1/dead-letters", AUDITOR, consumer_group="a' OR 'a'='a"),
}  # fmt: skip

FIGURES = "/reporting/v1/figures"
REPORTING = {
    "figures of another county": get(403, "auth.out-of-scope", FIGURES, STATISTICIAN, division="440305000000"),
    "figures of a level above": get(403, "reporting.level-above-own", FIGURES, STATISTICIAN, level="province"),
    "figures for a citizen": get(403, "auth.out-of-scope", FIGURES, CITIZEN),
    "figures of a county at its towns": get(400, "reporting.division-above-level", FIGURES, STATISTICIAN, level="town"),
    "figures of a county that does not exist": get(400, "reporting.level-not-on-path", FIGURES, PROVINCIAL, level="county", division="441900003000"),
    "figures of an unknown division": get(422, "directory.division-unknown", FIGURES, STATISTICIAN, division=UNKNOWN),
    "figures of a village of no town": get(403, "auth.out-of-scope", FIGURES, PROVINCIAL, division="441624000001"),
    "period that runs backward": get(400, "reporting.days-reversed", FIGURES, STATISTICIAN, **{"from": "2026-03-02", "to": "2026-03-01"}),
    "period beyond a year": get(400, "reporting.days-too-many", FIGURES, STATISTICIAN, **{"from": "2020-01-01", "to": "2026-03-01"}),
    "day that no calendar has": get(422, INVALID, FIGURES, STATISTICIAN, **{"from": "2026-02-30"}),
    "day as a number": get(422, INVALID, FIGURES, STATISTICIAN, to="0"),
    "day with a time": get(422, INVALID, FIGURES, STATISTICIAN, to="2026-03-01T00:00:00Z"),
    "unknown measure": get(422, INVALID, FIGURES, STATISTICIAN, measure="money"),
    "unknown grouping": get(422, INVALID, FIGURES, STATISTICIAN, group_by="applicant"),
    "unknown duty": get(422, INVALID, FIGURES, STATISTICIAN, duty="cooking"),
    "item too long": get(422, INVALID, FIGURES, STATISTICIAN, item="x" * 32),
    "children with limit 0": get(422, INVALID, f"{FIGURES}/children", STATISTICIAN, limit=0),
    "missing places with a foreign cursor": get(400, "request.cursor-invalid", "/reporting/v1/completeness/missing", STATISTICIAN, cursor="AAAA"),
    "completeness of a day that is none": get(422, INVALID, "/reporting/v1/completeness", STATISTICIAN, day="yesterday"),
}  # fmt: skip

DIVISIONS = "/registry/v1/divisions"
REGISTRY = {
    "unknown division": get(404, "registry.division-not-found", f"{DIVISIONS}/{UNKNOWN}"),
    "retired division": get(404, "registry.division-not-in-force", f"{DIVISIONS}/{RETIRED}"),
    "division before its time": get(404, "registry.division-not-in-force", f"{DIVISIONS}/{STATION}", on="1999-01-01"),
    "path of an unknown division": get(404, "registry.division-not-found", f"{DIVISIONS}/{UNKNOWN}/path"),
    "division too short": get(422, INVALID, f"{DIVISIONS}/4416"),
    "day as a number": get(422, INVALID, DIVISIONS, on="0"),
    "divisions of an unknown kind": get(422, INVALID, DIVISIONS, kind="empire"),
    "divisions with limit -1": get(422, INVALID, DIVISIONS, limit=-1),
    "divisions with a foreign cursor": get(400, "request.cursor-invalid", DIVISIONS, cursor="AAAA"),
    "unknown office": get(404, "registry.office-not-found", f"{OFFICES}/0190f3d2-7c1a-7b3e-9f00-0242ac120002"),
    "office id that is none": get(422, INVALID, f"{OFFICES}/1"),
    "search for nothing": get(422, INVALID, OFFICES, q=""),
    "search too long": get(422, INVALID, OFFICES, q="站" * 51),
    "offices of a place that is none": get(400, "division.code-invalid", OFFICES, division="441624000001"),
    "reports for a clerk": get(403, "auth.role-required", "/registry/v1/naming-reports", STRANGER),
    "text for a truth value": get(422, INVALID, "/registry/v1/naming-reports", SUPERVISOR, needs_decision="maybe"),
    "new office without a key": office(428, "request.idempotency-key-required", key=None),
    "new office by a head": office(403, "auth.role-required", actor=HEAD),
    "new office by another city": office(403, "auth.out-of-scope", actor=make_actor(DONGGUAN, Role.BUREAU_SUPERVISOR)),
    "new office of an unknown division": office(422, "registry.office-division-unknown", division=UNKNOWN, facts={"clause": "O1.3a"}),
    "new office of a retired division": office(422, "registry.office-division-unknown", division=RETIRED),
    "new office of a village of no town": office(400, "division.code-invalid", division="441624000001", actor=PROVINCIAL),
    "second office of a village": office(409, "registry.office-already-exists", division=NEIGHBOUR, name="金星村人力资源社会保障服务站"),
    "new office with another ending": office(422, "registry.office-name-refused", name="石陂村人才市场"),
    "new office named after another village": office(422, "registry.office-name-needs-approval", name="金星村人力资源社会保障服务站"),
    "new station without an office above": office(422, "registry.guiding-office-missing", actor=PROVINCIAL, division=INFORMAL_VILLAGE, name="松山湖虚拟社区人力资源社会保障服务站"),
    "new office that is closed": office(422, INVALID, status="closed"),
    "new office with a telephone of letters": office(422, INVALID, phone="call me maybe"),
    "new office with an unknown member": office(422, INVALID, head_id_number=PERSON.id_number),
    "new office without a name": office(422, INVALID, name=...),
    "new office with a name of blanks": office(422, "registry.office-name-refused", name="      "),
    "approval as a text": office(422, INVALID, name_approval="true"),
    "approval for a reason of blanks": office(422, INVALID, name="金星村人力资源社会保障服务站", name_approval={"reason": "    ", "document": "和人社〔2026〕1号"}),
    "telephone of blanks": patch(422, INVALID, "office", phone="       "),
    "change without If-Match": patch(428, "request.if-match-required", "office", version=None, phone="0762-5630000"),
    "change of an older version": patch(412, "request.if-match-stale", "office", version='"7"', phone="0762-5630000"),
    "change of an unknown office": patch(404, "registry.office-not-found", "0190f3d2-7c1a-7b3e-9f00-0242ac120002", phone="0762-5630000"),
    "change of nothing": patch(422, INVALID, "office"),
    "status without a reason": patch(422, INVALID, "office", status="suspended"),
    "status with a reason of blanks": patch(422, INVALID, "office", status="suspended", reason="     "),
    "closing of an operating office": patch(409, "registry.office-status-change-refused", "office", status="closed", reason="合并"),
    "closing of an office that guides others": patch(409, "registry.guided-offices-remain", "town_office", status="closed", reason="合并"),
    "change of a closed office": patch(409, "registry.office-closed", "gone", phone="0762-5630000"),
    "status change by a head": patch(403, "auth.role-required", "office", actor=HEAD, status="suspended", reason="装修"),
    "change by another county": patch(403, "auth.out-of-scope", "office", actor=make_actor("440305000000", Role.BUREAU_SUPERVISOR), phone="0762-5630000"),
}  # fmt: skip

GROUPS = {
    "applicant": APPLICANTS,
    "place": PLACES,
    "body": BODIES,
    "key": KEYS,
    "version": VERSIONS,
    "life": LIVES,
    "question": QUESTIONS,
    "address": ADDRESSES,
    "identity": IDENTITIES,
    "sync": SYNC,
    "reporting": REPORTING,
    "registry": REGISTRY,
}
TABLE = {f"{group}: {name}": wrong for group, wrongs in GROUPS.items() for name, wrong in wrongs.items()}


async def send(platform: Any, wrong: Wrong) -> httpx.Response:
    """Sends the request as the table tells it."""
    options: dict[str, Any] = {"headers": {**wrong.headers, **wrong.authorize(wrong.actor)}}
    if wrong.query is not None:
        options["params"] = wrong.query
    if wrong.content is not None:
        options["content"] = wrong.content()
    elif wrong.body is not None:
        options["json"] = wrong.body
    path = re.sub(r"\{(\w+)\}", lambda found: platform.known[found[1]], wrong.path)
    return await platform.send(wrong.method, path, **options)


DECLARED = frozenset(
    {
        "division",
        "item_code",
        "applicant",
        "kind",
        "name",
        "id_number",
        "uscc",
        "phone",
        "natural_person",
        "organisation",
    }
    | {"reason", "result", "status", "suspended", "closed", "name_approval", "number", "sort", "limit", "cursor"}
)
"""Words of the API itself: an answer may use them although the request did."""


def submitted(value: Any) -> Iterator[str]:
    """Every text in a body, names of members included."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield name
            yield from submitted(part)
    elif isinstance(value, list):
        for part in value:
            yield from submitted(part)
    elif isinstance(value, str):
        yield value


def check_problem(answer: httpx.Response, wrong: Wrong) -> None:
    """The one form of every error."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (wrong.status, wrong.code), problem
    assert problem["type"] == f"urn:jiceng:problem:{wrong.code}"
    assert problem["status"] == wrong.status
    assert all(re.search("[\u4e00-\u9fff]", problem[member]) for member in ("title", "detail"))
    assert problem["trace_id"] == answer.headers["x-trace-id"]
    assert bool(problem.get("errors")) == (wrong.code == INVALID)
    assert {name: problem.get(name) for name in wrong.facts} == wrong.facts


def check_silence(answer: httpx.Response, wrong: Wrong) -> None:
    """Nothing of what was submitted comes back, in the body or in a header."""
    told = f"{answer.text}{answer.headers}"
    personal = {PERSON.name, PERSON.id_number, PERSON.phone, COMPANY.name, COMPANY.uscc}
    values = {value.strip() for value in submitted(wrong.body)} - DECLARED
    sent = answer.request.headers.get("authorization", "").partition(" ")[2]
    for value in personal | {value for value in {*values, sent} if len(value) >= 4}:
        assert value not in told


@pytest.mark.parametrize("name", TABLE)
async def test_is_refused_with_its_code_and_changes_nothing(platform: Any, name: str) -> None:
    wrong = TABLE[name]
    before = await platform.fingerprint()
    answer = await send(platform, wrong)
    check_problem(answer, wrong)
    check_silence(answer, wrong)
    assert await platform.fingerprint() == before


async def test_the_table_is_long_and_the_requests_differ() -> None:
    assert len(TABLE) >= 60
    assert {wrong.path.split("/")[1] for wrong in TABLE.values()} == {"registry", "casework", "sync", "reporting"}
    assert len({wrong.code for wrong in TABLE.values()}) >= 40


async def test_what_nothing_is_wrong_with_is_taken_and_seen(platform: Any) -> None:
    """Otherwise the table would prove nothing: the same request without the fault changes the database."""
    before = await platform.fingerprint()
    answer = await platform.send("POST", CASES, json=case_body(), headers={**bearer(AGENT), KEY: str(uuid7())})
    assert answer.status_code == 201, answer.text
    after = await platform.fingerprint()
    changed = {table for table, facts in after["casework"].items() if facts != before["casework"][table]}
    assert changed == {"cases", "outbox", "audit_entries", "idempotency_keys"}
    assert {service for service in before if before[service] != after[service]} == {"casework"}
