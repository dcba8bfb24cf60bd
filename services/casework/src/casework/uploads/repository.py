"""All SQL of uploads beside that of records: which file of the store is whose."""

from collections.abc import Collection
from uuid import UUID

from common.db import Connection


class UploadFiles:
    """The files of one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def add(self, key: str, upload_id: UUID) -> None:
        """Remembers the file of a new upload."""
        await self._conn.execute(
            "INSERT INTO upload_files (key, upload_id, stored_at) VALUES ($1, $2, clock_timestamp())", key, upload_id
        )

    async def add_once(self, key: str, upload_id: UUID) -> None:
        """The same, unless there is one."""
        await self._conn.execute(
            "INSERT INTO upload_files (key, upload_id, stored_at) VALUES ($1, $2, clock_timestamp()) "
            "ON CONFLICT DO NOTHING",
            key,
            upload_id,
        )

    async def key_of(self, upload_id: UUID) -> str | None:
        """The file of an upload; None once it has been removed."""
        key: str | None = await self._conn.fetchval("SELECT key FROM upload_files WHERE upload_id = $1", upload_id)
        return key

    async def keep_as_evidence(self, upload_id: UUID) -> bool:
        """The file stays, given to no case; False when it has been removed."""
        done: str = await self._conn.execute(
            "UPDATE upload_files SET is_evidence = true WHERE upload_id = $1", upload_id
        )
        return done == "UPDATE 1"

    async def evidence(self, upload_ids: Collection[UUID]) -> set[UUID]:
        """Which of these uploads are evidence."""
        rows = await self._conn.fetch(
            "SELECT upload_id FROM upload_files WHERE upload_id = ANY($1::uuid[]) AND is_evidence", list(upload_ids)
        )
        return {row["upload_id"] for row in rows}

    async def forget(self, upload_id: UUID) -> None:
        """The upload has been removed; its file is nobody's from now on."""
        await self._conn.execute("DELETE FROM upload_files WHERE upload_id = $1", upload_id)

    async def known(self, keys: Collection[str]) -> set[str]:
        """Which of these files are somebody's."""
        rows = await self._conn.fetch("SELECT key FROM upload_files WHERE key = ANY($1::text[])", list(keys))
        return {row["key"] for row in rows}

    async def count(self) -> int:
        """How many files are somebody's."""
        counted: int = await self._conn.fetchval("SELECT count(*) FROM upload_files")
        return counted

    async def page(self, *, after: str, limit: int) -> list[tuple[str, UUID]]:
        """Files in order of their keys."""
        rows = await self._conn.fetch(
            "SELECT key, upload_id FROM upload_files WHERE key > $1 ORDER BY key LIMIT $2", after, limit
        )
        return [(row["key"], row["upload_id"]) for row in rows]

    async def hold_person(self, index: bytes) -> None:
        """One upload of a person at a time, so that their pending files are counted right.

        Locks: the person, until the transaction ends.
        """
        await self._conn.execute("SELECT pg_advisory_xact_lock(hashtextextended(encode($1, 'hex'), 7906003))", index)
