"""Scope and locks are in the SQL."""

import asyncio
from uuid import UUID

from common.auth import Role
from common.testing.tokens import make_actor
from registry.offices.repository import Offices


async def test_an_office_outside_the_subtree_is_not_even_found_for_a_change(desk, world):
    office_id = UUID((await desk.office_of(world.HEPING_VILLAGE))["id"])
    for division, is_found in [
        (world.HEPING_VILLAGE, True),
        (world.HEPING_TOWN, True),
        (world.HEPING, True),
        (world.PROVINCE, True),
        (world.NANSHAN, False),
        ("441624101202", False),
        ("441624102000", False),
    ]:
        actor = make_actor(division, Role.BUREAU_SUPERVISOR)
        async with desk.context.uow(actor) as uow:
            found = await Offices(uow.session).find_for_change(office_id, actor)
        assert (found is not None) is is_found, division


async def test_whoever_is_to_change_an_office_waits_for_who_does(desk, world):
    office_id = UUID((await desk.office_of(world.HEPING_VILLAGE))["id"])

    async def take():
        async with desk.context.uow(world.supervisor) as uow:
            return await Offices(uow.session).find_for_change(office_id, world.supervisor)

    async with desk.context.uow(world.supervisor) as uow:
        await Offices(uow.session).find_for_change(office_id, world.supervisor)
        second = asyncio.create_task(take())
        done, _ = await asyncio.wait([second], timeout=0.5)
        assert not done
    assert await asyncio.wait_for(second, 10) is not None


async def test_closed_offices_do_not_guide_and_others_do(desk, world):
    async with desk.context.uow() as uow:
        offices = Offices(uow.session)
        assert await offices.guides_any(world.HEPING_TOWN)
        assert await offices.guides_any(world.DONGGUAN), "over the county level that does not exist"
        assert not await offices.guides_any(world.HEPING_VILLAGE)
        assert not await offices.guides_any(world.INFORMAL)
