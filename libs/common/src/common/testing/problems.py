"""What a refusal looks like from outside."""

# ruff: noqa: S101 - it is for tests

from typing import Any

import httpx


def problem(answer: httpx.Response, status: int, code: str, clause: str | None = None) -> dict[str, Any]:
    """The body of an answer that has to be this problem, told in Chinese; with a clause, of this clause.

    Raises:
        AssertionError: it is another answer.
    """
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body: dict[str, Any] = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), body
    assert body["type"] == f"urn:jiceng:problem:{code}"
    assert any("\u4e00" <= char <= "\u9fff" for char in body["title"])
    assert clause is None or body["clause"] == clause, body
    return body
