"""Finding offices as clerks do: pinyin, initials, codes, USCC, facets. Source: O4.2b."""

import asyncio
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.offices.domain import Word, WordKind, local_reading, search_terms, words_of
from registry.offices.service import count_readiness, fill_search_terms, store_facets
from registry.offices.service.finding import terms_of
from registry.worker import jobs

USCC = "12441500196720244T"


async def found(desk, **query):
    answer = await desk.get("/offices", limit=200, **query)
    assert answer.status_code == 200, answer.text
    return [one["division"] for one in answer.json()["items"]]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("和平", [("name", "和平")]),
        ("和", [("character", "和")]),
        ("HePing", [("reading", "heping")]),
        ("xi'an", [("reading", "xian")]),
        ("lü", [("reading", "lv")]),
        ("４４１６", [("code", "4416")]),
        ("1244150019672", [("uscc", "1244150019672")]),
        ("12441500196720244t", [("uscc", "12441500196720244T")]),
        ("和平 fws 4416", [("name", "和平"), ("reading", "fws"), ("code", "4416")]),
        ("  ", []),
        ("%", [("character", "%")]),
        ("' OR", [("character", "'"), ("reading", "or")]),
        ("a:*|b", [("name", "a:*|b")]),
    ],
)
def test_typed_words_are_taken_for_what_they_look_like(typed, words):
    """Source: O4.2b."""
    assert words_of(typed) == tuple(Word(WordKind(kind), text) for kind, text in words)


@given(st.text(max_size=50))
def test_whatever_is_typed_has_a_meaning_and_readings_are_plain_letters(typed):
    for word in words_of(typed):
        assert word.text
        if word.kind is WordKind.READING:
            assert word.text.isascii()
            assert word.text.isalpha()


@pytest.mark.parametrize(
    ("name", "reads"),
    [
        ("番禺区人力资源和社会保障局", ["panyu", "py"]),
        ("东莞市人力资源和社会保障局", ["dongguan", "guanshi"]),
        ("六榕街道人力资源和社会保障服务所", ["liurong", "lrjd"]),
        ("大埔镇人力资源和社会保障服务所", ["dabu", "buzhen"]),
        ("黄埔街道人力资源和社会保障服务所", ["huangpu"]),
        ("新圩镇人力资源和社会保障服务所", ["xinxu", "xinwei"]),
        ("大涌镇人力资源和社会保障服务所", ["dachong", "dayong"]),
        ("长洲村人力资源社会保障服务站", ["changzhou", "czc"]),
        ("区屋村人力资源社会保障服务站", ["ouwu", "owc", "qwc"]),
        ("绿水村人力资源社会保障服务站", ["lvshui"]),
    ],
)
def test_names_are_read_as_guangdong_reads_them_and_as_the_dictionary_does(name, reads):
    terms = terms_of(name)
    for read in reads:
        assert any(term.startswith(read) for term in terms), (read, terms)


def test_a_name_is_found_from_any_character_of_its_place_and_from_its_kind_but_not_from_within_a_syllable():
    terms = terms_of("和平镇人力资源和社会保障服务所")
    for typed in ("heping", "hepingzhen", "pingz", "hpz", "hpzrlzy", "rlzy", "shehui", "fuwusuo", "fws"):
        assert any(term.startswith(typed) for term in terms), typed
    for typed in ("eping", "ngzhen", "wusuo", "zs"):
        assert not any(term.startswith(typed) for term in terms), typed


def test_a_local_reading_replaces_every_occurrence_and_nothing_else():
    assert local_reading("圩头圩", ["wei", "tou", "wei"]) == ["xu", "tou", "xu"]
    assert search_terms("甲", [["jia"]]) == ["j", "jia"]


async def test_pinyin_and_initials_find_what_the_characters_find(small_desk):
    town = await found(small_desk, q="大坝")
    assert town
    for typed in ("daba", "DaBa", "dbz", "dab"):
        assert set(town) <= set(await found(small_desk, q=typed)), typed
    assert await found(small_desk, q="大坝 fws") == await found(small_desk, q="大坝 服务所")
    assert await found(small_desk, q="zzzz") == []


async def test_one_character_finds_exactly_the_names_that_hold_it(small_desk):
    rows = await small_desk.rows("SELECT division, name FROM offices ORDER BY division")
    for character in "坝社%_":
        assert (
            await found(small_desk, q=character) == [row["division"] for row in rows if character in row["name"]][:200]
        )


async def test_digits_find_a_division_and_what_lies_below_it_and_a_uscc(small_desk, world):
    below = await found(small_desk, q="441624101")
    assert below[0] == world.HEPING_TOWN
    assert all(code.startswith("441624101") for code in below)
    assert await found(small_desk, q="441624101201") == [world.HEPING_VILLAGE]
    await small_desk.rows("UPDATE offices SET uscc = $1 WHERE division = $2", USCC, world.HEPING_TOWN)
    for typed in (USCC, USCC.lower(), "12441500", "1244150019672024"):
        assert await found(small_desk, q=typed) == [world.HEPING_TOWN], typed
    assert await found(small_desk, q="12441501") == []


async def test_pages_of_a_search_follow_one_another_in_the_order_of_the_tree(small_desk):
    whole = await found(small_desk, q="fws")
    seen, cursor = [], None
    while True:
        query = {"q": "fws", "limit": 2} | ({"cursor": cursor} if cursor else {})
        body = (await small_desk.get("/offices", **query)).json()
        seen += [one["division"] for one in body["items"]]
        cursor = body["next_cursor"]
        if cursor is None:
            break
    assert seen == whole == sorted(whole)
    assert len(whole) > 2
    first = (await small_desk.get("/offices", q="fws", limit=2)).json()["next_cursor"]
    other = await small_desk.get("/offices", q="fwz", limit=2, cursor=first)
    assert (other.status_code, other.json()["code"]) == (400, "request.cursor-invalid")


async def test_facets_narrow_and_what_was_never_judged_is_unknown(small_desk, world):
    """Source: O2.3."""
    everything = await found(small_desk, kind="service_office")
    office = await small_desk.office_of(world.HEPING_TOWN)
    async with small_desk.units()() as uow:
        await store_facets(uow, UUID(office["id"]), readiness="not_ready", missing_equipment=["fax", "printer", "fax"])
    assert await found(small_desk, readiness="not_ready") == [world.HEPING_TOWN]
    untold = [code for code in everything if code != world.HEPING_TOWN]
    assert await found(small_desk, missing_equipment="fax") == everything
    assert await found(small_desk, missing_equipment="computer") == untold
    assert await found(small_desk, readiness="not_ready", missing_equipment="printer") == [world.HEPING_TOWN]
    unknown = await found(small_desk, readiness="unknown", kind="service_office")
    assert unknown == untold
    async with small_desk.units()() as uow:
        await store_facets(uow, UUID(office["id"]), readiness="ready", missing_equipment=[])
        standings = await count_readiness(uow.session, within=world.HEPING)
    assert await found(small_desk, missing_equipment="fax") == untold
    assert await found(small_desk, readiness="ready") == [world.HEPING_TOWN]
    told = {(one.division, one.status): one.offices for one in standings}
    assert told[world.HEPING_TOWN, "ready"] == 1
    below = await found(small_desk, division=world.HEPING)
    assert sum(told.values()) == len(below) - 1, "the bureau has no standard"


@pytest.mark.parametrize(
    "query", [{"readiness": "good"}, {"missing_equipment": "chair"}, {"form": "tent"}, {"management_mode": "none"}]
)
async def test_a_filter_that_no_office_can_have_is_refused(small_desk, query):
    answer = await small_desk.get("/offices", **query)
    assert (answer.status_code, answer.json()["code"]) == (422, "request.validation-failed")


async def test_offices_of_an_older_database_are_read_by_the_worker(small_desk):
    before = await found(small_desk, q="daba")
    await small_desk.rows("UPDATE offices SET search_terms = NULL")
    assert await found(small_desk, q="大坝") == before
    assert await found(small_desk, q="daba") == []
    stop = asyncio.Event()
    tasks = [asyncio.create_task(job(stop)) for job in jobs(small_desk.context)]
    async with asyncio.timeout(20):
        while await small_desk.value("SELECT count(*) FROM offices WHERE search_terms IS NULL"):
            await asyncio.sleep(0.05)
    stop.set()
    await asyncio.wait_for(asyncio.gather(*tasks), 5)
    assert await found(small_desk, q="daba") == before


async def test_a_name_that_changes_past_the_reading_loses_its_old_terms(small_desk, world):
    await small_desk.rows(
        "UPDATE offices SET name = '新圩镇人力资源和社会保障服务所' WHERE division = $1", world.HEPING_TOWN
    )
    assert world.HEPING_TOWN not in await found(small_desk, q="dbz")
    async with small_desk.units()() as uow:
        assert await fill_search_terms(uow, limit=10) == 1
    assert await found(small_desk, q="xinxu") == [world.HEPING_TOWN]
    async with small_desk.units()() as uow:
        assert await fill_search_terms(uow, limit=10) == 0


async def test_a_renamed_office_is_found_by_its_new_reading_at_once(small_desk, world):
    office = await small_desk.office_of(world.HEPING_VILLAGE)
    approval = {"reason": "沿用旧名", "document": "和编〔2020〕1号"}
    answer = await small_desk.change(
        world.supervisor, office["id"], name="番禺村人力资源社会保障服务站", name_approval=approval
    )
    assert answer.status_code == 200, answer.text
    assert await found(small_desk, q="panyu") == [world.HEPING_VILLAGE]
