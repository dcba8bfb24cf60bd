"""A small S3 on loopback for tests: keeps objects in memory and checks every signature in its own way.

It is written from the signing process's description and shares nothing with the adapter.
"""

import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

ACCESS, SECRET, BUCKET, REGION = "tests", "the secret of the tests", "materials", "cn-south-1"
PAGE = 2
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})"
)


class S3Server(ThreadingHTTPServer):
    """The server with its objects, and switches that make it fail."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.objects: dict[str, tuple[bytes, datetime]] = {}
        self.fail_next: list[int] = []
        self.refused: list[str] = []

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server: S3Server

    def log_message(self, *_: Any) -> None:
        pass

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self._is_let_in(body):
            self.server.objects[self._key()] = (body, datetime.now(UTC))
            self._answer(200)

    def do_GET(self) -> None:
        if not self._is_let_in(b""):
            return
        query = dict(parse_qsl(urlsplit(self.path).query))
        if query.get("list-type") == "2":
            self._answer(200, self._listing(query))
        elif self._key() in self.server.objects:
            self._answer(200, self.server.objects[self._key()][0])
        else:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    def do_HEAD(self) -> None:
        if self._is_let_in(b""):
            self._answer(200 if self._key() in self.server.objects else 404)

    def do_DELETE(self) -> None:
        if self._is_let_in(b""):
            self.server.objects.pop(self._key(), None)
            self._answer(204)

    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).removeprefix(f"/{BUCKET}/")

    def _listing(self, query: dict[str, str]) -> bytes:
        keys = sorted(key for key in self.server.objects if key.startswith(query["prefix"]))
        start = int(query.get("continuation-token", "0").removeprefix("token + "))
        shown = "".join(
            f"<Contents><Key>{escape(key)}</Key>"
            f"<LastModified>{self.server.objects[key][1]:%Y-%m-%dT%H:%M:%S.000Z}</LastModified></Contents>"
            for key in keys[start : start + PAGE]
        )
        is_more = start + PAGE < len(keys)
        more = f"<NextContinuationToken>token + {start + PAGE}</NextContinuationToken>" if is_more else ""
        return (
            '<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
            f"<IsTruncated>{str(is_more).lower()}</IsTruncated>{shown}{more}</ListBucketResult>"
        ).encode()

    def _is_let_in(self, body: bytes) -> bool:
        if self.server.fail_next:
            self._answer(self.server.fail_next.pop(0))
            return False
        reason = self._fault(body)
        if reason is not None:
            self.server.refused.append(reason)
            self._answer(403, f"<Error><Code>{reason}</Code></Error>".encode())
        return reason is None

    def _fault(self, body: bytes) -> str | None:
        """What is wrong with the signature, checked from what came over the wire."""
        found = _AUTHORIZATION.fullmatch(self.headers.get("Authorization", ""))
        if found is None:
            return "AccessDenied"
        access, day, region, names, signature = found.groups()
        stamp = self.headers["x-amz-date"]
        sent = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if (access, region) != (ACCESS, REGION) or not stamp.startswith(day):
            return "InvalidAccessKeyId"
        if abs(datetime.now(UTC) - sent) > timedelta(minutes=15):
            return "RequestTimeTooSkewed"
        if not {"host", "x-amz-date", "x-amz-content-sha256"} <= set(names.split(";")):
            return "SignatureIncomplete"
        if hashlib.sha256(body).hexdigest() != self.headers["x-amz-content-sha256"]:
            return "XAmzContentSHA256Mismatch"
        address = urlsplit(self.path)
        query = sorted((quote(k, safe="-_.~"), quote(v, safe="-_.~")) for k, v in parse_qsl(address.query))
        canonical = f"{self.command}\n{address.path}\n" + "&".join(f"{k}={v}" for k, v in query) + "\n"
        for name in names.split(";"):
            canonical += f"{name}:{' '.join(self.headers[name].split())}\n"
        canonical += f"\n{names}\n{self.headers['x-amz-content-sha256']}"
        told = f"AWS4-HMAC-SHA256\n{stamp}\n{day}/{region}/s3/aws4_request\n"
        told += hashlib.sha256(canonical.encode()).hexdigest()
        key = ("AWS4" + SECRET).encode()
        for part in (day, region, "s3", "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        right = hmac.digest(key, told.encode(), "sha256").hex()
        return None if hmac.compare_digest(right, signature) else "SignatureDoesNotMatch"

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@contextmanager
def s3_server() -> Iterator[S3Server]:
    """The server, serving."""
    server = S3Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
