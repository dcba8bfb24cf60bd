"""Pages follow one another without gaps and repeats, and a cursor fits only the list that made it."""

import base64
import json
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.http import CursorInvalid, PageRequest, decode_cursor, encode_cursor

PATH = "/sample/v1/things"


async def fill(db, count: int) -> None:
    async with db.autocommit() as conn:
        await conn.execute(
            "INSERT INTO things (id, name, made_at) SELECT gen_random_uuid(), 'n' || lpad(g::text, 3, '0'), "
            "timestamptz '2026-01-01' + (g / 3) * interval '1 hour' FROM generate_series(1, $1) g",
            count,
        )


async def test_pages_cover_everything_once_also_while_rows_are_added(client, db) -> None:
    await fill(db, 25)
    seen, cursor = [], ""
    while cursor is not None:
        page = (await client.get(f"{PATH}?limit=7" + (f"&cursor={cursor}" if cursor else ""))).json()
        seen += [item["name"] for item in page["items"]]
        cursor = page["next_cursor"]
        async with db.autocommit() as conn:
            await conn.execute(
                "INSERT INTO things (id, name, made_at) VALUES (gen_random_uuid(), 'early', timestamptz '2025-01-01')"
            )
    assert len(seen) == len(set(seen)) == 25


async def test_the_last_page_says_so_also_when_it_is_full(client, db) -> None:
    await fill(db, 4)
    assert (await client.get(f"{PATH}?limit=4")).json()["next_cursor"] is None
    assert (await client.get(f"{PATH}?limit=3")).json()["next_cursor"] is not None
    assert (await client.get(f"{PATH}?prefix=none")).json() == {"items": [], "next_cursor": None}


async def test_times_in_answers_are_beijings(client, db) -> None:
    await fill(db, 1)
    assert (await client.get(PATH)).json()["items"][0]["made_at"] == "2026-01-01T08:00:00+08:00"


async def test_a_cursor_of_another_filter_is_refused(client, db) -> None:
    await fill(db, 5)
    cursor = (await client.get(f"{PATH}?limit=2&prefix=n")).json()["next_cursor"]
    assert (await client.get(f"{PATH}?limit=2&prefix=n&cursor={cursor}")).status_code == 200
    response = await client.get(f"{PATH}?limit=2&cursor={cursor}")
    assert (response.status_code, response.json()["code"]) == (400, "request.cursor-invalid")


KEY = (datetime(2026, 1, 1, tzinfo=UTC), UUID(int=7), 3, "440303003001", date(2026, 1, 2))
TYPES = (datetime, UUID, int, str, date)


def test_a_key_comes_back_with_its_types() -> None:
    assert decode_cursor(encode_cursor(KEY, of="x"), TYPES, of="x") == KEY


@given(st.text())
def test_no_made_up_cursor_is_accepted(cursor: str) -> None:
    with pytest.raises(CursorInvalid):
        PageRequest(cursor=cursor).after(*TYPES, of="x")


@given(st.integers(0, 200), st.integers(1, 255))
def test_an_altered_cursor_is_refused(place: int, change: int) -> None:
    raw = bytearray(base64.urlsafe_b64decode(encode_cursor(KEY, of="x") + "=="))
    raw[place % len(raw)] ^= change
    with pytest.raises(CursorInvalid):
        decode_cursor(base64.urlsafe_b64encode(raw).decode().rstrip("="), TYPES, of="x")


@pytest.mark.parametrize(
    ("key", "types"),
    [
        ((1,), (str,)),
        (("1",), (int,)),
        ((1, 2), (int,)),
        ((1,), (int, int)),
        (("x",), (UUID,)),
        (("x",), (date,)),
        (("2026-01-01",), (datetime,)),
    ],
)
def test_a_key_of_other_types_is_refused(key, types) -> None:
    with pytest.raises(CursorInvalid):
        decode_cursor(encode_cursor(key, of="x"), types, of="x")


@pytest.mark.parametrize("body", [True, None, {"a": 1}, [True], [1.5], [None]])
def test_a_key_of_odd_json_is_refused(body) -> None:
    from common.http.paging import _check

    raw = json.dumps(body).encode()
    with pytest.raises(CursorInvalid):
        decode_cursor(base64.urlsafe_b64encode(_check("x", raw) + raw).decode().rstrip("="), (int,), of="x")


@given(
    st.lists(
        st.tuples(st.integers(-(2**62), 2**62), st.text().filter(lambda text: text.isprintable())),
        min_size=1,
        max_size=1,
    )
)
def test_cursors_stand_safely_in_an_address(key) -> None:
    cursor = encode_cursor(key[0], of="列表")
    assert all(character.isascii() and (character.isalnum() or character in "-_") for character in cursor)
    assert decode_cursor(cursor, (int, str), of="列表") == key[0]
