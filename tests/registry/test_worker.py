"""What the worker does beside sealing the audit."""

import asyncio

from common.audit import AuditSealer, verify_chain
from registry.worker import jobs


async def test_old_idempotency_keys_are_forgotten_and_young_ones_kept(desk):
    await desk.rows(
        "INSERT INTO idempotency_keys (actor_subject, key, route, request_digest, created_at) VALUES "
        "('a', 'old', 'POST /x', '', now() - interval '8 days'), ('a', 'young', 'POST /x', '', now())"
    )
    stop = asyncio.Event()
    tasks = [asyncio.create_task(job(stop)) for job in jobs(desk.context)]
    async with asyncio.timeout(20):
        while await desk.value("SELECT count(*) FROM idempotency_keys") != 1:
            await asyncio.sleep(0.05)
    stop.set()
    await asyncio.wait_for(asyncio.gather(*tasks), 5)
    assert await desk.value("SELECT key FROM idempotency_keys") == "young"


async def test_every_act_is_sealed_into_one_chain(desk, world):
    office = await desk.office_of(world.HEPING_VILLAGE)
    await desk.change(world.supervisor, office["id"], phone="12345")
    async with asyncio.timeout(30):  # the horizon waits for open transactions of other databases, too
        while await desk.value("SELECT count(*) FROM audit_seals") < 3:
            await AuditSealer(desk.context.db).seal_page()
            await asyncio.sleep(0.01)
    async with desk.context.db.autocommit() as conn:
        assert await verify_chain(conn) == 3, "two loads and one change"
