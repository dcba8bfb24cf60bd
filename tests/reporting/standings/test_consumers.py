"""What is read of an accepted readiness, and what is set aside before a batch begins."""

from datetime import date
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import pytest

from common.bus import Received
from common.consumer import Delivered, PoisonMessage, decode
from common.contracts.registry.readiness import OfficeFigure, ReadinessState
from common.contracts.sync import AcceptedRecord, accepted_topic
from common.divisions import Level
from common.testing.events import INSTANT, accepted_event, accepted_record, case_state
from reporting.accepted import accepted_contracts
from reporting.standings.consumers import AcceptedReadiness, keep_standings

TOWN, CITY, MOVED = "440305001000", "440300000000", "441624100000"
STATE = ReadinessState(
    id=uuid5(NAMESPACE_OID, "readiness"), version=3, office_id=uuid5(NAMESPACE_OID, "office"), division=TOWN,
    level=Level.TOWN, effective_on=date(2026, 3, 1), rules_on=date(2026, 3, 1), status="ready", criteria=(),
    figures=(OfficeFigure(code="staff_total", value=4, unit="person"),), kind="service_office",
    office_status="operating",
)  # fmt: skip


def received(**changes: Any) -> Received:
    values = {
        "record_type": "registry.readiness", "record_id": STATE.id, "version": 3, "division": TOWN, "level": Level.TOWN,
        "event_type": "registry.readiness.changed.v1", "occurred_at": INSTANT, "digest": "0" * 64,
        "accepted_level": Level.CITY, "accepted_division": CITY, "accepted_at": INSTANT,
        "payload": STATE.model_dump(mode="json"),
    }  # fmt: skip
    return wire(AcceptedRecord(**{**values, **changes}))


def wire(record: AcceptedRecord) -> Received:
    key, value, headers = accepted_event(record).to_kafka()
    return Received(accepted_topic(record.accepted_level), key, value, headers, 0, 0, 0)


def read(message: Received) -> Delivered:
    return decode(message, accepted_contracts(AcceptedReadiness))


async def test_an_accepted_readiness_is_summed_and_other_records_pass_by(desk: Any) -> None:
    """Source: O4.2a, S2."""
    case = accepted_record(case_state(), level=Level.CITY)
    async with desk.db.transaction() as conn:
        await keep_standings(conn, [read(received()), read(wire(case)), read(received())])
    rows = await desk.rows("SELECT division, counts::text FROM standing_sums WHERE day = 'infinity' ORDER BY division")
    assert [row["division"] for row in rows] == [CITY, "440305000000", TOWN]
    assert '"office.staff_total": 4' in rows[0]["counts"]
    assert await desk.value("SELECT as_of FROM standing_freshness WHERE level = 'city'") == INSTANT


async def test_a_state_of_before_figures_adds_nothing(desk: Any) -> None:
    older = {
        name: value
        for name, value in STATE.model_dump(mode="json").items()
        if name not in {"figures", "kind", "form", "office_status", "operating_since"}
    }
    async with desk.db.transaction() as conn:
        await keep_standings(conn, [read(received(payload=older))])
    assert not await desk.rows("SELECT FROM standing_sums")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"payload": {"id": "no"}}, "reporting.payload-unreadable"),
        ({"version": 4}, "reporting.payload-mismatch"),
        ({"accepted_division": "441600000000"}, "reporting.accepted-division-mismatch"),
        (
            {"payload": {**STATE.model_dump(mode="json"), "figures": [
                {"code": "staff_total", "value": 4, "unit": "person"}, {"code": "staff_total", "value": 5, "unit": "person"},
            ]}},
            "reporting.standing-figure-repeated",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_summed_is_set_aside(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(PoisonMessage) as found:
        read(received(**changes))
    assert found.value.code == code


def test_a_record_of_a_retired_code_comes_by_the_route_of_its_heir() -> None:
    """Source: standards.md §1."""
    found = read(received(accepted_division="441600000000", routed_division=MOVED))
    assert found.data.standing.division == TOWN  # type: ignore[attr-defined]
