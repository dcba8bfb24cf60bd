"""The API is what its document says, for requests of any kind, over a real process and a real socket."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from casework.__main__ import DEFINITION
from common.process.main import openapi_text
from common.testing.conformance import check_api, serving
from common.testing.tokens import ISSUER, bearer

PARTS = 4
"""Each with a service of its own, so that the workers share them."""
COMMITTED = Path(__file__).parents[2] / "services/casework/openapi.json"


@pytest.fixture
def api(database, keys_file, jwks_file, world):
    asyncio.run(world.fill_directory(database))
    environment = {
        "DATABASE_URL": database,
        "BUS_DATABASE_URL": database,
        "OIDC_ISSUER": ISSUER,
        "OIDC_JWKS_FILE": str(jwks_file),
        "CRYPTO_KEYS_FILE": str(keys_file),
    }
    with serving("casework", environment) as base:
        yield base


def test_the_committed_document_is_that_of_the_code():
    assert COMMITTED.read_text(encoding="utf-8") == openapi_text(DEFINITION)


@pytest.mark.parametrize("part", range(PARTS))
def test_every_operation_answers_as_the_document_says(api, world, part):
    document = json.loads(COMMITTED.read_text(encoding="utf-8"))
    document["paths"] = dict(sorted(document["paths"].items())[part::PARTS])
    token = bearer(world.HEAD)
    made = httpx.post(f"{api}/casework/v1/cases", json=world.case_body(), headers={**token, "Idempotency-Key": "first"})
    known = {"case_id": made.json()["id"], "code": "B01"}
    bodies = {"register_case": world.case_body(2), "disclose_applicant": {"reason": "核对身份"}}
    answered = check_api(api, document, headers=token, known=known, bodies=bodies, examples=8)
    assert answered[200] > 10
    assert answered[403] + answered[404] + answered[409] + answered[412] > 15
    assert answered[400] + answered[422] > 30
