"""The copy of divisions and offices for tests, as the registry's events would have filled it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg

from common.divisions import Level, level_of, parent_of
from common.testing.persons import uscc_of

VALID_FROM = date(2011, 1, 1)
_KINDS = {Level.TOWN: "service_office", Level.VILLAGE: "service_station"}
_OFFICES = 1_000


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A division and its office.

    Attributes:
        code: 12 digits.
        kind: of the division.
        valid_to: first day on which it is no more.
        office_status: None for a division without an office.
    """

    code: str
    kind: str = "standard"
    valid_to: date | None = None
    office_status: str | None = "operating"


def office_phone(code: str) -> str:
    """The phone of the office of a place."""
    return f"0755-8{int(code) % 10_000_000:07}"


async def fill_directory(url: str, places: Iterable[KnownPlace]) -> None:
    """Writes the tables of `common.directory`; ids follow from the order of the places."""
    conn = await asyncpg.connect(url)
    try:
        for number, place in enumerate(places, 1):
            level = level_of(place.code)
            await conn.execute(
                "INSERT INTO directory_divisions "
                "(id, code, level, name, kind, parent_code, valid_from, valid_to, version) "
                "VALUES ($1, $2, $3, $4, $5, NULL, $6, $7, 1)",
                *(UUID(int=number), place.code, level.value, f"测试区划{number}", place.kind),
                *(VALID_FROM, place.valid_to),
            )
            if place.office_status is not None:
                await conn.execute(
                    "INSERT INTO directory_offices (id, division, level, kind, name, status, version, uscc, phone, "
                    "guidance_division, reach_version) VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9, 1)",
                    *(UUID(int=_OFFICES + number), place.code, level.value, _KINDS.get(level, "bureau")),
                    *(f"测试机构{number}", place.office_status, uscc_of(f"12{place.code[:6]}{number:09d}")),
                    *(office_phone(place.code), parent_of(place.code)),
                )
    finally:
        await conn.close()
