"""Signature Version 4, as S3 and everything compatible with it asks for it, for requests without a query secret.

Source: AWS General Reference, "Signing AWS API requests"; tested against its published example and against a verifier
of its own. No library: the smallest that does it brings a client for a whole cloud.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from casework.uploads.errors import StoreNotConfigured

ALGORITHM = "AWS4-HMAC-SHA256"
EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()
_UNRESERVED = "-_.~"


@dataclass(frozen=True, slots=True)
class S3Keys:
    """An account of the store; the secret never shows in a representation."""

    access_key: str
    secret_key: str = field(repr=False)

    @classmethod
    def load(cls, path: Path) -> "S3Keys":
        """Reads `{"access_key": …, "secret_key": …}`.

        Raises:
            StoreNotConfigured: the file cannot be read or is not of the form.
        """
        try:
            document = json.loads(path.read_bytes())
            return cls(str(document["access_key"]), str(document["secret_key"]))
        except (OSError, ValueError, KeyError, TypeError):
            raise StoreNotConfigured("材料存储的密钥文件无法读取") from None


@dataclass(frozen=True, slots=True)
class Request:
    """What is signed.

    Attributes:
        path: absolute, not encoded.
        query: names and values, not encoded.
        headers: all that are to be signed, `host` among them.
        payload_sha256: of the body, hexadecimal.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    payload_sha256: str


def signed_headers(request: Request, *, keys: S3Keys, region: str, at: datetime) -> dict[str, str]:
    """The headers of the request with its date and its signature.

    Args:
        at: now, aware, UTC.
    """
    stamp = at.strftime("%Y%m%dT%H%M%SZ")
    headers = {
        **{name.lower(): value.strip() for name, value in request.headers.items()},
        "x-amz-content-sha256": request.payload_sha256,
        "x-amz-date": stamp,
    }
    names = ";".join(sorted(headers))
    scope = f"{stamp[:8]}/{region}/s3/aws4_request"
    told = "\n".join([ALGORITHM, stamp, scope, hashlib.sha256(_canonical(request, headers).encode()).hexdigest()])
    signature = hmac.new(_key(keys, stamp[:8], region), told.encode(), hashlib.sha256).hexdigest()
    credential = f"{keys.access_key}/{scope}"
    authorization = f"{ALGORITHM} Credential={credential},SignedHeaders={names},Signature={signature}"
    return {**headers, "authorization": authorization}


def encoded_query(query: Mapping[str, str]) -> str:
    """The query as it is signed, and therefore as it is sent."""
    return "&".join(f"{quote(name, safe=_UNRESERVED)}={quote(query[name], safe=_UNRESERVED)}" for name in sorted(query))


def encoded_path(path: str) -> str:
    """The path as it is signed and sent."""
    return quote(path, safe=f"/{_UNRESERVED}")


def _canonical(request: Request, headers: Mapping[str, str]) -> str:
    return "\n".join(
        [
            request.method,
            encoded_path(request.path),
            encoded_query(request.query),
            *(f"{name}:{headers[name]}" for name in sorted(headers)),
            "",
            ";".join(sorted(headers)),
            request.payload_sha256,
        ]
    )


def _key(keys: S3Keys, day: str, region: str) -> bytes:
    key = f"AWS4{keys.secret_key}".encode()
    for part in (day, region, "s3", "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key
