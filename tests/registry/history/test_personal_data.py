"""No free text of a request may hold somebody's number: it would be stored, published and audited. Source: ADR 0005."""

import typing
from collections.abc import Iterator
from typing import Annotated, Any
from uuid import uuid4

import pytest
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from common.http import IMPERSONAL, StrictModel, impersonal
from common.http.models import PERSONAL_DATA
from common.testing.persons import synthetic_person
from common.testing.tokens import bearer
from registry.__main__ import DEFINITION
from registry.offices.domain import OFFICE_PHONE

SOMEBODY = synthetic_person(4)
OF_SOMEBODY = f"所长 {SOMEBODY.id_number} {SOMEBODY.phone} 病假"
ANY = str(uuid4())
DAY = "2026-01-01"
CHECKED_WITH_THE_NAME = ("registry.staff.", "registry.pay.", "registry.training.", "registry.staffing.")
"""Their use cases know the person, and look for the name as well."""

FORMS = ("^[0-9", "^[1-9]", "^([01]", f"^{OFFICE_PHONE}$")
"""Patterns that leave no room for words."""

NO_FREE_TEXT = {
    *(
        "FactsBody.uscc",
        "OfficeBody.uscc",
        "OfficePatch.uscc",
        "ContractBody.provider_uscc",
        "ContractPatch.provider_uscc",
    ),
    *("SurveyBody.findings", "SurveyPatch.findings"),
}
"""Checked by a use case, digit by digit; or value by value."""

CASES: list[tuple[str, str, dict[str, Any], str]] = [
    ("PATCH", f"/offices/{ANY}", {"status": "suspended", "reason": OF_SOMEBODY}, "/reason"),
    ("PATCH", f"/offices/{ANY}", {"platform": OF_SOMEBODY}, "/platform"),
    ("PATCH", f"/offices/{ANY}", {"sign_photo": OF_SOMEBODY}, "/sign_photo"),
    ("PATCH", f"/offices/{ANY}", {"sign_version": SOMEBODY.id_number}, "/sign_version"),
    ("PATCH", f"/offices/{ANY}", {"name": OF_SOMEBODY}, "/name"),
    ("PATCH", f"/offices/{ANY}", {"form": None, "document": OF_SOMEBODY}, "/document"),
    ("PATCH", f"/offices/{ANY}", {"name": "测试所", "name_approval": {"reason": "类似镇级单位", "document": OF_SOMEBODY}},
     "/name_approval/document"),
    ("PATCH", f"/premises/{ANY}", {"address": OF_SOMEBODY}, "/address"),
    ("PATCH", f"/premises/{ANY}", {"certificate": OF_SOMEBODY}, "/certificate"),
    ("PATCH", f"/premises/{ANY}", {"windows": [{"number": SOMEBODY.phone}]}, "/windows/0/number"),
    ("POST", f"/premises/{ANY}/waiver",
     {"reason": "无房源", "approver": OF_SOMEBODY, "document": "1号", "expires_on": DAY}, "/approver"),
    ("POST", f"/premises/{ANY}/works",
     {"aid_grant_id": ANY, "cost_fen": 1, "description": OF_SOMEBODY, "done_on": DAY}, "/description"),
    ("PATCH", f"/equipment/{ANY}", {"model": OF_SOMEBODY}, "/model"),
    ("PATCH", f"/equipment/{ANY}", {"quantity": 1, "reason": OF_SOMEBODY}, "/reason"),
    ("PATCH", f"/budget-lines/{ANY}", {"document": OF_SOMEBODY}, "/document"),
    ("POST", "/town-supplements", {"office_id": ANY, "year": 2026, "amount_fen": 1, "purpose": OF_SOMEBODY}, "/purpose"),
    ("POST", "/fund-expenses",
     {"office_id": ANY, "source": "city", "use": "social_security", "amount_fen": 1, "spent_on": DAY, "purpose": "培训",
      "voucher": SOMEBODY.id_number}, "/voucher"),
    ("PATCH", f"/service-contracts/{ANY}", {"provider": OF_SOMEBODY}, "/provider"),
    ("POST", "/delegations",
     {"office_id": ANY, "power": OF_SOMEBODY, "duty": "employment_services", "from_division": "441624000000",
      "starts_on": DAY, "document": "1号"}, "/power"),
    ("PATCH", f"/baseline-surveys/{ANY}", {"community_centre": OF_SOMEBODY}, "/community_centre"),
    ("PATCH", f"/baseline-surveys/{ANY}", {"shared_systems": ["金保工程", OF_SOMEBODY]}, "/shared_systems/1"),
    ("PATCH", f"/baseline-surveys/{ANY}", {"findings": {"staff": 3, "remarks": OF_SOMEBODY}}, "/findings"),
    ("POST", "/division-changes",
     {"kind": "rename", "effective_on": DAY, "document": OF_SOMEBODY}, "/document"),
    ("POST", "/division-changes",
     {"kind": "rename", "effective_on": DAY, "document": "1号",
      "targets": [{"code": "441624101000", "name": OF_SOMEBODY}]}, "/targets/0/name"),
    ("PATCH", f"/establishments/{ANY}", {"quota": 1, "document": "1号", "reason": OF_SOMEBODY}, "/reason"),
]  # fmt: skip


async def kept(desk: Any) -> list[Any]:
    return list(
        await desk.rows(
            "SELECT (SELECT count(*) FROM record_versions), (SELECT count(*) FROM outbox), "
            "(SELECT count(*) FROM audit_entries), (SELECT count(*) FROM idempotency_keys)"
        )
    )


async def test_a_text_with_a_number_of_somebody_is_refused_and_goes_nowhere(small_desk: Any, world: Any) -> None:
    """Source: standards.md §9; ADR 0005."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    headers = {**bearer(world.supervisor), "If-Match": '"1"', "Idempotency-Key": "k-1"}
    before = await kept(small_desk)
    for method, path, body, pointer in CASES:
        url = "/registry/v1" + path.replace(f"/offices/{ANY}", f"/offices/{office['id']}")
        answer = await small_desk.client.request(method, url, json=body, headers=headers)
        told = answer.json()
        assert (answer.status_code, told["code"]) == (422, "request.validation-failed"), (path, pointer, answer.text)
        assert [one for one in told["errors"] if one["pointer"] == pointer] == [
            {"in": "body", "pointer": pointer, "code": "personal-data", "message": PERSONAL_DATA.message}
        ], (path, pointer)
        assert SOMEBODY.id_number not in answer.text
        assert await kept(small_desk) == before, (path, pointer)


async def test_numbers_of_documents_codes_and_telephones_are_nobodys(small_desk: Any, world: Any) -> None:
    """Source: O1.3b, standards.md §9."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    for version, body in enumerate(
        (
            {"status": "suspended", "reason": "按粤府办〔2011〕65号整修", "document": "粤人社规〔2011〕16号"},
            {"phone": "0762-5550123", "uscc": "12440300MB2C91234U", "document": "粤府令第311号"},
            {"phone": "13800138000"},
            {
                "sign_photo": "HPDB-2026-000123",
                "sign_version": "2024.1",
            },
        ),
        start=1,
    ):
        answer = await small_desk.change(world.supervisor, office["id"], version, **body)
        assert "personal-data" not in answer.text
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    "text",
    [
        "粤府办〔2011〕65号",
        "粤（2022）广州市不动产权第04012345号",
        "中华人民共和国房屋所有权证 粤房地权证和字第0100012345号",
        "91440300MA5EQ1AB2C",
        "大坝镇人民路1号，0762-5550123",
        "合同编号HT-2026-0001-441624101000",
    ],
)
def test_what_only_looks_long_is_let_through_as_it_is(text: str) -> None:
    """Source: standards.md §9."""
    assert impersonal(text) == text


@pytest.mark.parametrize("text", ["电话１３８００１３８０００", "138 0013 8000", "440301 19900101 123x"])
def test_other_ways_to_write_a_number_are_known(text: str) -> None:
    """Source: standards.md §9."""
    with pytest.raises(PydanticCustomError) as told:
        impersonal(text)
    assert told.value.type == PERSONAL_DATA.code


def texts_of(hint: Any, told: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """What is said of every text in a type."""
    if typing.get_origin(hint) is Annotated:
        hint, *more = typing.get_args(hint)
        flat = [part for one in more for part in (one.metadata if isinstance(one, FieldInfo) else [one])]
        yield from texts_of(hint, (*told, *flat))
    elif hint is str:
        yield told
    else:
        for part in typing.get_args(hint):
            yield from texts_of(part, told)


def bodies(model: type[StrictModel] = StrictModel) -> Iterator[type[StrictModel]]:
    """Every model of a request of the registry."""
    for one in model.__subclasses__():
        yield from bodies(one)
        if one.__module__.startswith("registry."):
            yield one


def test_every_free_text_of_a_request_is_checked() -> None:
    """Whoever adds a text says that it holds nobody's number, or that it has a form. Source: standards.md §9."""
    assert DEFINITION.name == "registry"
    unchecked = {
        f"{body.__name__}.{name}"
        for body in bodies()
        if not body.__module__.startswith(CHECKED_WITH_THE_NAME)
        for name, field in body.model_fields.items()
        for told in texts_of(Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation)
        if IMPERSONAL not in told
        and not any(str(getattr(one, "pattern", None) or "").startswith(FORMS) for one in told)
    }
    assert unchecked == NO_FREE_TEXT
