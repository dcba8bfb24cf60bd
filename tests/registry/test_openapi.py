"""The API is what its document says, for requests of any kind, over a real process and a real socket."""

import json
from pathlib import Path

import httpx
import pytest

from common.process.main import openapi_text
from common.testing.conformance import check_api, serving
from common.testing.tokens import ISSUER, bearer
from registry.__main__ import DEFINITION

COMMITTED = Path(__file__).parents[2] / "services/registry/openapi.json"
PARTS = 3
"""Each with a service of its own, so that the workers share them."""
PUBLIC = {
    "get_aid_areas",
    "list_survey_questions",
    "list_delegations",
    "get_delegation",
    "list_delegation_versions",
    "list_dictionaries",
    "list_division_changes",
    "get_division_change",
    "list_divisions",
    "get_division",
    "get_division_path",
    "list_division_predecessors",
    "list_division_successors",
    "cover_equipment",
    "list_incomplete_offices",
    "summarize_equipment",
    "list_fund_rules",
    "list_offices",
    "propose_office_name",
    "get_sign_coverage",
    "get_office",
    "get_duty_coverage",
    "get_readiness",
    "list_office_versions",
    "list_premises",
    "judge_premises",
    "get_premises",
    "list_premises_versions",
    "list_standards",
    "get_standard",
    "list_standard_versions",
    "summarise_readiness",
    "list_sheets",
    "export_sheet",
    "get_sheet_template",
    "get_summary",
}


@pytest.fixture
def api(small, jwks_file, person_keys):
    environment = {
        "DATABASE_URL": small,
        "BUS_DATABASE_URL": small,
        "OIDC_ISSUER": ISSUER,
        "OIDC_JWKS_FILE": str(jwks_file),
        **{name.upper(): str(path) for name, path in person_keys.items()},
    }
    with serving("registry", environment) as base:
        yield base


def test_the_committed_document_is_that_of_the_code():
    assert COMMITTED.read_text(encoding="utf-8") == openapi_text(DEFINITION)


def test_what_is_public_is_documented_so_and_the_rest_asks_for_a_token():
    document = json.loads(COMMITTED.read_text(encoding="utf-8"))
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert {one["operationId"] for one in operations if not one.get("security")} == PUBLIC


@pytest.mark.parametrize("part", range(PARTS))
def test_every_operation_answers_as_the_document_says(api, world, part):
    document = json.loads(COMMITTED.read_text(encoding="utf-8"))
    document["paths"] = dict(sorted(document["paths"].items())[part::PARTS])
    office = httpx.get(f"{api}/registry/v1/offices", params={"division": world.HEPING_TOWN}).json()["items"][0]
    known = {"office_id": office["id"], "code": world.HEPING_VILLAGE}
    answered = check_api(api, document, headers=bearer(world.province), known=known, examples=8)
    assert answered[200] > 10
    assert answered[422] > 15
    assert answered[400] + answered[403] + answered[404] > 6
