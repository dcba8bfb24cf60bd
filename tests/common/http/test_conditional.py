"""Nobody overwrites what they have not seen."""

import asyncio
import uuid

import pytest

from common.http import IfMatchInvalid, IfMatchRequired, etag_of, require_if_match

PATH = "/sample/v1/things"


@pytest.fixture
async def thing(client) -> str:
    created = await client.post(PATH, json={"name": "站点"}, headers={"Idempotency-Key": "k"})
    return created.headers["location"]


async def test_reads_tell_the_version_and_writes_must_name_it(client, thing) -> None:
    tag = (await client.get(thing)).headers["etag"]
    assert tag == '"1"' == etag_of(1)
    renamed = await client.put(thing, json={"name": "新名"}, headers={"If-Match": tag})
    assert (renamed.status_code, renamed.headers["etag"], renamed.json()["version"]) == (200, '"2"', 2)
    stale = await client.put(thing, json={"name": "又改"}, headers={"If-Match": tag})
    assert (stale.status_code, stale.json()["code"], stale.json()["current_version"]) == (
        412,
        "request.if-match-stale",
        2,
    )
    assert (await client.get(thing)).json()["name"] == "新名"


async def test_of_two_who_saw_the_same_version_one_wins(client, thing) -> None:
    answers = await asyncio.gather(
        *(client.put(thing, json={"name": f"n{number}"}, headers={"If-Match": '"1"'}) for number in range(3))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]


async def test_without_the_header_it_is_required(client, thing) -> None:
    response = await client.put(thing, json={"name": "x"})
    assert (response.status_code, response.json()["code"]) == (428, "request.if-match-required")


@pytest.mark.parametrize(
    "header", ["*", "1", '"0"', '"01"', '"-1"', '"a"', '"1", "2"', '"1', '"99999999999"', "W/1", '"１"']
)
def test_what_is_no_tag_of_ours_is_invalid(header: str) -> None:
    with pytest.raises(IfMatchInvalid):
        require_if_match(header)


@pytest.mark.parametrize(("header", "version"), [('"1"', 1), ('W/"7"', 7), (' "2147483647" ', 2147483647)])
def test_tags_of_ours_are_versions(header: str, version: int) -> None:
    assert require_if_match(header) == version


@pytest.mark.parametrize("header", [None, "", "  "])
def test_an_absent_header_is_required(header: str | None) -> None:
    with pytest.raises(IfMatchRequired):
        require_if_match(header)


async def test_what_does_not_exist_is_not_found(client) -> None:
    response = await client.put(f"{PATH}/{uuid.uuid4()}", json={"name": "x"}, headers={"If-Match": '"1"'})
    assert (response.status_code, response.json()["code"]) == (404, "request.not-found")
