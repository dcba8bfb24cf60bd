"""The first load: Guangdong's divisions and the offices that the naming rule gives them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from sqlalchemy.ext.asyncio import AsyncSession

from common.clock import today
from common.uow import UnitOfWork, UnitOfWorkFactory
from registry.data.reader import FILE_NAME, read_divisions
from registry.data.rows import DATA_AS_OF, DivisionRow
from registry.divisions.service import count_divisions, load_divisions
from registry.offices.naming import NamedOffice, NamingReport, name_offices
from registry.offices.service import count_offices, count_unsettled, load_offices, store_report
from registry.seeding.models import SeedLoad
from registry.seeding.repository import SeedLoads

DIVISIONS, OFFICES = "divisions", "offices"


@dataclass(frozen=True, slots=True)
class SeedResult:
    """What a seeding did and what stands afterwards.

    Attributes:
        added: new rows per part; empty when everything was there.
        present: divisions of today, open offices and unnamed divisions, per kind.
    """

    added: Mapping[str, int]
    present: Mapping[str, int]


async def seed(units: UnitOfWorkFactory, *, rows: Sequence[DivisionRow] | None = None) -> SeedResult:
    """Loads each part once, each in one transaction with its events; what was loaded before is left alone.

    Source: ADR 0006.

    Args:
        rows: which lines of the committed file, whole paths to the province; None takes all.

    Events: registry.division.changed.v1, registry.office.changed.v1 for every new row.
    Idempotency: per part, by the table seed_loads.
    Locks: one seeding at a time.
    """
    added: dict[str, int] = {}
    source = _Source(rows)
    async with units() as uow:
        if await SeedLoads(uow.session).claim(DIVISIONS):
            reason = source.reason
            count = await load_divisions(uow, rows=source.rows, valid_from=DATA_AS_OF, reason=reason)
            added[DIVISIONS] = await _note(uow, source, DIVISIONS, count)
    async with units() as uow:
        if await SeedLoads(uow.session).claim(OFFICES):
            named, report = source.names
            count = await load_offices(uow, named=named, valid_from=DATA_AS_OF, reason=source.reason)
            await store_report(uow, report=report, reported_on=DATA_AS_OF)
            added[OFFICES] = await _note(uow, source, OFFICES, count)
    async with units() as uow:
        return SeedResult(added, await _count(uow.session))


async def _count(session: AsyncSession) -> dict[str, int]:
    divisions = await count_divisions(session, on=today())
    named = {f"division.{level}.{kind}": number for (level, kind), number in divisions.items()}
    named |= {f"office.{kind}": number for kind, number in (await count_offices(session)).items()}
    named |= {f"unnamed.{reason}": number for reason, number in (await count_unsettled(session)).items()}
    return dict(sorted(named.items()))


async def _note(uow: UnitOfWork, source: "_Source", part: str, count: int) -> int:
    load = SeedLoad(part=part, file_sha256=source.sha256, as_of=DATA_AS_OF, added=count)
    SeedLoads(uow.session).add(load)
    return count


class _Source:
    """The committed file, read when first needed: a second start does not unpack it."""

    def __init__(self, rows: Sequence[DivisionRow] | None) -> None:
        self._rows = rows

    @property
    def rows(self) -> Sequence[DivisionRow]:
        if self._rows is None:
            self._rows = read_divisions()
        return self._rows

    @property
    def names(self) -> tuple[list[NamedOffice], NamingReport]:
        return name_offices(self.rows)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(files("registry.data").joinpath(FILE_NAME).read_bytes()).hexdigest()

    @property
    def reason(self) -> str:
        return f"{FILE_NAME}，截至{DATA_AS_OF.isoformat()}"
