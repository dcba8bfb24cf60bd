"""The stage of the 2011-2012 story: reporting over a real database with all of Guangdong, its clock and its streams."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import httpx

from common.auth import Actor, Role
from common.bus import Received
from common.clock import now
from common.consumer import decode
from common.contracts import contracts_of
from common.contracts.registry import OFFICE_CHANGED, OfficeState
from common.contracts.registry.readiness import CriterionState, OfficeFigure, ReadinessState
from common.contracts.sync import AcceptedRecord, accepted_topic
from common.db import Database
from common.directory import DIRECTORY_TYPES
from common.divisions import Level, level_of, node_at, parent_of, path_levels
from common.events import Event
from common.ids import uuid7
from common.testing.events import accepted_event
from common.testing.tokens import bearer, make_actor
from registry.data.rows import DivisionRow
from reporting.accepted import accepted_contracts
from reporting.completeness.consumers import keep_directory
from reporting.standings.consumers import AcceptedReadiness, keep_standings

PROVINCE = "440000000000"
ALL_LEVELS = ("4403", "4419")
"""Cities whose towns and counties accept too; of the others the city and the province do."""
VALID_FROM = date(2011, 1, 1)
_BATCH, _OFFICES = 2_000, 200
_KINDS = {Level.TOWN: "service_office", Level.VILLAGE: "service_station"}


def office_id(division: str) -> UUID:
    """The office of a division."""
    return uuid5(NAMESPACE_OID, f"office of the story {division}")


def supervisor(division: str, subject: str | None = None) -> Actor:
    """An account of a bureau."""
    return make_actor(division, Role.BUREAU_SUPERVISOR, subject=subject)


def head(division: str, subject: str | None = None) -> Actor:
    """The head of an office."""
    return make_actor(division, Role.OFFICE_HEAD, subject=subject)


@dataclass
class Stage:
    """The application, its database, and the clock that the story sets."""

    client: httpx.AsyncClient
    db: Database
    clock: Any
    directory: dict[str, list[tuple[date, str]]]

    def at(self, day: date, hour: int = 10) -> None:
        """It is that hour of that day in Beijing, unless it is later already."""
        moment = datetime(day.year, day.month, day.day, hour - 8, tzinfo=UTC)
        if now() < moment:
            self.clock.move_to(moment)

    # --- HTTP ---------------------------------------------------------------------------------------------------------

    async def answer(self, method: str, path: str, actor: Actor, body: Any = None, version: int | None = None) -> Any:
        """The answer as it is."""
        tag = {"Idempotency-Key": str(uuid7())} if version is None else {"If-Match": f'"{version}"'}
        return await self.client.request(method, f"/reporting/v1{path}", json=body, headers={**bearer(actor), **tag})

    async def act(
        self, path: str, actor: Actor, body: Any = None, version: int | None = None, method: str = "POST"
    ) -> Any:
        """Something that succeeds."""
        found = await self.answer(method, path, actor, body, version)
        assert found.status_code in {200, 201}, (path, found.text)
        return found.json()

    async def get(self, path: str, actor: Actor, **query: Any) -> Any:
        """Something that is read."""
        params = {name: str(value) for name, value in query.items()}
        found = await self.client.get(f"/reporting/v1{path}", params=params, headers=bearer(actor))
        assert found.status_code == 200, (path, found.text)
        return found.json()

    async def items(self, path: str, actor: Actor, **query: Any) -> list[Any]:
        """All pages of a list."""
        found: list[Any] = []
        more: dict[str, Any] = {}
        while True:
            page = await self.get(path, actor, limit=200, **query, **more)
            found += page["items"]
            if page["next_cursor"] is None:
                return found
            more = {"cursor": page["next_cursor"]}

    async def document(self, path: str, actor: Actor) -> bytes:
        """A file."""
        found = await self.client.get(f"/reporting/v1{path}", headers=bearer(actor))
        assert found.status_code == 200, found.text
        return found.content

    # --- what other services tell -------------------------------------------------------------------------------------

    async def fill_divisions(self, rows: Iterable[DivisionRow]) -> None:
        """All divisions as the registry would have told them at the beginning of 2011."""
        columns = ("id", "code", "level", "name", "kind", "parent_code", "valid_from", "version")
        told = [
            (uuid7(), one.code, one.level.value, one.name, one.kind.value, parent_of(one.code), VALID_FROM, 1)
            for one in rows
            if one.kind != "filler"
        ]
        async with self.db.transaction() as conn:
            await conn.copy_records_to_table("directory_divisions", columns=columns, records=told)

    async def tell_offices(self, offices: Mapping[str, tuple[date, str]]) -> None:
        """Since when offices have been what they are, if that is news, through the directory's consumer."""
        events = []
        for code, told in offices.items():
            known = self.directory.setdefault(code, [])
            if not known or known[-1][1] != told[1]:
                known.append(told)
                events.append(self._office(code))
        accepts = contracts_of(DIRECTORY_TYPES)
        for start in range(0, len(events), _OFFICES):
            batch = events[start : start + _OFFICES]
            async with self.db.transaction() as conn:
                await keep_directory(
                    conn, [decode(_received(one, "jiceng.registry.office.v1"), accepts) for one in batch]
                )

    def _office(self, code: str) -> Event:
        (effective_on, status), version = self.directory[code][-1], len(self.directory[code])
        state = OfficeState.model_validate(
            {
                "id": office_id(code), "division": code, "level": level_of(code), "name": f"{code}服务机构",
                "kind": _KINDS.get(level_of(code), "bureau"), "status": status, "version": version,
                "effective_on": effective_on,
            }
        )  # fmt: skip
        return Event(
            id=str(uuid7()), type=OFFICE_CHANGED, source="/jiceng/registry", subject=str(state.id), time=now(),
            division=code, level=str(state.level), recordversion=version, partitionkey=str(state.id),
            data=state.to_bytes(),
        )  # fmt: skip

    async def deliver(self, versions: Iterable[Any], dice: random.Random) -> int:
        """What levels accept of offices' readiness: in any order, some of it twice, through the standings' consumer."""
        records = [record for one in versions for record in _accepted(one)]
        records += dice.sample(records, len(records) // 20)
        dice.shuffle(records)
        accepts = accepted_contracts(AcceptedReadiness)
        for start in range(0, len(records), _BATCH):
            batch = [
                decode(_received(accepted_event(one), accepted_topic(one.accepted_level)), accepts)
                for one in records[start : start + _BATCH]
            ]
            async with self.db.transaction() as conn:
                await keep_standings(conn, batch)
        return len(records)


def _received(event: Event, topic: str) -> Received:
    key, value, headers = event.to_kafka()
    return Received(topic, key, value, headers, 0, 0, 0)


def _accepted(version: Any) -> Iterable[AcceptedRecord]:
    state = _readiness(version)
    payload = state.model_dump(mode="json")
    levels = path_levels(state.division)
    if state.division[:4] not in ALL_LEVELS:
        levels = [level for level in levels if level in {Level.CITY, Level.PROVINCE}]
    for level in levels:
        yield AcceptedRecord(
            record_type="registry.readiness", record_id=state.id, version=state.version, division=state.division,
            level=state.level, event_type="registry.readiness.changed.v1", occurred_at=now(), digest="0" * 64,
            accepted_level=level, accepted_division=str(node_at(state.division, level)), accepted_at=now(),
            payload=payload,
        )  # fmt: skip


def _readiness(version: Any) -> ReadinessState:
    return ReadinessState(
        id=uuid5(NAMESPACE_OID, f"readiness of the story {version.town}"),
        version=version.number,
        office_id=office_id(version.town),
        division=version.town,
        level=level_of(version.town),
        effective_on=version.effective_on,
        rules_on=version.effective_on,
        status=version.status,
        criteria=tuple(
            CriterionState(
                code=code, status=status, clause="O2.2a", document="粤府办〔2011〕65号", strength="hard", rule="",
                value="", why=None, evidence=(), waiver_expires_on=None,
            )
            for code, status in version.criteria.items()
        ),
        figures=tuple(OfficeFigure(code=code, value=value, unit="count") for code, value in version.figures.items()),
        kind="service_office",
        office_status=version.office_status,
    )  # fmt: skip
