"""Public keys of the identity provider: cached, refetched at a bounded rate for an unknown id, kept when it is down."""

import asyncio
import json
from pathlib import Path
from time import monotonic

import httpx
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from common.auth.errors import KeysUnavailable

Key = RSAKey | ECKey | OKPKey

FRESH_SECONDS = 600.0
STALE_SECONDS = 24 * 3600.0
UNKNOWN_KEY_PAUSE_SECONDS = 15.0
FAILURE_PAUSE_SECONDS = 3.0
FETCH_TIMEOUT_SECONDS = 5.0
MAX_KEYS_BYTES = 512 * 1024

_log = structlog.get_logger("common.auth")


class Keys:
    """Finds verification keys by key id.

    Keys older than ten minutes are renewed in the background while the old ones serve; a provider that is down costs
    nobody a request for a day, then `KeysUnavailable`.

    Args:
        url: JWKS address; or
        file: JWKS on disk.
        transport: for tests.
    """

    def __init__(
        self, *, url: str | None, file: Path | None, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._url = url
        self._file = file
        self._transport = transport
        self._keys: dict[str, Key] = {}
        self._generation = 0
        self._loaded_at = float("-inf")
        self._tried_at = float("-inf")
        self._failed = False
        self._fetching: asyncio.Task[None] | None = None

    @property
    def generation(self) -> int:
        """Grows whenever the set of keys changes, so that what rested on the old ones can be forgotten."""
        return self._generation

    async def find(self, key_id: str | None) -> Key | None:
        """The key, or None if the provider does not know it.

        Raises:
            KeysUnavailable: no usable keys are at hand and the provider does not answer.
        """
        if monotonic() - self._loaded_at > STALE_SECONDS:
            await self._fetch(pause=FAILURE_PAUSE_SECONDS)
            if monotonic() - self._loaded_at > STALE_SECONDS:
                raise KeysUnavailable
        elif monotonic() - self._loaded_at > FRESH_SECONDS:
            self._start(pause=FAILURE_PAUSE_SECONDS)
        found = self._pick(key_id)
        if found is None:
            await self._fetch(pause=UNKNOWN_KEY_PAUSE_SECONDS)
            found = self._pick(key_id)
            if found is None and self._failed:
                raise KeysUnavailable
        return found

    async def aclose(self) -> None:
        """Ends a fetch that is under way."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.gather(self._fetching, return_exceptions=True)

    def _pick(self, key_id: str | None) -> Key | None:
        if key_id is not None:
            return self._keys.get(key_id)
        return next(iter(self._keys.values())) if len(self._keys) == 1 else None

    def _start(self, *, pause: float) -> asyncio.Task[None] | None:
        if self._fetching is not None and not self._fetching.done():
            return self._fetching
        if monotonic() - self._tried_at < pause:
            return None
        self._tried_at = monotonic()
        self._fetching = asyncio.get_running_loop().create_task(self._load(), name="auth-keys")
        return self._fetching

    async def _fetch(self, *, pause: float) -> None:
        task = self._start(pause=pause)
        if task is not None:
            await asyncio.shield(task)

    async def _load(self) -> None:
        try:
            keys = _parse(await self._read())
        except (httpx.HTTPError, OSError, ValueError, TypeError, KeyError, JoseError) as error:
            self._failed = True
            _log.warning("auth_keys_unavailable", error_type=type(error).__name__, keys_at_hand=len(self._keys))
            return
        self._failed = False
        self._loaded_at = monotonic()
        if {name: key.thumbprint() for name, key in keys.items()} != {
            name: key.thumbprint() for name, key in self._keys.items()
        }:
            self._keys = keys
            self._generation += 1

    async def _read(self) -> bytes:
        if self._file is not None:
            return await asyncio.to_thread(self._file.read_bytes)
        assert self._url is not None  # noqa: S101 - the verifier has checked that one of the two is given
        async with (
            httpx.AsyncClient(timeout=FETCH_TIMEOUT_SECONDS, transport=self._transport) as client,
            client.stream("GET", self._url, headers={"Accept": "application/json"}) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                msg = "the provider did not answer with keys"
                raise ValueError(msg)
            body = bytearray()
            async for chunk in answer.aiter_bytes():
                body += chunk
                if len(body) > MAX_KEYS_BYTES:
                    msg = "the key set is too large"
                    raise ValueError(msg)
            return bytes(body)


def _parse(document: bytes) -> dict[str, Key]:
    entries = json.loads(document)["keys"]
    found: dict[str, Key] = {}
    for entry in entries:
        if entry.get("kty") not in {"RSA", "EC", "OKP"} or entry.get("use", "sig") != "sig":
            continue
        try:
            key = KeySet.import_key_set({"keys": [entry]}).keys[0]
        except (JoseError, ValueError, TypeError, KeyError):
            continue
        if isinstance(key, RSAKey | ECKey | OKPKey):
            found[str(key.kid or key.thumbprint())] = key
    if not found:
        msg = "the key set holds no key for signatures"
        raise ValueError(msg)
    return found
