"""What the service says of itself, and that it keeps to it under requests that nobody thought of."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS

from common.auth import Role
from common.process.main import openapi_text
from common.testing.tokens import bearer, make_actor
from reporting.__main__ import DEFINITION

COMMITTED = Path(__file__).parents[3] / "services/reporting/openapi.json"
DOCUMENT = json.loads(COMMITTED.read_text(encoding="utf-8"))
ACTOR = make_actor("440000000000", Role.STATISTICIAN)
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
_ELSEWHERE = {"ignored_auth", "positive_data_acceptance"}
"""Who may ask, and which rules refuse what a schema allows (a period of two years), is tested beside each endpoint."""
_NOT_HERE = [check for check in CHECKS.get_all() if check.__name__ in _ELSEWHERE]


def test_the_committed_document_is_the_code_s() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == openapi_text(DEFINITION), "run: make write-documents"


def test_every_answer_about_figures_tells_how_fresh_and_how_complete_it_is() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    for name in ("FiguresAnswer", "ChildrenPage", "CompletenessAnswer", "MissingPage"):
        assert {"as_of", "completeness"} <= set(schemas[name]["required"])


@pytest.mark.parametrize("path", sorted(DOCUMENT["paths"]))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
async def test_answers_whatever_is_asked_as_documented(app: Any, filled: Any, path: str, data: st.DataObject) -> None:
    case = data.draw(SCHEMA[path]["GET"].as_strategy())
    wanted = case.as_transport_kwargs(base_url="http://reporting.test", headers=bearer(ACTOR))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport) as client:
        answer = await client.request(
            wanted["method"], wanted["url"], params=wanted.get("params"), headers=dict(wanted["headers"])
        )
    assert answer.status_code < 500, answer.text
    case.validate_response(answer, excluded_checks=_NOT_HERE)
