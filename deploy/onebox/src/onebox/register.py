"""The part of the scenario about the office register: three towns' offices get what they need, and become ready.

On a first start only; every person is synthetic, and 服务对象 and money are made up for the demonstration.
"""

import asyncio
import time
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from common.auth import Role
from common.clock import today
from common.divisions import Level, node_at, parent_of
from common.policy import parameter
from common.testing.persons import synthetic_person, uscc_of
from onebox.client import Desk
from onebox.issuer import DevelopmentIssuer, Person
from onebox.journey import PROVINCE, ROUTES

READY_SECONDS = 30.0
SINCE = date(2023, 7, 1)
"""The day after that of the division file, from which the offices are on record."""
AREA_M2, SMALL_AREA_M2 = 320, 260
SERVED_PERSONS = 15_000
NOTE = "演示数据"


@dataclass(frozen=True, slots=True)
class Standing:
    """What came of one town's office."""

    town: str
    name: str
    status: str
    why: str


async def build_up(base_url: str, issuer: DevelopmentIssuer) -> list[Standing]:
    """Gives the towns' offices of the three routes premises, equipment, people and money; tells how they stand.

    Raises:
        Refused: the platform refused what the policy allows.
    """
    province = Desk(base_url, issuer, Person(PROVINCE, Role.BUREAU_SUPERVISOR, "广东省"))
    try:
        await _issue_standard(province)
        towns = [node_at(route.station, Level.TOWN) or "" for route in ROUTES]
        standings = []
        for number, town in enumerate(towns):
            standings.append(await _Town(base_url, issuer, town, number).build_up())
        return standings
    finally:
        await province.close()


async def _issue_standard(province: Desk) -> None:
    found, _ = await province.want("GET", "/registry/v1/qualification-standards")
    if not found["items"]:
        body = {
            "office_id": (await _office(province, PROVINCE))["id"],
            "title": f"服务所工作人员聘用资格标准（{NOTE}）",
            "applies_to": ["establishment", "purchased_service"],
            "min_age_years": 18,
            "min_education": "college",
            "in_force_from": SINCE.isoformat(),
            "document": NOTE,
        }
        await province.want("POST", "/registry/v1/qualification-standards", body=body)


async def _office(desk: Desk, division: str) -> dict[str, Any]:
    found, _ = await desk.want("GET", "/registry/v1/offices", query={"division": division, "limit": "1"})
    return dict(found["items"][0])


class _Town:
    """One town's office, as its head and the supervisor above see it."""

    def __init__(self, base_url: str, issuer: DevelopmentIssuer, town: str, number: int) -> None:
        above = parent_of(town) or PROVINCE
        self._town = town
        self._number = number
        self._head = Desk(base_url, issuer, Person(town, Role.OFFICE_HEAD, NOTE))
        self._above = Desk(base_url, issuer, Person(above, Role.BUREAU_SUPERVISOR, NOTE))

    async def build_up(self) -> Standing:
        """Everything, once; then how the office stands."""
        try:
            office = await _office(self._head, self._town)
            there, _ = await self._head.want("GET", "/registry/v1/premises", query={"office_id": office["id"]})
            if not there["items"]:
                await self._identify(office)
                await self._furnish(office["id"])
                await self._staff(office["id"])
                await self._fund(office["id"])
            return await self._standing(office)
        finally:
            await self._head.close()
            await self._above.close()

    async def _identify(self, office: dict[str, Any]) -> None:
        _, etag = await self._above.want("GET", f"/registry/v1/offices/{office['id']}")
        body = {
            "legal_nature": "public_welfare_institution",
            "uscc": uscc_of(f"12990000{self._number:09d}"),
            "duties": list(parameter("duties", on=today()).option_codes),
            "sign_version": NOTE,
            "sign_installed_on": SINCE.isoformat(),
            "reason": NOTE,
        }
        await self._above.want("PATCH", f"/registry/v1/offices/{office['id']}", body=body, etag=etag)

    async def _furnish(self, office_id: str) -> None:
        area = SMALL_AREA_M2 if self._number == 0 else AREA_M2
        body = {
            "office_id": office_id,
            "address": f"{NOTE}路1号",
            "measured_area_dm2": area * 100,
            "windows": [{"number": "1", "duties": ["social_insurance", "employment_services"]}],
            "effective_on": SINCE.isoformat(),
        }
        premises, etag = await self._head.want("POST", "/registry/v1/premises", body=body)
        if premises["warnings"]:
            body = {
                "reason": f"{NOTE}：老城区无地",
                "approver": f"{NOTE}主管部门",
                "document": NOTE,
                "expires_on": (today() + timedelta(days=3650)).isoformat(),
            }
            await self._above.want("POST", f"/registry/v1/premises/{premises['id']}/waiver", body=body, etag=etag)
        for kind in parameter("equipment_kinds", on=today()).option_codes:
            body = {
                "office_id": office_id,
                "kind": kind,
                "quantity": 2,
                "acquired_on": SINCE.isoformat(),
                "fund": "county_budget",
            }
            await self._head.want("POST", "/registry/v1/equipment", body=body)

    async def _staff(self, office_id: str) -> None:
        since = SINCE.isoformat()
        body: dict[str, Any] = {"office_id": office_id, "quota": 1, "document": NOTE, "effective_on": since}
        await self._head.want("POST", "/registry/v1/establishments", body=body)
        posts = [
            await self._hire(office_id, kind, at) for at, kind in enumerate(("establishment", "purchased_service"))
        ]
        body = {"office_id": office_id, "served_persons": SERVED_PERSONS, "effective_on": since, "reason": NOTE}
        await self._head.want("POST", "/registry/v1/staffing-requirements", body=body)
        for subject in parameter("training_subjects", on=today()).option_codes:
            body = {
                "subject": subject,
                "mode": "post",
                "hours": 8,
                "held_on": today().isoformat(),
                "attendees": [{"staff_member_id": post, "result": "passed"} for post in posts],
            }
            await self._head.want("POST", "/registry/v1/training-sessions", body=body)

    async def _hire(self, office_id: str, staff_type: str, at: int) -> str:
        person = synthetic_person(500_000 + 10 * self._number + at)
        body = {
            "office_id": office_id,
            "person": {"name": person.name, "id_number": person.id_number, "education": "bachelor"},
            "staff_type": staff_type,
            "duties": ["social_insurance", "employment_services", "legal_publicity"],
            "started_on": SINCE.isoformat(),
        }
        post, _ = await self._head.want("POST", "/registry/v1/staff-members", body=body)
        return str(post["id"])

    async def _fund(self, office_id: str) -> None:
        body = {
            "office_id": office_id,
            "year": today().year,
            "is_listed": True,
            "amount_fen": 8_000_000,
            "document": NOTE,
        }
        await self._above.want("POST", "/registry/v1/budget-lines", body=body)

    async def _standing(self, office: dict[str, Any]) -> Standing:
        """As the lists of offices know it, which the worker keeps up to date."""
        told, _ = await self._head.want("GET", f"/registry/v1/offices/{office['id']}/readiness")
        query = {"division": self._town, "level": "town", "readiness": told["status"]}
        until = time.monotonic() + READY_SECONDS
        while not (await self._head.want("GET", "/registry/v1/offices", query=query))[0]["items"]:
            if time.monotonic() > until:
                raise TimeoutError(f"the list of offices does not know that {self._town} is {told['status']}")
            await asyncio.sleep(0.1)
        return Standing(self._town, office["name"], told["status"], "；".join(told["why_not"]))
