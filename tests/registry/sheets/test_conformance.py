"""The sheets' part of the API is what its document says, for requests of any kind over a real socket."""

import json
from typing import Any

from common.process.main import openapi_text
from common.testing.conformance import check_api, serving
from common.testing.tokens import ISSUER, bearer
from registry.__main__ import DEFINITION


def test_every_operation_of_sheets_answers_as_the_document_says(small: str, jwks_file: Any, world: Any) -> None:
    document = json.loads(openapi_text(DEFINITION))
    document["paths"] = {path: what for path, what in document["paths"].items() if "/sheets" in path}
    assert len(document["paths"]) == 6
    environment = {
        "DATABASE_URL": small, "BUS_DATABASE_URL": small, "OIDC_ISSUER": ISSUER, "OIDC_JWKS_FILE": str(jwks_file)
    }  # fmt: skip
    with serving("registry", environment) as base:
        answered = check_api(base, document, headers=bearer(world.province), examples=15)
    assert answered[200] > 5
    assert answered[400] + answered[422] > 20
