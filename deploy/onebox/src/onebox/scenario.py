"""The scripted scenario that ends every start: `python -m onebox.scenario`; its exit code is that of `make run ONCE=1`.

Cases at three real stations travel to the province; a duplicate and an out-of-order redelivery change nothing; a
clerk of another county is refused; the province's figure equals the sum of what was sent. Three towns' offices are
given what the policy asks for, and are ready.
"""

import asyncio
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from common.auth import Role
from common.clock import today
from common.divisions import Level, node_at
from common.settings import ServiceSettings
from onebox.client import Desk, Refused
from onebox.issuer import DevelopmentIssuer, Person
from onebox.journey import FINISHED, PROVINCE, ROUTES, Journey, label, travel
from onebox.places import Places
from onebox.redelivery import redeliver
from onebox.register import build_up

FIGURE_SECONDS = 30.0
OTHER_COUNTY_TOWN = "440305005000"
COUNTS = (
    ("省 province", {"level": "province"}, 1),
    ("市 cities", {"level": "city"}, 21),
    ("县 county rows", {"level": "county"}, 124),
    ("镇街 towns", {"level": "town"}, 1757),
    ("村社区 villages", {"level": "village"}, 26842),
)


@dataclass
class Report:
    """Prints each finding and remembers whether one was wrong."""

    console: Console = field(default_factory=lambda: Console(highlight=False, soft_wrap=True))
    failures: int = 0

    def check(self, is_right: bool, text: str) -> None:  # noqa: FBT001 - reads as a sentence at every call
        """One finding."""
        self.failures += 0 if is_right else 1
        self.console.print(f"  {'✓' if is_right else '✗'} {text}", markup=False)


async def main() -> int:
    """Runs the scenario; 0 when everything was as it must be."""
    report = Report()
    base_url, issuer = os.environ["ONEBOX_URL"], DevelopmentIssuer(Places.at(Path(os.environ["ONEBOX_DATA"])))
    province = Desk(base_url, issuer, Person(PROVINCE, Role.BUREAU_SUPERVISOR, "广东省"))
    report.console.print("Scenario: from three village stations to the province", markup=False)
    try:
        await _check_counts(report, province)
        before = await _registered(province)
        journeys = list(await asyncio.gather(*(travel(base_url, issuer, route) for route in ROUTES)))
        for journey in journeys:
            _print_journey(report, journey)
        sent = sum(len(journey.case_ids) for journey in journeys)
        await _check_figures(report, province, before, sent)
        await _check_redelivery(report, province, journeys, before + sent)
        await _check_refusal(report, base_url, issuer, journeys)
        for standing in await build_up(base_url, issuer):
            is_right = standing.status in {"ready", "ready_with_waivers"}
            report.check(is_right, f"{standing.name} ({standing.town}): {standing.status} {standing.why}".rstrip())
    except (Refused, TimeoutError, httpx.HTTPError) as error:
        report.check(False, f"{type(error).__name__}: {error}")
    finally:
        await province.close()
    outcome = "everything as it must be" if not report.failures else f"{report.failures} findings are WRONG"
    report.console.print(f"Scenario: {outcome}", markup=False)
    return 1 if report.failures else 0


async def _check_counts(report: Report, province: Desk) -> None:
    body, _ = await province.want("GET", "/registry/v1/summary")
    found: dict[str, Any] = body["divisions"]
    text = ", ".join(f"{name} {found[query['level']]}" for name, query, _ in COUNTS)
    is_right = all(found[query["level"]] == wanted for _, query, wanted in COUNTS)
    report.check(is_right, f"divisions: {text}")
    is_right = body["county_fillers"] == 2 and body["formal_towns"] == 1610  # noqa: PLR2004 - standards.md §11
    report.check(is_right, f"county fillers {body['county_fillers']}, formal towns {body['formal_towns']}")
    offices: dict[str, int] = body["offices"]
    report.check(
        sum(offices.values()) > 0,
        f"offices: bureaus {offices['bureau']}, service offices {offices['service_office']}, "
        f"service stations {offices['service_station']}; not named by the rule and reported: {body['naming_reports']}",
    )


def _print_journey(report: Report, journey: Journey) -> None:
    route = journey.route
    levels = [hop["level"] for hop in journey.hops if hop["version"]]
    is_right = levels == [str(level) for level in journey.expected_levels]
    path = " → ".join(label(level) for level in levels)
    report.check(
        is_right, f"{route.place} ({route.why}): {len(journey.case_ids)} cases, {path} in {journey.seconds:.2f} s"
    )
    answered = {receipt["receiver_level"] for receipt in journey.receipts if receipt["outcome"] == "accepted"}
    report.check(answered >= set(levels), f"  a receipt of acceptance from each level ({len(answered)})")
    for hop in journey.hops:
        if hop["version"]:
            since = "" if hop["hop_ms"] is None else f"  {hop['hop_ms']:4.0f} ms after the level below"
            name = hop.get("node_name") or ""
            report.console.print(
                f"      {label(hop['level'])} {hop['node']} v{hop['version']} {hop['accepted_at']}{since}  {name}",
                markup=False,
            )


async def _registered(province: Desk) -> int:
    day = today().isoformat()
    query = {"level": "province", "division": PROVINCE, "from": day, "to": day, "measure": "registered"}
    body, _ = await province.want("GET", "/reporting/v1/figures", query=query)
    return sum(int(row["value"]) for row in body["totals"] if row["measure"] == "registered")


async def _eventually(ask: Callable[[], Any], wanted: int) -> int:
    found = -1
    try:
        async with asyncio.timeout(FIGURE_SECONDS):
            while found != wanted:
                found = await ask()
                await asyncio.sleep(0.05)
    except TimeoutError:
        pass
    return found


async def _check_figures(report: Report, province: Desk, before: int, sent: int) -> None:
    found = await _eventually(lambda: _registered(province), before + sent)
    report.check(found == before + sent, f"the province's figure of today: {before} + {sent} sent = {found}")
    day = today().isoformat()
    query = {"level": "province", "division": PROVINCE, "day": day}
    body, _ = await province.want("GET", "/reporting/v1/completeness", query=query)
    seen = body["completeness"]
    report.check(
        seen["reported"] >= len(ROUTES),
        f"as of {body['as_of']}: {seen['reported']} of {seen['expected']} offices and stations have reported today",
    )


async def _check_redelivery(report: Report, province: Desk, journeys: list[Journey], wanted: int) -> None:
    case_id = journeys[0].case_ids[0]
    path = f"/sync/v1/records/casework.case/{case_id}"
    before, _ = await province.want("GET", path)
    count = await redeliver(ServiceSettings.load(), case_id)
    duplicates = await _eventually(lambda: _duplicates(province, path), count)
    after, _ = await province.want("GET", path)
    is_same = [(hop["level"], hop["version"], hop["accepted_at"]) for hop in before["levels"]] == [
        (hop["level"], hop["version"], hop["accepted_at"]) for hop in after["levels"]
    ]
    report.check(
        is_same and duplicates == count,
        f"{count} redelivered events of one case, newest first: {duplicates} receipts say duplicate, no level changed",
    )
    found = await _registered(province)
    report.check(found == wanted, f"the province's figure is still {found}")


async def _duplicates(province: Desk, path: str) -> int:
    total = 0
    for version in range(1, FINISHED + 1):
        body, _ = await province.want("GET", path, query={"version": str(version)})
        total += sum(receipt["outcome"] == "duplicate" for receipt in body["receipts"])
    return total


async def _check_refusal(report: Report, base_url: str, issuer: DevelopmentIssuer, journeys: list[Journey]) -> None:
    stranger = Desk(base_url, issuer, Person(OTHER_COUNTY_TOWN, Role.WINDOW_CLERK, "深圳市南山区蛇口街道"))
    try:
        case_id = journeys[0].case_ids[0]
        assert node_at(journeys[0].route.station, Level.COUNTY) != node_at(OTHER_COUNTY_TOWN, Level.COUNTY)  # noqa: S101
        seen = await stranger.ask("GET", f"/casework/v1/cases/{case_id}")
        where = await stranger.ask("GET", f"/sync/v1/records/casework.case/{case_id}")
        body = {
            "division": journeys[0].route.station,
            "item_code": "E06",
            "applicant": {"kind": "organisation", "name": "演示单位", "uscc": "91512081MA62K0260E"},
        }
        written = await stranger.ask("POST", "/casework/v1/cases", body=body)
        statuses = (seen.status_code, where.status_code, written.status_code)
        codes = [answer.json().get("code") for answer in (seen, where, written)]
        report.check(statuses == (404, 404, 403), f"a clerk of another county is refused: {', '.join(map(str, codes))}")
    finally:
        await stranger.close()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
