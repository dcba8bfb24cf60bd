"""The first load over the real file: exact counts, events equal to rows, and nothing the second time."""

import json
import os
import subprocess
import sys
from collections import Counter

import asyncpg
import pytest

from common.contracts import CONTRACTS
from common.divisions import parent_of
from registry.data.reader import read_divisions
from registry.seeding.commands import report_of

FILLERS = {"441900000000", "442000000000"}
DIVISIONS, OFFICES, UNNAMED = 28_745, 28_250, 495


@pytest.fixture
async def conn(seeded):
    made = await asyncpg.connect(seeded)
    yield made
    await made.close()


async def test_the_tables_hold_exactly_guangdong(conn):
    rows = await conn.fetch("SELECT level, kind, count(*) AS n FROM divisions GROUP BY level, kind")
    assert {(row["level"], row["kind"]): row["n"] for row in rows} == {
        ("province", "standard"): 1,
        ("city", "standard"): 21,
        ("county", "standard"): 122,
        ("county", "filler"): 2,
        ("town", "standard"): 1_610,
        ("town", "informal"): 147,
        ("village", "residents_committee"): 7_281,
        ("village", "village_committee"): 19_318,
        ("village", "other"): 243,
    }
    rows = await conn.fetch("SELECT level, kind, status, count(*) AS n FROM offices GROUP BY level, kind, status")
    assert {(row["level"], row["kind"], row["status"]): row["n"] for row in rows} == {
        ("province", "bureau", "operating"): 1,
        ("city", "bureau", "operating"): 21,
        ("county", "bureau", "operating"): 122,
        ("town", "service_office", "operating"): 1_610,
        ("village", "service_station", "operating"): 26_496,
    }
    assert await conn.fetchval("SELECT count(*) FROM naming_report_entries") == UNNAMED


async def test_every_row_of_the_file_stands_as_it_was_written(conn):
    rows = await conn.fetch("SELECT code, level, name, kind FROM divisions WHERE valid_from = '2023-06-30'")
    assert {tuple(row) for row in rows} == {(r.code, r.level, r.name, r.kind) for r in read_divisions()}


async def test_a_filler_stands_beside_its_city_and_is_nobodys_parent(conn):
    rows = await conn.fetch("SELECT code, level, parent_code FROM divisions WHERE code = ANY($1)", sorted(FILLERS))
    assert {tuple(row) for row in rows} == {
        (code, level, parent) for code in FILLERS for level, parent in (("city", "440000000000"), ("county", code))
    }
    towns = await conn.fetch("SELECT DISTINCT parent_code FROM divisions WHERE level = 'town' AND code LIKE '4419%'")
    assert [row["parent_code"] for row in towns] == ["441900000000"]


async def test_every_division_is_an_office_or_an_entry_of_the_report(conn):
    neither_or_both = await conn.fetchval(
        "SELECT count(*) FROM divisions d LEFT JOIN offices o ON o.division = d.code AND o.level = d.level "
        "LEFT JOIN naming_report_entries e ON e.code = d.code AND e.level = d.level "
        "WHERE (o.id IS NULL) = (e.id IS NULL)"
    )
    assert neither_or_both == 0


async def test_both_edges_of_every_office_name_divisions_that_have_an_office(conn):
    """O1.3a, O1.3c."""
    rows = await conn.fetch("SELECT division, leadership_division, guidance_division FROM offices")
    assert all(row["leadership_division"] == row["division"] for row in rows)
    assert all(row["guidance_division"] == parent_of(row["division"]) for row in rows)
    with_office = {row["division"] for row in rows}
    assert {row["division"] for row in rows if row["guidance_division"] not in with_office} == {"440000000000"}


async def test_the_outbox_tells_exactly_the_rows(conn):
    events = await conn.fetch(
        "SELECT topic, type, subject, recordversion, division, level, data FROM outbox ORDER BY id"
    )
    assert Counter((event["topic"], event["type"]) for event in events) == {
        ("jiceng.registry.division.v1", "registry.division.changed.v1"): DIVISIONS,
        ("jiceng.registry.office.v1", "registry.office.changed.v1"): OFFICES,
    }
    told = {}
    for event in events:
        state = CONTRACTS[event["type"]].model.model_validate_json(event["data"])
        assert event["subject"] == str(state.id)
        assert event["recordversion"] == state.version == 1
        told[state.id] = (event["division"], event["level"], state.name)
    assert len(told) == DIVISIONS + OFFICES
    rows = await conn.fetch(
        "SELECT id, code, level, name FROM divisions UNION ALL SELECT id, division, level, name FROM offices"
    )
    assert told == {row["id"]: (row["code"], row["level"], row["name"]) for row in rows}


async def test_divisions_are_told_top_level_first_and_before_their_offices(conn):
    events = await conn.fetch("SELECT type, data FROM outbox ORDER BY id")
    kinds = [event["type"] for event in events]
    assert kinds == sorted(kinds), "divisions come first"
    seen = set()
    for event in events[:DIVISIONS]:
        data = json.loads(event["data"])
        assert data["parent_code"] is None or data["parent_code"] in seen
        seen.add(data["code"])


async def test_each_load_is_in_the_audit_with_its_file(conn):
    rows = await conn.fetch("SELECT actor, action, reason FROM audit_entries ORDER BY id")
    assert [(row["actor"], row["action"]) for row in rows] == [
        ("system", "registry.division.load"),
        ("system", "registry.office.load"),
    ]
    assert all("guangdong-2023.csv.gz" in row["reason"] for row in rows)


SNAPSHOT = (
    "SELECT md5(string_agg(t, '' ORDER BY t)) FROM (SELECT d::text AS t FROM divisions d UNION ALL "
    "SELECT o::text FROM offices o UNION ALL SELECT e::text FROM naming_report_entries e "
    "UNION ALL SELECT s::text FROM seed_loads s UNION ALL SELECT a::text FROM audit_entries a "
    "UNION ALL SELECT id::text FROM outbox) AS everything"
)


def test_a_second_seeding_changes_nothing_and_does_not_even_open_the_file(
    seeded, run_seed, postgres_server, monkeypatch
):
    name = seeded.split("?")[0].rsplit("/", 1)[1]
    before = postgres_server.run_sql(name, SNAPSHOT)
    monkeypatch.setattr("registry.seeding.service.read_divisions", lambda: pytest.fail("the file was unpacked"))
    assert run_seed(seeded).added == {}
    assert postgres_server.run_sql(name, SNAPSHOT) == before


def test_what_people_changed_since_is_left_alone_even_without_the_note_of_the_load(
    small, small_rows, run_seed, postgres_server
):
    name = small.split("?")[0].rsplit("/", 1)[1]
    told = postgres_server.run_sql(name, "SELECT count(*) FROM outbox")
    postgres_server.run_sql(
        name,
        "UPDATE offices SET name = '改过的名称', version = 2 WHERE division = '441624101201';"
        "UPDATE offices SET status = 'closed', valid_to = '2026-01-01' WHERE division = '441624101202';"
        "DELETE FROM seed_loads",
    )
    rows = "SELECT md5(string_agg(o::text, '' ORDER BY id)), count(*) FROM offices o"
    before = postgres_server.run_sql(name, rows)
    assert run_seed(small, small_rows).added == {"divisions": 0, "offices": 0}
    assert postgres_server.run_sql(name, rows) == before
    assert postgres_server.run_sql(name, "SELECT count(*) FROM outbox") == told


IDS = "SELECT md5(string_agg(id::text, '' ORDER BY id)) FROM (SELECT id FROM divisions UNION ALL SELECT id FROM offices) x"


def test_the_command_prints_the_counts_and_gives_the_same_ids_at_every_site(seeded, service_database, postgres_server):
    other = service_database("registry")
    environment = {**os.environ, "ENVIRONMENT": "test", "DATABASE_URL": other}
    first, second = (
        subprocess.run(
            [sys.executable, "-m", "registry", "seed"], env=environment, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    )
    assert first.startswith("28745 divisions added, 28250 offices added\n")
    assert second.startswith("nothing to add\n")
    assert first.split("\n", 1)[1] == second.split("\n", 1)[1]
    assert "division.county.filler 2\n" in first
    assert "office.service_station 26496\n" in first
    assert "unnamed.name-collision 2\n" in first
    names = [url.split("?")[0].rsplit("/", 1)[1] for url in (seeded, other)]
    assert postgres_server.run_sql(names[0], IDS) == postgres_server.run_sql(names[1], IDS)


def test_a_load_that_breaks_leaves_nothing(service_database, run_seed, small_rows, postgres_server, monkeypatch):
    url = service_database("registry")
    monkeypatch.setattr("registry.seeding.service.store_report", _broken)
    with pytest.raises(RuntimeError):
        run_seed(url, small_rows)
    name = url.split("?")[0].rsplit("/", 1)[1]
    counts = "SELECT (SELECT count(*) FROM divisions), (SELECT count(*) FROM offices), (SELECT count(*) FROM outbox)"
    assert postgres_server.run_sql(name, counts).strip() == f"{len(small_rows)}|0|{len(small_rows)}"
    assert postgres_server.run_sql(name, "SELECT part FROM seed_loads").strip() == "divisions"


async def _broken(*_, **__):
    raise RuntimeError("planted")


def test_the_report_of_a_seeding_names_every_table_and_kind(seeded, run_seed):
    told = report_of(run_seed(seeded))
    assert told.count("\n") == 1 + 9 + 3 + 9
