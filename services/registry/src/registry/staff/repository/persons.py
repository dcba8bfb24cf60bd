"""All SQL of persons. Who may see one is decided by the posts that name it."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from registry.staff.domain import Person
from registry.staff.models import StaffPerson
from registry.staff.repository.vault import PersonVault


class Persons:
    """The files of persons, sealed in the table and open here."""

    def __init__(self, session: AsyncSession, vault: PersonVault) -> None:
        self._session = session
        self._vault = vault

    async def find(self, person_id: UUID) -> tuple[Person, int] | None:
        """The person and the version of the file."""
        row = await self._session.get(StaffPerson, person_id, populate_existing=True)
        return None if row is None else (self._vault.open(row), row.version)

    async def find_many(self, person_ids: Collection[UUID]) -> dict[UUID, Person]:
        """Several persons by id."""
        if not person_ids:
            return {}
        rows = await self._session.scalars(select(StaffPerson).where(StaffPerson.id.in_(person_ids)))
        return {row.id: self._vault.open(row) for row in rows}

    async def ids_by_number(self, id_number: str) -> Sequence[UUID]:
        """The files of the person with this number, under every key that rows were written with."""
        query = select(StaffPerson.id).where(StaffPerson.id_number_index.in_(self._vault.indexes_of(id_number)))
        return list(await self._session.scalars(query.order_by(StaffPerson.id)))

    async def add(self, person_id: UUID, person: Person) -> None:
        """Opens a file."""
        self._session.add(StaffPerson(**self._vault.seal(person_id, 1, person)))
        await self._session.flush()

    async def put(self, person_id: UUID, version: int, person: Person) -> bool:
        """Writes the next version of a file; False if it does not follow what is there."""
        follows = (StaffPerson.id == person_id) & (StaffPerson.version == version - 1)
        values = {**self._vault.seal(person_id, version, person), "updated_at": func.now()}
        changed = update(StaffPerson).where(follows).values(**values).returning(StaffPerson.id)
        return await self._session.scalar(changed) is not None


async def hold_pseudonym(session: AsyncSession, pseudonym: str) -> None:
    """Makes use cases about one person follow one another, wherever the offices are; until the transaction ends."""
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": pseudonym})
