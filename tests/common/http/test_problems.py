"""Every error is one RFC 9457 document with a stable code, and a failed request leaves nothing behind."""

import pytest

from common.http.edge import ResponseAborted

PATH = "/sample/v1/things"
STANDARD = {"type", "title", "status", "detail", "instance", "code", "trace_id"}


def check(response, status: int, code: str) -> dict:
    assert response.headers["content-type"] == "application/problem+json", response.text
    document = response.json()
    assert document.keys() >= STANDARD
    assert (response.status_code, document["status"], document["code"]) == (status, status, code), document
    assert document["type"] == f"urn:jiceng:problem:{code}"
    assert document["trace_id"] == response.headers["x-trace-id"]
    assert any("一" <= character <= "鿿" for character in document["title"])
    return document


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("conflict", 409, "thing.closed"),
        ("rejected", 422, "thing.too-small"),
        ("scope", 403, "auth.out-of-scope"),
        ("often", 429, "request.too-many"),
        ("bare", 500, "internal.error"),
        ("bug", 500, "internal.error"),
        ("argument", 500, "internal.error"),
        ("duplicate", 500, "internal.error"),
        ("deadlock", 503, "service.busy"),
        ("timeout", 503, "service.busy"),
        ("cut", 503, "service.database-unavailable"),
        ("closed", 503, "service.database-unavailable"),
    ],
)
async def test_each_kind_has_its_status_and_rolls_back(client, count, kind, status, code) -> None:
    document = check(await client.post(f"{PATH}/raise/{kind}"), status, code)
    assert "440301199001011234" not in str(document)
    assert await count() == 0


async def test_a_commit_that_fails_is_never_answered_as_success(client, count) -> None:
    """The commit comes before the first byte of the answer."""
    check(await client.post(f"{PATH}/raise/late"), 500, "internal.error")
    assert await count() == await count("late") == 0


async def test_facts_and_clause_are_told_and_never_replace_the_standard_members(client) -> None:
    document = check(await client.post(f"{PATH}/raise/conflict"), 409, "thing.closed")
    assert (document["detail"], document["closed_by"]) == ("已于昨日关闭", "station")
    document = check(await client.post(f"{PATH}/raise/rejected"), 422, "thing.too-small")
    assert (document["clause"], document["required"]) == ("O3.1", 300)


async def test_a_bug_tells_nothing_but_where_to_look(client, lines) -> None:
    response = await client.post(f"{PATH}/raise/bug")
    document = check(response, 500, "internal.error")
    assert document.keys() == STANDARD
    failure, request = lines()
    assert (failure["event"], failure["exception"]["type"]) == ("request_failed", "builtins.RuntimeError")
    assert failure["trace_id"] == request["trace_id"] == document["trace_id"]
    assert failure["exception"]["frames"][-1].endswith(" fail_thing")
    assert "张三丰" not in str(lines())
    assert "440301199001011234" not in str(lines())


async def test_what_may_pass_invites_another_try(client) -> None:
    assert (await client.post(f"{PATH}/raise/deadlock")).headers["retry-after"] == "2"


async def test_who_asks_too_often_hears_when_to_ask_again(client) -> None:
    assert (await client.post(f"{PATH}/raise/often")).headers["retry-after"] == "37"


@pytest.mark.parametrize(
    ("header", "code", "challenge"),
    [
        (None, "auth.token-missing", 'Bearer realm="jiceng"'),
        ("Basic Y2xlcms6eA==", "auth.token-missing", 'Bearer realm="jiceng"'),
        ("Bearer", "auth.token-missing", 'Bearer realm="jiceng"'),
        ("Bearer nonsense", "auth.token-invalid", 'Bearer realm="jiceng", error="invalid_token"'),
        ("bearer expired", "auth.token-expired", 'Bearer realm="jiceng", error="invalid_token"'),
    ],
)
async def test_without_a_good_token_nobody_gets_in(client, header, code, challenge) -> None:
    del client.headers["authorization"]
    response = await client.get("/sample/v1/me", headers={"Authorization": header} if header else {})
    check(response, 401, code)
    assert response.headers["www-authenticate"] == challenge


async def test_unknown_addresses_and_methods(client) -> None:
    check(await client.get("/sample/v1/nothing"), 404, "request.route-not-found")
    check(await client.get("/sample/v1/things/"), 404, "request.route-not-found")
    response = await client.delete(PATH)
    check(response, 405, "request.method-not-allowed")
    assert response.headers["allow"] == "GET, POST"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/sample/v1/x/440301199001011234", "/sample/v1/x/*"),
        ("/sample/v1/x/13800138000", "/sample/v1/x/*"),
        ("/sample/v1/x/%E5%BC%A0%E4%B8%89", "/sample/v1/x/*"),
        ("/sample/v1/x/a%20b", "/sample/v1/x/*"),
        ("/sample/v1/x/440303003001?name=%E5%BC%A0", "/sample/v1/x/440303003001"),
    ],
)
async def test_the_instance_never_repeats_personal_data(client, path, shown) -> None:
    assert check(await client.get(path), 404, "request.route-not-found")["instance"] == shown


@pytest.mark.parametrize(
    "path", ["/sample/v1/things?prefix=%00", "/sample/v1/things/%00", "/sample/v1/things?prefix=a%00b"]
)
async def test_a_nul_in_the_address_is_refused(client, path) -> None:
    check(await client.get(path), 400, "request.malformed-url")


async def test_an_answer_that_breaks_off_cuts_the_connection_and_logs_no_message(client, lines) -> None:
    with pytest.raises(ResponseAborted) as cut:
        await client.get(f"{PATH}/stream/broken")
    assert cut.value.__suppress_context__
    assert [line["event"] for line in lines()] == ["request_failed", "request"]
    assert "张三丰" not in str(lines())


async def test_security_headers_stand_on_every_answer(client) -> None:
    for response in (await client.get("/sample/v1/me"), await client.get("/sample/v1/nothing")):
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in response.headers["content-security-policy"]
        assert response.headers["traceparent"].split("-")[1] == response.headers["x-trace-id"]


async def test_a_callers_trace_goes_on(client) -> None:
    sent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    response = await client.get("/sample/v1/me", headers={"traceparent": sent})
    assert response.headers["x-trace-id"] == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert response.headers["traceparent"] != sent


async def test_me_tells_codes_and_labels(client) -> None:
    assert (await client.get("/sample/v1/me")).json() == {
        "subject": "clerk-7",
        "name": "李雷",
        "office_id": None,
        "level": {"code": "county", "label": "县"},
        "division": "440303000000",
        "roles": [{"code": "window_clerk", "label": "窗口经办人"}],
    }
