"""A creating request may be sent again, also at the same time, and is done once."""

import asyncio
import json
from types import SimpleNamespace

import asyncpg
import pytest

from common.crypto import FieldCipher, generate_keyring, rotated
from common.http import claim_sql, create_idempotency_table_sql, purge_idempotency_keys
from common.http.answers import json_answer
from common.http.errors import IdempotencyInProgress
from common.http.idempotency import IdempotentRequest
from common.http.parts import parts_of

from .conftest import calls

PATH = "/sample/v1/things"


async def create(client, name: str = "站点", key: str = "k-1", **headers: str):
    return await client.post(PATH, json={"name": name}, headers={"Idempotency-Key": key, **headers})


async def test_sent_again_it_gets_the_same_answer_and_does_nothing(client, count) -> None:
    first, second = await create(client), await create(client)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    for header in ("etag", "location", "content-type"):
        assert first.headers[header] == second.headers[header]
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert (calls["create_thing"], await count()) == (1, 1)


async def test_at_the_same_time_one_works_and_the_others_wait_for_its_answer(client, count) -> None:
    answers = await asyncio.gather(*(create(client) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sorted("idempotency-replayed" in answer.headers for answer in answers) == [False, True, True, True]
    assert (calls["create_thing"], await count()) == (1, 1)


async def test_another_body_or_address_under_the_same_key_is_refused(client, count) -> None:
    await create(client)
    refused = await create(client, name="other")
    assert (refused.status_code, refused.json()["code"]) == (409, "request.idempotency-key-reused")
    refused = await client.post(f"{PATH}?x=1", json={"name": "站点"}, headers={"Idempotency-Key": "k-1"})
    assert refused.status_code == 409
    assert await count() == 1


async def test_what_is_stored_of_a_body_is_hashed_under_the_services_keys(app, client, db) -> None:
    """ADR 0005: a bare hash of a body with a number of eighteen digits could be tried out; a keyed one cannot."""
    await create(client, key="before")
    ring = generate_keyring()
    parts_of(app).cipher = FieldCipher(ring)
    first, repeated, earlier = await create(client), await create(client), await create(client, key="before")
    assert (repeated.headers["idempotency-replayed"], earlier.headers["idempotency-replayed"]) == ("true", "true")
    assert repeated.json() == first.json()
    async with db.autocommit() as conn:
        stored = dict(await conn.fetch("SELECT key, request_digest FROM idempotency_keys"))
    assert stored["k-1"] != stored["before"], "the same body, without a key and with one"
    parts_of(app).cipher = FieldCipher(rotated(ring, "sm4-gcm-sm3"))
    assert (await create(client)).headers["idempotency-replayed"] == "true", "keys that were rotated are still known"
    refused = await create(client, name="other")
    assert (refused.status_code, refused.json()["code"]) == (409, "request.idempotency-key-reused")


async def test_keys_of_two_people_never_meet(client, count) -> None:
    mine, theirs = await create(client), await create(client, Authorization="Bearer other")
    assert "idempotency-replayed" not in theirs.headers
    assert mine.json()["id"] != theirs.json()["id"]
    assert (await create(client)).json() == mine.json()
    assert (await create(client, Authorization="Bearer other")).json() == theirs.json()
    assert await count() == 2


async def test_a_failed_attempt_keeps_nothing_and_may_be_repeated(client, count) -> None:
    for _ in range(2):
        assert (await create(client, name="fails-after-write")).status_code == 409
    assert calls["create_thing"] == 2
    assert (await count(), await count("idempotency_keys")) == (0, 0)


async def test_the_second_does_the_work_when_the_first_rolls_back(client, db) -> None:
    request = IdempotentRequest("clerk-7", "k-2", "POST /x", b"d")
    async with db.autocommit() as first, db.autocommit() as second:
        begun = first.transaction()
        await begun.start()
        assert await request.claim(first) is None
        waiting = asyncio.ensure_future(request.claim(second))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        await begun.rollback()
        assert await waiting is None


async def test_a_first_one_that_takes_too_long_is_told_as_in_progress(db) -> None:
    request = IdempotentRequest("clerk-7", "k-3", "POST /x", b"d")
    async with db.autocommit() as first, db.autocommit() as second:
        await second.execute("SET lock_timeout = 100")
        async with first.transaction():
            assert await request.claim(first) is None
            with pytest.raises(IdempotencyInProgress):
                await request.claim(second)


@pytest.mark.parametrize("key", ["", "  "])
async def test_a_missing_key_is_required(client, key) -> None:
    response = await create(client, key=key)
    assert (response.status_code, response.json()["code"]) == (428, "request.idempotency-key-required")


@pytest.mark.parametrize(
    "key", ["a b", "x" * 129, "schlüssel".encode("latin-1"), "440301199001011234", "tel:13800138000"]
)
async def test_an_odd_key_is_refused(client, count, key) -> None:
    response = await create(client, key=key)
    assert (response.status_code, response.json()["code"]) == (400, "request.idempotency-key-invalid")
    assert await count("idempotency_keys") == 0


async def test_a_hot_path_claims_writes_and_stores_in_one_statement(db, count) -> None:
    request = IdempotentRequest("clerk-7", "k-4", "POST /x", b"d")
    answer = json_answer(b'{"id": 1}', 201, {"ETag": '"1"'})
    sql = (
        f"WITH claimed AS ({claim_sql(2)}), b AS (INSERT INTO things (id, name) "
        "SELECT gen_random_uuid(), $1 FROM claimed RETURNING id) SELECT count(*) FROM b"
    )
    async with db.autocommit() as conn:
        assert await conn.fetchval(sql, "once", *request.row(answer)) == 1
        assert await request.replay(conn) is not None
        assert await conn.fetchval(sql, "twice", *request.row(answer)) == 0
        replayed = await request.replay(conn)
    assert (replayed.status_code, json.loads(replayed.body), replayed.headers["etag"]) == (201, {"id": 1}, '"1"')
    assert await count() == 1


async def test_hot_paths_at_the_same_time_write_once(db, count) -> None:
    request = IdempotentRequest("clerk-7", "k-5", "POST /x", b"d")
    sql = (
        f"WITH claimed AS ({claim_sql(2)}), b AS (INSERT INTO things (id, name) "
        "SELECT gen_random_uuid(), $1 FROM claimed RETURNING id) SELECT count(*) FROM b"
    )

    async def write() -> int:
        async with db.transaction() as conn:
            written = await conn.fetchval(sql, "once", *request.row(json_answer(b"{}", 201, {})))
            await asyncio.sleep(0.05)
            assert await request.replay(conn) is not None
            return written

    assert sorted(await asyncio.gather(*(write() for _ in range(4)))) == [0, 0, 0, 1]
    assert await count() == 1


async def test_old_keys_are_forgotten_a_few_at_a_time(db, count) -> None:
    async with db.autocommit() as conn:
        for number in range(5):
            await IdempotentRequest("s", f"k{number}", "POST /x", b"d").claim(conn)
        await conn.execute("UPDATE idempotency_keys SET created_at = now() - interval '8 days' WHERE key <> 'k4'")
        assert await purge_idempotency_keys(conn, limit=3) == 3
        assert await purge_idempotency_keys(conn) == 1
    assert await count("idempotency_keys") == 1


async def test_the_script_makes_the_table(database_url) -> None:
    conn = await asyncpg.connect(database_url)
    await conn.execute(create_idempotency_table_sql)
    assert await conn.fetchval("SELECT count(*) FROM idempotency_keys") == 0
    await conn.close()


async def test_a_uuid_is_a_key_whatever_its_digits_look_like() -> None:
    """Chance lets some random UUIDs hold eleven digits that could be a mobile number; other keys must not."""
    from starlette.requests import Request

    from common.auth import Role
    from common.http.errors import IdempotencyKeyInvalid
    from common.http.idempotency import idempotency_key
    from common.testing.tokens import make_actor

    app = SimpleNamespace(state=SimpleNamespace(parts=SimpleNamespace(cipher=None)))

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    def request() -> Request:
        scope = {"type": "http", "method": "POST", "path": "/x", "query_string": b"", "headers": [], "app": app}
        return Request(scope, receive)

    actor = make_actor("440304002016", Role.STATION_AGENT)
    key = "5f0c6d1e-7b7a-4c1d-9e2f-a13812345678"
    assert (await idempotency_key(request(), actor, key)).key == key
    with pytest.raises(IdempotencyKeyInvalid):
        await idempotency_key(request(), actor, "13812345678")
