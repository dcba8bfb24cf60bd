"""A province and a city, each with a site and a database of its own; the bus mirrors what goes down to the city."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from common.clock import today
from common.consumer import PoisonMessage
from common.contracts.sync import DISPATCH_ENDED, DISPATCH_LEVELS, EndedDispatch
from common.db import Database
from common.divisions import Level
from sync.dispatches.service import Move, Site, follow_moves, note_moves

SHENZHEN, DONGGUAN = "440300000000", "441900000000"
PLACES = ("440000000000", SHENZHEN, "440305000000", "440305001000", DONGGUAN, "441900003000")
NEW_TOWN = "440305009000"


class Sites(NamedTuple):
    province: Any
    city: Any


@pytest.fixture
async def sites(
    db: Database, site_of: Callable[..., Any], service_database: Callable[..., str]
) -> AsyncIterator[Sites]:
    province = site_of([Level.PROVINCE])
    other = Database(service_database("sync"), pool_size=2, application_name="sync")
    city = type(province)(other, Site(DISPATCH_LEVELS, SHENZHEN))
    for one in (province, city):
        await one.open(*PLACES)
    yield Sites(province, city)
    await other.dispose()


async def appears(ladder: Any, code: str) -> None:
    await ladder.open(code)
    async with ladder.db.transaction() as conn:
        await note_moves(conn, [Move(code, today())])
    async with ladder.db.transaction() as conn:
        await follow_moves(conn, ladder.part, limit=10)


async def test_an_end_that_goes_nowhere_reaches_the_other_site(sites: Sites, document: Any) -> None:
    """An order is closed in the province's office: an office that opens in the city later gets nothing of it."""
    told, kept = document(), document()
    await sites.province.send(told, kept)
    await sites.city.deliver(Level.CITY, *await sites.province.sent(Level.CITY))
    end = document(version=2, of=told.subject, is_sent=False, status="withdrawn")
    await sites.province.send(end)
    await sites.province.send(end)
    ends = [event for event in await sites.province.sent(Level.CITY) if event.type == DISPATCH_ENDED]
    assert sorted(event.division for event in ends) == [SHENZHEN, DONGGUAN], "each city once"
    assert {EndedDispatch.model_validate_json(event.data).version for event in ends} == {2}
    await sites.city.deliver(Level.CITY, *ends, *ends)
    await sites.city.descend(Level.COUNTY)
    await appears(sites.city, NEW_TOWN)
    assert NEW_TOWN not in await sites.city.nodes(told, "true")
    assert NEW_TOWN in await sites.city.nodes(kept, "sent_at IS NOT NULL")
    assert all(event.type != DISPATCH_ENDED for event in await sites.city.sent(Level.COUNTY)), "it is all one site"


async def test_what_is_sent_again_after_its_end_is_in_force_again(sites: Sites, document: Any) -> None:
    told = document()
    await sites.province.send(told)
    await sites.province.send(document(version=2, of=told.subject, is_sent=False, status="withdrawn"))
    again = document(version=3, of=told.subject)
    await sites.province.send(again)
    await sites.city.deliver(Level.CITY, *await sites.province.sent(Level.CITY))
    await sites.city.descend(Level.COUNTY)
    await appears(sites.city, NEW_TOWN)
    assert NEW_TOWN in await sites.city.nodes(again, "true")
    assert NEW_TOWN not in await sites.city.nodes(told, "true")


async def test_an_end_off_the_path_is_a_dead_letter_and_ends_nothing(sites: Sites, document: Any) -> None:
    told = document()
    await sites.province.send(told)
    await sites.city.deliver(Level.CITY, *await sites.province.sent(Level.CITY))
    await sites.province.send(document(version=2, of=told.subject, is_sent=False, status="withdrawn"))
    end = next(
        event
        for event in await sites.province.sent(Level.CITY)
        if event.type == DISPATCH_ENDED and event.division == SHENZHEN
    )
    with pytest.raises(PoisonMessage, match="node-off-path"):
        await sites.city.deliver(Level.CITY, replace(end, division=DONGGUAN))
    with pytest.raises(PoisonMessage, match="node-off-path"):
        await sites.city.deliver(Level.COUNTY, end)
    await appears(sites.city, NEW_TOWN)
    assert NEW_TOWN in await sites.city.nodes(told, "true")
