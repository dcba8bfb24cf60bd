"""Runbooks are run: their SQL on the services' databases, their commands against the parsers, their code as it stands."""

import asyncio
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import jsonschema
import pytest
import yaml

from common.crypto import FieldCipher, Keyring, generate_keyring
from common.process.main import _parser

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs/runbooks").glob("*.md"))
SERVICES = ("casework", "registry", "reporting", "sync")


def _blocks(kind: str) -> list[Any]:
    """Fenced blocks of a kind with what stands behind it; blocks inside lists are indented."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for number, block in enumerate(
            re.finditer(rf"^( *)```{kind} ?(\w*)\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE)
        ):
            lines = [line.removeprefix(block[1]) for line in block[3].splitlines()]
            found.append(pytest.param(block[2], "\n".join(lines), id=f"{page.stem}-{number}"))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_is_short(page: Path) -> None:
    assert 30 <= len(page.read_text(encoding="utf-8").splitlines()) <= 80


@pytest.mark.parametrize(("service", "statement"), _blocks("sql"))
async def test_sql_runs_on_the_service_it_is_for(
    service: str, statement: str, service_database: Callable[[str], str]
) -> None:
    assert service in SERVICES
    conn = await asyncpg.connect(service_database(service))
    try:
        await conn.execute(statement)
    finally:
        await conn.close()


def test_every_page_that_shows_sql_is_covered() -> None:
    written = sum(page.read_text(encoding="utf-8").count("```sql") for page in PAGES)
    assert written == len(_blocks("sql")) > 5


def _commands() -> list[Any]:
    found = []
    for page in PAGES:
        for command in re.findall(r"python -m (\w+ [^`\n]*)", page.read_text(encoding="utf-8")):
            words = shlex.split(command.replace("<event_id>", "01890a5d-ac96-774b-bcce-b302099a8057"))
            found.append(pytest.param(words, id=f"{page.stem}: {' '.join(words)}"))
    return found


@pytest.mark.parametrize("words", _commands())
def test_commands_are_commands(words: list[str], definitions: dict[str, Any]) -> None:
    service, *arguments = words
    assert _parser(definitions[service]).parse_args(arguments)


def test_named_deployments_groups_topics_and_codes_exist(production: Any) -> None:
    from common.contracts.topics import TOPICS

    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    names = {one.name for one in production.workloads}
    assert set(re.findall(r"\bdeploy/([a-z]+-(?:api|worker|relay))\b", text)) <= names
    assert set(re.findall(r"\bjob/([a-z-]+)\b", text)) <= names
    known = {(group, topic.name) for topic in TOPICS for group in topic.groups}
    assert set(re.findall(r"--group ([a-z-]+) --topic ([a-z0-9.]+)", text)) <= known
    sources = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in (ROOT / "libs/common/src", ROOT / "services")
        for path in folder.rglob("*.py")
    )
    codes = set(re.findall(r"`((?:event|sync|service)\.[a-z-]+|(?:relay|process|consumer)\.[a-z-]+)`", text))
    assert codes
    for code in codes:
        assert f'"{code}"' in sources, code


def test_the_restored_cluster_fits_its_schema_and_follows_the_present_one(production: Any) -> None:
    ((_, text),) = (param.values for param in _blocks("yaml"))
    schema = json.loads((Path(__file__).parent / "schemas/Cluster.json").read_text(encoding="utf-8"))
    restored = yaml.safe_load(text.replace('"2026-11-20T01:30:00Z"', "'2026-11-20T01:30:00Z'"))
    jsonschema.Draft202012Validator(schema).validate(restored)
    present = production.named("Cluster", restored["metadata"]["name"])["spec"]
    (origin,) = restored["spec"]["externalClusters"]
    (plugin,) = present["plugins"]
    assert origin["plugin"]["name"] == plugin["name"]
    assert origin["plugin"]["parameters"]["barmanObjectName"] == plugin["parameters"]["barmanObjectName"]
    assert restored["spec"]["plugins"][0]["parameters"]["serverName"] != origin["plugin"]["parameters"]["serverName"]


def test_the_two_steps_of_a_key_rotation_open_each_others_fields(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ((_, code),) = (param.values for param in _blocks("python"))
    monkeypatch.chdir(tmp_path)
    generate_keyring().save(tmp_path / "keys.json")
    before = FieldCipher(Keyring.load(tmp_path / "keys.json"))
    exec(compile(code, "rotate-keys.md", "exec"), {})
    step_1, step_2 = (FieldCipher(Keyring.load(tmp_path / f"step-{number}.json")) for number in (1, 2))
    ciphers = {"before": before, "step 1": step_1, "step 2": step_2}
    sealed = {name: cipher.encrypt("张三", context="x") for name, cipher in ciphers.items()}
    for writer, reader in (("before", "step 1"), ("step 1", "before"), ("step 1", "step 2"), ("step 2", "step 1")):
        assert ciphers[reader].decrypt(sealed[writer], context="x") == "张三", f"{reader} reads {writer}"
    assert step_2.needs_rotation(sealed["step 1"])
    assert before.blind_index("1", context="x") in step_2.blind_indexes("1", context="x")


def _casework(command: str, url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "casework", command],
        env=os.environ | {"DATABASE_URL": url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_an_older_release_takes_a_newer_schema_for_newer(service_database: Callable[[str], str]) -> None:
    """upgrade.md, «Going back»: the migration of the old release fails harmlessly, its readiness does not."""
    from casework.__main__ import DEFINITION
    from common.db import Database
    from common.process import is_at_head

    url = service_database("casework")

    async def raise_revision() -> None:
        conn = await asyncpg.connect(url)
        await conn.execute("UPDATE alembic_version SET version_num = '99991231_2359'")
        await conn.close()

    async def ready() -> bool:
        db = Database(url, pool_size=1)
        try:
            return await is_at_head(db, DEFINITION.migrations)
        finally:
            await db.dispose()

    asyncio.run(raise_revision())
    done = _casework("migrate", url)
    assert done.returncode != 0
    assert "Can't locate revision" in done.stdout + done.stderr
    assert asyncio.run(ready())


async def test_a_rewound_relay_sends_all_again(service_database: Callable[[str], str]) -> None:
    """bus-wiped-or-lost-position.md: what the command leaves is where a relay begins that has never sent anything."""
    url = service_database("casework")
    conn = await asyncpg.connect(url)
    await conn.execute("UPDATE relay_state SET lo = '12345', hi = '23456', last_id = 99")
    done = await asyncio.to_thread(_casework, "rewind-relay", url)
    assert done.returncode == 0, done.stderr
    state = await conn.fetchrow("SELECT lo::text, hi::text, last_id FROM relay_state")
    await conn.close()
    assert tuple(state) == ("0", None, 0)
