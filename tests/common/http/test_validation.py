"""A wrong body gets its stable code and place, and nothing of what it said comes back."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PATH = "/sample/v1/things"
KEY = {"Idempotency-Key": "k-1"}
GOOD: dict[str, Any] = {"name": "站点"}
NUMBER = "440301199001011234"


async def post(client, body: Any = None, *, content: bytes | None = None, **headers: str):
    content = json.dumps(body).encode() if content is None else content
    return await client.post(PATH, content=content, headers={"Content-Type": "application/json", **KEY, **headers})


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"name": None}, "/name", "string-type"),
    ({"name": 1}, "/name", "string-type"),
    ({"name": True}, "/name", "string-type"),
    ({"name": ["x"]}, "/name", "string-type"),
    ({"name": ""}, "/name", "string-too-short"),
    ({"name": "x" * 51}, "/name", "string-too-long"),
    ({"name": "a\x00b"}, "/name", "string-pattern-mismatch"),
    ({"division": "4403"}, "/division", "string-pattern-mismatch"),
    ({"division": 440303003001}, "/division", "string-type"),
    ({"id_number": "x"}, "/id_number", "id-number-check-digit"),
    ({"id_number": "0" * 18}, "/id_number", "invalid"),
    ({"id_number": "x" * 19}, "/id_number", "string-too-long"),
    ({"colour": "green"}, "/colour", "enum"),
    ({"colour": 1}, "/colour", "enum"),
    ({"colour": True}, "/colour", "enum"),
    ({"kind": "medium"}, "/kind", "literal-error"),
    ({"made_on": 0}, "/made_on", "date-type"),
    ({"made_on": False}, "/made_on", "date-type"),
    ({"made_on": "1700000000"}, "/made_on", "date-type"),
    ({"made_on": "2026-02-30"}, "/made_on", "date-from-datetime-parsing"),
    ({"made_on": "2026-01-01T00:00:00"}, "/made_on", "date-type"),
    ({"made_at": 1.5}, "/made_at", "datetime-type"),
    ({"made_at": "2026-01-01"}, "/made_at", "datetime-type"),
    ({"owner_id": 7}, "/owner_id", "uuid-type"),
    ({"owner_id": "seven"}, "/owner_id", "uuid-parsing"),
    ({"weight": "1"}, "/weight", "float-type"),
    ({"weight": True}, "/weight", "float-type"),
    ({"weight": -1}, "/weight", "greater-than-equal"),
    ({"weight": float("nan")}, "/weight", "finite-number"),
    ({"weight": float("inf")}, "/weight", "finite-number"),
    ({"is_new": 0}, "/is_new", "bool-type"),
    ({"is_new": "true"}, "/is_new", "bool-type"),
    ({"parts": {}}, "/parts", "list-type"),
    ({"parts": [1]}, "/parts/0", "model-attributes-type"),
    ({"parts": [{}] * 6}, "/parts", "too-long"),
    ({"parts": [{"label": "a"}, {"label": "b", "count": False}]}, "/parts/1/count", "int-type"),
    ({"parts": [{"label": "a", "count": "1"}]}, "/parts/0/count", "int-type"),
    ({"parts": [{"label": "a", "count": 1.0}]}, "/parts/0/count", "int-type"),
    ({"parts": [{"label": "a", "count": 2**31}]}, "/parts/0/count", "less-than-equal"),
    ({"parts": [{"label": "a", NUMBER: 1}]}, "/parts/0/*", "extra-forbidden"),
    ({NUMBER: 1}, "/*", "extra-forbidden"),
    ({"notes": {NUMBER: 1}}, "/notes/*", "string-type"),
    ({"notes": {"a\x00": "x"}}, "/notes/*/*", "string-pattern-mismatch"),
    ({"notes": []}, "/notes", "dict-type"),
    ({"extra": {"a": ["\x00"]}}, "/extra/*", "string-pattern-mismatch"),
    ({"extra": {"a": float("nan")}}, "/extra/*", "finite-number"),
    ({"extra": {"a": json.loads("[" * 70 + "]" * 70)}}, "/extra/*", "recursion-loop"),
    ({"either": NUMBER}, "/either/*", "int-type"),
]


@pytest.mark.parametrize(("change", "pointer", "code"), WRONG)
async def test_each_wrong_member_gets_its_place_and_code(client, count, change, pointer, code) -> None:
    response = await post(client, {**GOOD, **change})
    assert response.status_code == 422, response.text
    document = response.json()
    assert document["code"] == "request.validation-failed"
    first = document["errors"][0]
    assert (first["in"], first["pointer"], first["code"]) == ("body", pointer, code)
    assert set(first) == {"in", "pointer", "code", "message"}
    assert "{" not in first["message"]
    assert NUMBER not in response.text
    assert await count() == 0


async def test_lone_surrogates_are_refused(client) -> None:
    response = await post(client, content=rb'{"name": "\ud800"}')
    assert (response.status_code, response.json()["errors"][0]["code"]) == (422, "string-unicode")
    response = await post(client, content=rb'{"name": "a", "extra": {"b": "\udfff"}}')
    assert (response.status_code, response.json()["errors"][0]["code"]) == (422, "string-pattern-mismatch")


async def test_many_errors_are_counted_and_cut(client) -> None:
    document = (await post(client, {**GOOD, "notes": {f"n{number}": number for number in range(80)}})).json()
    assert len(document["errors"]) == 50
    assert document["detail"] == "共 80 处不符合要求"


@pytest.mark.parametrize("body", [None, 1, "x", [], [GOOD], True])
async def test_a_body_that_is_no_object_is_refused(client, body) -> None:
    response = await post(client, body)
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == ""


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b'{"name": "x"',
        b'{"name": "x",}',
        b"{'name': 'x'}",
        b'{"name": "\x00"}',
        b'{"name": "\xff\xfe"}',
        b"\xff",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"weight": ' + b"9" * 5000 + b"}",
        b"name=x",
    ],
)
async def test_what_is_no_json_is_malformed(client, content) -> None:
    response = await post(client, content=content)
    assert (response.status_code, response.json()["code"]) == (400, "request.malformed-json")
    assert response.json()["detail"] == response.json()["title"]


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "json"]
)
async def test_another_content_type_is_refused(client, kind) -> None:
    response = await post(client, GOOD, **{"Content-Type": kind})
    assert (response.status_code, response.json()["code"]) == (415, "request.unsupported-media-type")


async def test_json_with_charset_or_suffix_is_json(client) -> None:
    for number, kind in enumerate(("application/json; charset=utf-8", "application/merge-patch+json")):
        response = await post(client, GOOD, **{"Content-Type": kind, "Idempotency-Key": f"k{number}"})
        assert response.status_code == 201


async def test_a_missing_body_is_missing(client) -> None:
    response = await client.post(PATH, headers=KEY)
    assert (response.status_code, response.json()["errors"][0]["code"]) == (422, "missing")


@pytest.mark.parametrize(
    ("url", "place", "pointer", "code"),
    [
        ("/things?limit=0", "query", "/limit", "greater-than-equal"),
        ("/things?limit=201", "query", "/limit", "less-than-equal"),
        ("/things?limit=many", "query", "/limit", "int-parsing"),
        (f"/things/{NUMBER}", "path", "/thing_id", "uuid-parsing"),
        ("/things/not-a-uuid", "path", "/thing_id", "uuid-parsing"),
    ],
)
async def test_wrong_parameters_are_named_and_not_quoted(client, url, place, pointer, code) -> None:
    response = await client.get("/sample/v1" + url)
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert (error["in"], error["pointer"], error["code"]) == (place, pointer, code)
    assert NUMBER not in response.text


async def test_a_name_is_shown_when_any_operation_declares_it_and_no_document_is_made_for_that(client, app) -> None:
    app.described = None
    for name, shown in (("weight", "/weight"), ("version", "/version"), ("label", "/label"), ("mine", "/*")):
        response = await client.post(f"{PATH}/slow", json={"name": "x", name: 1}, headers=KEY)
        assert [error["pointer"] for error in response.json()["errors"]] == [shown]
    assert app.described is None


# Every text carries two marks, so that it cannot happen to be a word of the document itself.
marked = st.text().map(lambda text: f"私{text}密")
numbers = st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=10**6)
    | st.floats(min_value=10**6, allow_infinity=False)
    | marked
    | numbers,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(marked | numbers, inner, max_size=4),
    max_leaves=12,
)
members = st.sampled_from(
    ["name", "division", "id_number", "colour", "made_on", "parts", "notes", "extra", "either", "weight"]
)
bodies = json_values | st.dictionaries(members | marked | numbers, json_values, max_size=6)


def said(value: Any) -> list[str]:
    """Every text and number in a JSON value, and every name that the API does not declare."""
    if isinstance(value, dict):
        names = [name for name in value if name.startswith("私") or name[0].isdigit()]
        return [*names, *(text for part in value.values() for text in said(part))]
    if isinstance(value, list):
        return [text for part in value for text in said(part)]
    return [] if value is None or isinstance(value, bool) else [str(value)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(body=bodies)
async def test_no_submitted_value_appears_in_an_error_or_a_log_line(client, lines, body) -> None:
    response = await post(client, content=json.dumps(body).encode(), **{"Idempotency-Key": "only-once"})
    if response.status_code == 201:
        return
    assert 400 <= response.status_code < 500, response.text
    document = {**response.json(), "trace_id": ""}
    log = [{**line, "trace_id": "", "span_id": "", "time": "", "duration_ms": 0} for line in lines()]
    told = json.dumps([document, log], ensure_ascii=False)
    assert "私" not in told
    assert "密" not in told
    assert not [text for text in said(body) if text in told]
