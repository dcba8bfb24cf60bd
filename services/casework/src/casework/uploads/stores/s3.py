"""Files in a bucket of an S3-compatible store (MinIO, Ceph, a cloud's), over plain HTTP requests."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import httpx

from casework.uploads.errors import StoreUnavailable, UploadLost
from casework.uploads.stores.port import PIECE_BYTES, StoredFile, key_of, path_of
from casework.uploads.stores.signing import EMPTY_SHA256, Request, S3Keys, encoded_path, encoded_query, signed_headers
from common.clock import now

PREFIX = "uploads/"
_TIMEOUT = httpx.Timeout(30.0, connect=5.0)
_TRIES = 3
_PAUSE_SECONDS = 0.2
_NOT_FOUND = 404
_OVERLOADED = frozenset({429, 500, 502, 503, 504})


class S3Store:
    """One bucket, addressed by path (`<endpoint>/<bucket>/…`), which every compatible store understands.

    Args:
        endpoint: `https://s3.example`, without a path.
        keys: of an account that may read, write, delete and list below `uploads/`.
    """

    def __init__(self, *, endpoint: str, bucket: str, region: str, keys: S3Keys) -> None:
        self._origin = endpoint.rstrip("/")
        self._host = urlsplit(self._origin).netloc
        self._bucket = bucket
        self._region = region
        self._keys = keys
        self._client = httpx.AsyncClient(timeout=_TIMEOUT, follow_redirects=False, trust_env=False)

    async def put(self, key: str, source: Path) -> None:
        """See `Store`. The key is the body's hash, so the store itself refuses a body that arrives otherwise."""
        length = (await asyncio.to_thread(source.stat)).st_size
        for attempt in range(_TRIES):
            answer = await self._try(
                self._request("PUT", _path(key), payload_sha256=key, length=length, content=_pieces(source)), attempt
            )
            if answer is not None:
                return

    async def get(self, key: str) -> AsyncIterator[bytes]:
        """See `Store`."""
        try:
            answer = await self._client.send(self._request("GET", _path(key)), stream=True)
        except httpx.HTTPError as error:
            raise StoreUnavailable from error
        try:
            if answer.status_code == _NOT_FOUND:
                raise UploadLost
            if not answer.is_success:
                raise StoreUnavailable
            async for piece in answer.aiter_bytes(PIECE_BYTES):
                yield piece
        except httpx.HTTPError as error:
            raise StoreUnavailable from error
        finally:
            await answer.aclose()

    async def has(self, key: str) -> bool:
        """See `Store`."""
        return (await self._ask("HEAD", _path(key))).status_code != _NOT_FOUND

    async def remove(self, key: str) -> None:
        """See `Store`."""
        await self._ask("DELETE", _path(key))

    async def list(self) -> AsyncIterator[StoredFile]:
        """See `Store`."""
        token: str | None = None
        while True:
            query = {"list-type": "2", "prefix": PREFIX} | ({} if token is None else {"continuation-token": token})
            files, token = _listing((await self._ask("GET", "", query)).content)
            for file in files:
                yield file
            if token is None:
                return

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._client.aclose()

    async def _ask(self, method: str, path: str, query: Mapping[str, str] | None = None) -> httpx.Response:
        for attempt in range(_TRIES):
            answer = await self._try(self._request(method, path, query or {}), attempt)
            if answer is not None:
                return answer
        raise StoreUnavailable

    async def _try(self, request: httpx.Request, attempt: int) -> httpx.Response | None:
        """The answer; None when it is worth another try.

        Raises:
            StoreUnavailable: refused, or the last try has failed.
        """
        try:
            answer = await self._client.send(request)
        except httpx.HTTPError as error:
            if attempt == _TRIES - 1:
                raise StoreUnavailable from error
        else:
            if answer.is_success or (answer.status_code == _NOT_FOUND and request.method != "PUT"):
                return answer
            if answer.status_code not in _OVERLOADED or attempt == _TRIES - 1:
                raise StoreUnavailable(store_status=answer.status_code)
        await asyncio.sleep(_PAUSE_SECONDS * 2**attempt)
        return None

    def _request(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        payload_sha256: str = EMPTY_SHA256,
        length: int | None = None,
        content: AsyncIterator[bytes] | None = None,
    ) -> httpx.Request:
        whole = f"/{self._bucket}/{path}"
        signed = Request(method, whole, query or {}, {"host": self._host}, payload_sha256)
        headers = signed_headers(signed, keys=self._keys, region=self._region, at=now().astimezone(UTC))
        if length is not None:
            headers["content-length"] = str(length)
        url = f"{self._origin}{encoded_path(whole)}"
        if query:
            url = f"{url}?{encoded_query(query)}"
        return self._client.build_request(method, url, headers=headers, content=content)


def _path(key: str) -> str:
    return PREFIX + path_of(key)


async def _pieces(source: Path) -> AsyncIterator[bytes]:
    file = await asyncio.to_thread(source.open, "rb")
    try:
        while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
            yield piece
    finally:
        file.close()


def _listing(document: bytes) -> tuple[list[StoredFile], str | None]:
    """One page of a listing, whatever its XML namespace."""
    try:
        root = ET.fromstring(document)  # noqa: S314 - expat of every supported Python limits what entities unfold to
    except ET.ParseError as error:
        raise StoreUnavailable from error
    files = []
    for element in root.iterfind("{*}Contents"):
        key = key_of((element.findtext("{*}Key") or "").rpartition("/")[2])
        changed = element.findtext("{*}LastModified")
        if key is not None and changed:
            files.append(StoredFile(key, datetime.fromisoformat(changed)))
    is_more = root.findtext("{*}IsTruncated") == "true"
    return files, (root.findtext("{*}NextContinuationToken") if is_more else None)
