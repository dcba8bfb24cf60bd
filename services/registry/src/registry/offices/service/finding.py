"""What offices are found by: readings of their names, and what readiness says of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.uow import UnitOfWork
from registry.offices.domain import local_reading, search_terms
from registry.offices.repository import Offices, put_facets, put_facets_of, put_terms


def terms_of(name: str) -> list[str]:
    """The search terms of a name, by pypinyin's reading of phrases and by Guangdong's own of its places.

    pypinyin is loaded here and not before: its dictionaries take 0.2 s and 45 MB, and most processes read no name.
    """
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - see above

    common = lazy_pinyin(name, errors=list)  # type: ignore[arg-type] # one for each character that it cannot read
    if len(common) != len(name):
        return []
    return search_terms(name, (common, local_reading(name, common)))


async def fill_search_terms(uow: UnitOfWork, *, limit: int) -> int:
    """Reads the names of offices that have no search terms; returns how many there were.

    For databases older than search by reading, and for names that changed by a way that does not read them.

    Source: O4.2b.

    Idempotency: an office that has its terms is left alone.
    Locks: the offices; those that somebody else changes are left for the next time.
    """
    names = await Offices(uow.session).take_unread(limit)
    await put_terms(uow.conn, {office_id: terms_of(name) for office_id, name in names.items()})
    return len(names)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many offices of a division, the divisions below it included where these are not told, stand where."""

    division: str
    status: str
    offices: int


async def count_readiness(session: AsyncSession, *, within: str) -> list[Standing]:
    """How many offices that are not closed stand where, for the children of a division or for what lies below them.

    Source: S2.

    Returns:
        The division's own office under its own code; offices that were never judged as `unknown`.
    """
    counted = await Offices(session).count_readiness(within)
    return [Standing(division, status, offices) for (division, status), offices in counted.items()]


async def store_facets(uow: UnitOfWork, office_id: UUID, *, readiness: str, missing_equipment: Sequence[str]) -> None:
    """Notes what lists of offices are narrowed down by; whoever works out the readiness of an office calls this.

    Source: S2, O2.3.

    Args:
        readiness: a status of the readiness record.
        missing_equipment: codes of the kinds that the office lacks.
    """
    await put_facets(uow.conn, office_id, readiness, sorted(set(missing_equipment)))


async def store_facets_of(uow: UnitOfWork, facets: Sequence[tuple[UUID, str, Sequence[str]]]) -> None:
    """The same for many offices: (office, readiness, kinds of equipment that it lacks).

    Source: S2, O2.3.
    """
    await put_facets_of(uow.conn, [(office_id, status, sorted(set(missing))) for office_id, status, missing in facets])
