"""The platform as a clerk's software sees it: HTTP with a development token, answers as JSON."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import httpx

from onebox.issuer import DevelopmentIssuer, Person


class Refused(RuntimeError):
    """The platform answered with a problem where the scenario expected success."""


class Desk:
    """One person at one desk.

    Args:
        base_url: of the gateway.
        issuer: signs the person's token.
        person: who works here.
    """

    def __init__(self, base_url: str, issuer: DevelopmentIssuer, person: Person) -> None:
        self.person = person
        self._http = httpx.AsyncClient(
            base_url=base_url, headers={"Authorization": f"Bearer {issuer.token(person)}"}, timeout=30
        )

    async def close(self) -> None:
        """Ends the connections."""
        await self._http.aclose()

    async def ask(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
        etag: str | None = None,
    ) -> httpx.Response:
        """One request, whatever comes back."""
        headers = {}
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid4())
        if etag is not None:
            headers["If-Match"] = etag
        return await self._http.request(method, path, json=body, params=query, headers=headers)

    async def want(self, method: str, path: str, **options: Any) -> tuple[dict[str, Any], str]:
        """One request that must succeed; its body and ETag.

        Raises:
            Refused: it did not.
        """
        answer = await self.ask(method, path, **options)
        if not answer.is_success:
            raise Refused(f"{method} {path}: {answer.status_code} {answer.json().get('code', '')}")
        return answer.json(), answer.headers.get("ETag", "")
