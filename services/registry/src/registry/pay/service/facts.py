"""What is known of persons: kept as it arrives, and put together for the guard."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.contracts.registry.money import PayRecoveryState, PayRunState
from common.contracts.registry.people import PublicEmployeeState, StaffMemberState
from common.db import Connection
from registry.history.service import list_versions
from registry.pay.domain import PersonFacts
from registry.pay.repository import (
    Facts,
    insert_checks,
    insert_posts,
    insert_returns,
    offices_with_tasks,
    pays_of,
    post_of,
    put_pays,
    put_roster,
    roster_of,
)
from registry.staff.service import list_posts_of


async def keep_facts(
    conn: Connection,
    *,
    posts: Sequence[StaffMemberState],
    roster: Sequence[PublicEmployeeState],
    runs: Sequence[PayRunState],
    recoveries: Sequence[PayRecoveryState],
    offices: Sequence[UUID],
) -> None:
    """Keeps facts of any site and has the settled pay of these persons looked through.

    Source: O1.4g.

    Args:
        offices: of which something changed; their unpaid tasks may belong elsewhere.

    Idempotency: versions that are here already change nothing.
    """
    pays = [pay for run in runs for pay in pays_of(run)]
    await insert_posts(conn, [post_of(state) for state in posts])
    await put_roster(conn, [roster_of(state) for state in roster])
    await put_pays(conn, pays)
    await insert_returns(conn, recoveries)
    persons = {one.pseudonym for one in posts} | {one.pseudonym for one in roster} | {one.pseudonym for one in pays}
    await insert_checks(conn, pseudonyms=persons, offices=await offices_with_tasks(conn, offices))


async def facts_of(session: AsyncSession, pseudonyms: Collection[str]) -> dict[str, PersonFacts]:
    """What this site knows of persons: what events have told, and its own posts, whose events may be on their way.

    Source: O1.4g.
    """
    told = await Facts(session).of(pseudonyms)
    for pseudonym in pseudonyms:
        own = [
            post_of(version)
            for post in await list_posts_of(session, pseudonym=pseudonym)
            for version in await list_versions(session, StaffMemberState, post.id)
        ]
        known = told[pseudonym]
        told[pseudonym] = replace(known, posts=known.posts | set(own))
    return told
