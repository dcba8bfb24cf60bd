"""The frame of the service: migrations, settings, roles, its document, and an API that keeps to it."""

import json
from pathlib import Path

import pytest
import schemathesis
from alembic import command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from schemathesis.checks import CHECKS

import sync
from common.auth import Role
from common.divisions import LEVELS, Level
from common.process import Context, is_at_head
from common.process.main import openapi_text
from common.process.migrations import check, config_for, upgrade
from sync.__main__ import DEFINITION
from sync.settings import SyncSettings
from sync.worker import consumers

INTAKES = ("intake", "intake-casework", "intake-reporting", "intake-registry")
MIGRATIONS = Path(sync.__path__[0]) / "migrations"
DOCUMENT = MIGRATIONS.parents[2] / "openapi.json"
PATHS = json.loads(DOCUMENT.read_text(encoding="utf-8"))["paths"]
SCHEMA = schemathesis.openapi.from_path(DOCUMENT)
_ELSEWHERE = {"ignored_auth", "positive_data_acceptance"}
"""Who may ask, and codes of the right form that are no divisions, are tested beside each endpoint."""
_NOT_HERE = [check for check in CHECKS.get_all() if check.__name__ in _ELSEWHERE]


def test_migrations_build_what_the_models_say(service_database) -> None:
    check(MIGRATIONS, service_database("sync"))


def test_migrations_can_be_taken_back_and_made_again(service_database) -> None:
    url = service_database("sync")
    command.downgrade(config_for(MIGRATIONS, url), "base")
    upgrade(MIGRATIONS, url)
    check(MIGRATIONS, url)


async def test_a_migrated_database_is_ready(db) -> None:
    assert await is_at_head(db, MIGRATIONS)


def test_hosts_all_tiers_by_default_and_takes_in_records() -> None:
    made = SyncSettings.offline()
    assert (made.sync_tiers, made.sync_intake) == (LEVELS, True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("village,town", (Level.TOWN, Level.VILLAGE)),
        (" province ", (Level.PROVINCE,)),
        ("city,city,county", (Level.CITY, Level.COUNTY)),
    ],
)
def test_reads_tiers_from_a_comma_list(monkeypatch, text: str, expected: tuple[Level, ...]) -> None:
    monkeypatch.setenv("SYNC_TIERS", text)
    monkeypatch.setenv("SYNC_DIVISION", "440300000000")
    assert SyncSettings.offline().sync_tiers == expected


@pytest.mark.parametrize("text", [",", "street", "village;town"])
def test_refuses_tiers_that_do_not_exist(monkeypatch, text: str) -> None:
    monkeypatch.setenv("SYNC_TIERS", text)
    with pytest.raises(ValidationError):
        SyncSettings.offline()


@pytest.mark.parametrize(
    ("tiers", "intake", "groups"),
    [
        (
            LEVELS,
            True,
            [
                "directory",
                *INTAKES,
                *("tier-town", "tier-county", "tier-city", "tier-province"),
                "dispatching",
                *("dispatch-city", "dispatch-county", "dispatch-town", "dispatch-village"),
                "dispatch-receipts",
            ],
        ),
        (
            (Level.VILLAGE, Level.TOWN),
            True,
            [
                "directory",
                *INTAKES,
                "tier-town",
                "dispatching",
                "dispatch-town",
                "dispatch-village",
                "dispatch-receipts",
            ],
        ),
        ((Level.PROVINCE,), False, ["directory", "tier-province", "dispatch-receipts"]),
    ],
)
async def test_runs_one_consumer_for_each_tier_of_the_site(tiers, intake: bool, groups: list[str]) -> None:
    made = SyncSettings.offline(sync_tiers=tiers, sync_intake=intake, sync_division="440300000000")
    context = Context("sync", made, MIGRATIONS)
    assert [runner.group for runner in consumers(context)] == [f"sync-{name}" for name in groups]
    await context.stop()


async def test_a_process_may_carry_some_of_the_sites_tiers(monkeypatch) -> None:
    monkeypatch.setenv("SYNC_RUN_TIERS", "county")
    context = Context("sync", SyncSettings.offline(sync_intake=False), MIGRATIONS)
    assert [runner.group for runner in consumers(context)] == [
        "sync-directory", "sync-tier-county", "sync-dispatch-county",
    ]  # fmt: skip
    await context.stop()


@pytest.mark.parametrize("tiers", [LEVELS, (Level.PROVINCE,)])
async def test_what_is_no_tiers_has_a_process_of_its_own_at_every_site(monkeypatch, tiers) -> None:
    """Also at the province's, which hosts no village."""
    monkeypatch.setenv("SYNC_RUN_TIERS", "none")
    context = Context("sync", SyncSettings.offline(sync_tiers=tiers), MIGRATIONS)
    assert [runner.group for runner in consumers(context)] == [
        "sync-directory", *(f"sync-{name}" for name in INTAKES), "sync-dispatching", "sync-dispatch-receipts",
    ]  # fmt: skip
    await context.stop()


@pytest.mark.parametrize("text", [" , ", "none,city", "street"])
def test_refuses_tiers_to_carry_that_do_not_exist(monkeypatch, text: str) -> None:
    monkeypatch.setenv("SYNC_RUN_TIERS", text)
    with pytest.raises(ValidationError):
        SyncSettings.offline()


def test_a_city_that_does_not_know_that_it_is_one_does_not_start(monkeypatch) -> None:
    """It would answer for the nodes of the other cities, whose dispatches are mirrored on the same topic."""
    monkeypatch.setenv("SYNC_TIERS", "city,county,town,village")
    with pytest.raises(ValidationError, match="SYNC_DIVISION"):
        SyncSettings.offline()
    monkeypatch.setenv("SYNC_DIVISION", "440300000000")
    assert SyncSettings.offline().sync_division == "440300000000"


def test_the_committed_document_is_the_one_the_code_makes() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == openapi_text(DEFINITION), (
        "run: python -m sync openapi > openapi.json"
    )


def test_reads_whose_subtree_it_hosts_and_when_to_remind(monkeypatch) -> None:
    monkeypatch.setenv("SYNC_DIVISION", "440300000000")
    monkeypatch.setenv("SYNC_REMIND_DAYS", "7,3")
    made = SyncSettings.offline()
    assert (made.sync_division, made.sync_remind_days) == ("440300000000", (7, 3))


@pytest.mark.parametrize(
    ("name", "text"), [("SYNC_DIVISION", "4403"), ("SYNC_REMIND_DAYS", "soon"), ("SYNC_REMIND_DAYS", "-1")]
)
def test_refuses_what_is_no_division_and_no_number_of_days(monkeypatch, name: str, text: str) -> None:
    monkeypatch.setenv(name, text)
    with pytest.raises(ValidationError):
        SyncSettings.offline()


async def test_dictionaries_need_no_login_and_name_every_code(api) -> None:
    told = (await api().get("/dictionaries")).json()
    assert [entry["label"] for entry in told["levels"]] == ["省", "市", "县", "镇", "村"]
    assert {entry["code"] for entry in told["outcomes"]} == {"accepted", "duplicate", "rejected"}
    assert {"digest-mismatch", "version-conflict", "superseded"} <= {entry["code"] for entry in told["reasons"]}
    labels = {entry["code"]: entry["label"] for entry in told["record_types"]}
    assert (labels["casework.case"], labels["registry.readiness"]) == ("办件", "达标情况")


@pytest.mark.parametrize(
    ("path", "method"), [(path, method.upper()) for path in sorted(PATHS) for method in PATHS[path]]
)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
async def test_answers_keep_to_the_document_whatever_is_asked(api, path: str, method: str, data: st.DataObject) -> None:
    case = data.draw(SCHEMA[path][method].as_strategy())
    wanted = case.as_transport_kwargs(base_url="http://sync")
    answer = await api("440000000000", Role.AUDITOR).request(
        wanted["method"], wanted["url"], params=wanted.get("params"), headers=dict(wanted["headers"])
    )
    assert answer.status_code < 500, answer.text
    case.validate_response(answer, excluded_checks=_NOT_HERE)


def test_the_document_lists_what_the_service_offers() -> None:
    assert {path for path in PATHS if path.startswith("/sync/v1/")} == {
        "/sync/v1/me",
        "/sync/v1/records/{record_type}/{record_id}",
        "/sync/v1/levels/{level}/records",
        "/sync/v1/levels/{level}/summary",
        "/sync/v1/receipts",
        "/sync/v1/dispatches",
        "/sync/v1/dispatches/sent",
        "/sync/v1/dispatches/{dispatch_id}",
        "/sync/v1/dispatches/{dispatch_id}/signature",
        "/sync/v1/dispatches/{dispatch_id}/progress",
        "/sync/v1/dispatches/{dispatch_id}/missing",
        "/sync/v1/dead-letters",
        "/sync/v1/dictionaries",
    }
