"""The description tells what the service really answers, and its page needs no internet."""

import re

import pytest
from fastapi import APIRouter

from common.http import create_service_app
from common.settings import ServiceSettings

from .conftest import client_of, make_app


@pytest.fixture(scope="module")
def document() -> dict:
    return make_app().openapi()


def test_operations_have_readable_names_and_tags(document) -> None:
    operations = {
        operation["operationId"]: operation for path in document["paths"].values() for operation in path.values()
    }
    assert {"get_me", "create_thing", "list_things", "get_thing", "rename_thing"} <= operations.keys()
    assert all(operation["tags"] for operation in operations.values())
    assert all(path.startswith("/sample/v1/") for path in document["paths"])


def test_each_operation_tells_the_problems_that_it_can_have(document) -> None:
    def told(path: str, method: str) -> set[str]:
        return set(document["paths"][f"/sample/v1{path}"][method]["responses"])

    assert told("/me", "get") == {"200", "401", "403", "500", "503"}
    created = {"201", "400", "401", "403", "404", "409", "413", "415", "422", "428", "500", "503"}
    assert told("/things", "post") == created
    assert told("/things/{thing_id}", "get") == {"200", "400", "401", "403", "404", "422", "500", "503"}
    assert {"409", "412", "428"} <= told("/things/{thing_id}", "put")
    problem = document["paths"]["/sample/v1/things"]["post"]["responses"]["422"]["content"]
    assert problem == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def test_frameworks_own_error_forms_are_gone(document) -> None:
    assert "HTTPValidationError" not in str(document)
    assert {"Problem", "FieldError", "NewThing"} <= document["components"]["schemas"].keys()
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_headers_that_writes_need_are_told(document) -> None:
    parameters = {
        parameter["name"]: parameter
        for parameter in document["paths"]["/sample/v1/things/{thing_id}"]["put"]["parameters"]
    }
    assert (parameters["If-Match"]["in"], parameters["If-Match"]["required"]) == ("header", True)
    assert "428" in parameters["If-Match"]["description"]


def test_two_endpoints_of_one_name_are_refused_at_the_start() -> None:
    first, second = APIRouter(prefix="/a"), APIRouter(prefix="/b")
    for router in (first, second):

        @router.get("")
        async def list_things() -> None:
            return None

    with pytest.raises(ValueError, match="two endpoints are called list_things"):
        create_service_app(
            name="sample", title="t", settings=ServiceSettings.offline(), lifespan=None, routers=[first, second]
        )


async def test_the_page_and_its_files_come_from_here() -> None:
    async with client_of(make_app()) as client:
        page = await client.get("/sample/docs")
        policy = page.headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "unsafe-inline" not in policy.split("style-src")[0]
        addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        assert len(addresses) == 4
        for address in addresses:
            assert address.startswith("/sample/docs/")
            assert (await client.get(address)).status_code == 200
        assert "<script>" not in page.text
        bundle = (await client.get("/sample/docs/swagger-ui-bundle.js")).text
        assert re.search(r'PACKAGE_VERSION:"5\.', bundle), "OpenAPI 3.1 needs Swagger UI 5"
        assert '"/sample/openapi.json"' in (await client.get("/sample/docs/start.js")).text
        assert (await client.get("/sample/openapi.json")).json()["openapi"].startswith("3.1")
