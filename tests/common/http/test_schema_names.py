"""Names of schemas in the document: by feature where two features use one name, never by module path."""

from pydantic import create_model

from common.http.openapi import DescribedApi


def test_two_features_with_a_model_of_one_name_are_told_apart_by_feature() -> None:
    api = DescribedApi()
    for feature in ("cases", "complaints"):
        members = {f"{feature}_note": (str, ...)}
        body = create_model("AcceptanceBody", __module__=f"casework.{feature}.schemas.bodies", **members)

        def accept(told: body) -> None:  # type: ignore[valid-type]
            """Accepts."""

        api.post(f"/{feature}", operation_id=f"accept_{feature}")(accept)
    document = api.openapi()
    names = set(document["components"]["schemas"])
    assert {"CasesAcceptanceBody", "ComplaintsAcceptanceBody"} <= names
    assert not any("__" in name for name in names)
    shown = document["paths"]["/cases"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert shown == {"$ref": "#/components/schemas/CasesAcceptanceBody"}
