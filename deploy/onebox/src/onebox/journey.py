"""One case, from a village station to the province, and what was seen on its way."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from common.auth import Role
from common.divisions import LEVEL_LABELS, Level, ancestors_of, path_levels
from common.testing.persons import synthetic_person
from onebox.client import Desk
from onebox.issuer import DevelopmentIssuer, Person

ARRIVE_SECONDS = 60.0
FINISHED = 5
"""Version of a case that was registered, offered, taken, accepted and closed."""
PROVINCE = "440000000000"


@dataclass(frozen=True, slots=True)
class Route:
    """Where a case starts, and why there.

    Attributes:
        station: 12-digit code of the village.
        place: in Chinese.
        why: what this route shows.
    """

    station: str
    place: str
    why: str
    cases: int = 5


ROUTES = (
    Route("440304002016", "深圳市福田区园岭街道红荔社区", "five levels"),
    Route("441900003001", "东莞市东城街道岗贝社区", "no county level: four levels"),
    Route("440232113201", "韶关市乳源瑶族自治县必背镇必背村", "a far rural county: five levels"),
)


@dataclass(slots=True)
class Journey:
    """What happened on one route."""

    route: Route
    case_ids: list[str] = field(default_factory=list)
    hops: list[dict[str, Any]] = field(default_factory=list)
    receipts: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def expected_levels(self) -> list[Level]:
        """The levels that exist from the station upward."""
        return path_levels(self.route.station)


async def travel(base_url: str, issuer: DevelopmentIssuer, route: Route) -> Journey:
    """Registers the route's cases at the station; one is handed to the town's clerk, who accepts and closes it.

    Waits until the province has all.

    Raises:
        TimeoutError: the province did not have them in time.
    """
    journey = Journey(route)
    clerk = Desk(base_url, issuer, Person(ancestors_of(route.station)[0], Role.WINDOW_CLERK, route.place))
    agent = Desk(base_url, issuer, Person(route.station, Role.STATION_AGENT, route.place))
    province = Desk(base_url, issuer, Person(PROVINCE, Role.BUREAU_SUPERVISOR, "广东省"))
    try:
        began = time.monotonic()
        for number in range(route.cases):
            case, etag = await agent.want("POST", "/casework/v1/cases", body=_application(route.station, number))
            journey.case_ids.append(case["id"])
            if number == 0:
                await _finish(agent, clerk, case["id"], etag)
        for case_id in journey.case_ids:
            version = FINISHED if case_id == journey.case_ids[0] else 1
            await arrive(province, case_id, version)
        journey.seconds = time.monotonic() - began
        whole, _ = await province.want("GET", f"/sync/v1/records/casework.case/{journey.case_ids[0]}")
        journey.hops, journey.receipts = whole["levels"], whole["receipts"]
    finally:
        for desk in (clerk, agent, province):
            await desk.close()
    return journey


async def _finish(agent: Desk, clerk: Desk, case_id: str, etag: str) -> None:
    """The station stays responsible until the clerk accepts the hand-over. Source: O4.3b."""
    case = f"/casework/v1/cases/{case_id}"
    offer = {"purpose": "handover", "division": clerk.person.division}
    _, etag = await agent.want("POST", f"{case}/offer", body=offer, etag=etag)
    _, etag = await clerk.want("POST", f"{case}/offer/acceptance", body={}, etag=etag)
    _, etag = await clerk.want("POST", f"{case}/acceptance", body={}, etag=etag)
    await clerk.want("POST", f"{case}/closure", body={"result": "granted"}, etag=etag)


async def arrive(province: Desk, case_id: str, version: int) -> None:
    """Returns when the province has accepted this version of the case."""
    async with asyncio.timeout(ARRIVE_SECONDS):
        while True:
            answer = await province.ask("GET", f"/sync/v1/records/casework.case/{case_id}")
            if answer.is_success and _version_at(answer.json(), Level.PROVINCE) >= version:
                return
            await asyncio.sleep(0.05)


def _version_at(record: dict[str, Any], level: Level) -> int:
    return next((hop["version"] or 0 for hop in record["levels"] if hop["level"] == level), 0)


def _application(division: str, number: int) -> dict[str, Any]:
    person = synthetic_person(number)
    return {
        "division": division,
        "item_code": "E06",
        "applicant": {
            "kind": "natural_person",
            "name": person.name,
            "id_number": person.id_number,
            "phone": person.phone,
        },
    }


def label(level: str) -> str:
    """省, 市, 县, 镇, 村."""
    return LEVEL_LABELS[Level(level)]
