"""An HTTP client of one kept connection that costs next to nothing.

A general client takes about 1 ms of the cores that it shares with the server, as long as a small answer takes whole.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlencode

_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)


class Wire:
    """GET requests, one after the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, headers: Mapping[str, str]) -> None:
        self._reader, self._writer = reader, writer
        self._head = "".join(f"{name}: {value}\r\n" for name, value in {"Host": "benchmark", **headers}.items())

    async def get(self, path: str, **params: str) -> bytes:
        """The body of an answer.

        Raises:
            RuntimeError: it is no 200.
        """
        target = f"{path}?{urlencode(params)}" if params else path
        self._writer.write(f"GET {target} HTTP/1.1\r\n{self._head}\r\n".encode())
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        body = await self._reader.readexactly(int(length[1]) if length else 0)
        if not head.startswith(b"HTTP/1.1 200 "):
            msg = f"{path}: {head[:40]!r} {body[:200]!r}"
            raise RuntimeError(msg)
        return body


@asynccontextmanager
async def wire(port: int, headers: Mapping[str, str]) -> AsyncIterator[Wire]:
    """A connection to a port of this machine."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Wire(reader, writer, headers)
    finally:
        writer.close()
        await writer.wait_closed()
