"""What the service says of itself, and that it keeps to it under requests that nobody thought of."""

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from common.auth import Role
from common.db import Database
from common.process.main import openapi_text
from common.testing.conformance import check_api, serving
from common.testing.tokens import ISSUER, bearer, make_actor
from reporting.__main__ import DEFINITION

PARTS = 4
"""Each with a service of its own, so that the workers share them."""
COMMITTED = Path(__file__).parents[3] / "services/reporting/openapi.json"
DOCUMENT = json.loads(COMMITTED.read_text(encoding="utf-8"))
ACTOR = make_actor("440000000000", Role.BUREAU_SUPERVISOR, Role.STATISTICIAN)


@pytest.fixture
def api(database: str, jwks_file: Path, fill_directory: Callable[[Database], Any]) -> Iterator[str]:
    """A process over the divisions of the tests."""

    async def fill() -> None:
        db = Database(database, pool_size=2)
        await fill_directory(db)
        await db.dispose()

    asyncio.run(fill())
    environment = {
        "DATABASE_URL": database,
        "BUS_DATABASE_URL": database,
        "OIDC_ISSUER": ISSUER,
        "OIDC_JWKS_FILE": str(jwks_file),
    }
    with serving("reporting", environment) as base:
        yield base


def test_the_committed_document_is_the_code_s() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == openapi_text(DEFINITION), "run: make write-documents"


def test_every_answer_about_figures_tells_how_fresh_and_how_complete_it_is() -> None:
    for path in ("/figures", "/figures/children", "/completeness", "/completeness/missing", "/statistics"):
        told = DOCUMENT["paths"][f"/reporting/v1{path}"]["get"]["responses"]["200"]["content"]["application/json"]
        name = told["schema"]["$ref"].rpartition("/")[2]
        assert {"as_of", "completeness"} <= set(DOCUMENT["components"]["schemas"][name]["required"]), path


@pytest.mark.parametrize("part", range(PARTS))
def test_every_operation_answers_as_the_document_says(api: str, part: int) -> None:
    document = json.loads(COMMITTED.read_text(encoding="utf-8"))
    document["paths"] = dict(sorted(document["paths"].items())[part::PARTS])
    answered = check_api(api, document, headers=bearer(ACTOR), known={}, bodies={}, examples=6)
    assert answered[200] > 10
    assert answered[404] + answered[409] + answered[428] > 15
    assert answered[400] + answered[422] > 30
