"""What casework is told by its environment."""

from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from common.settings import EnvironmentSettings, ServiceSettings

_MEBIBYTE = 1024 * 1024
Count = Annotated[int, Field(ge=1)]


class UploadSettings(EnvironmentSettings):
    """Where files are kept that applicants hand in, and what such a file may be at most.

    Without UPLOADS_DIR and UPLOADS_S3_ENDPOINT the service runs and takes no files.
    """

    uploads_dir: Path | None = None
    uploads_spool_dir: Path | None = None
    uploads_s3_endpoint: str | None = None
    uploads_s3_bucket: str | None = None
    uploads_s3_region: str = "us-east-1"
    uploads_s3_keys_file: Path | None = None
    uploads_max_bytes: Annotated[int, Field(ge=1024)] = 20 * _MEBIBYTE
    uploads_max_pixels: Count = 60_000_000
    uploads_max_entries: Count = 2_000
    uploads_max_unfolded_bytes: Count = 200 * _MEBIBYTE
    uploads_max_ratio: Count = 100
    uploads_receive_seconds: Count = 300
    uploads_max_pending: Count = 30
    uploads_max_at_once: Count = 6
    uploads_orphan_days: Count = 7
    uploads_sweep_max_percent: Annotated[int, Field(ge=1, le=100)] = 20

    @field_validator("uploads_s3_endpoint")
    @classmethod
    def _is_origin(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "https://none")
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/") or parts.query:
            message = "must be an origin such as https://s3.example"
            raise ValueError(message)
        return value


class OnlineSettings(EnvironmentSettings):
    """How often somebody without a token may ask how a case stands.

    HTTP_TRUSTED_PROXIES is how many proxies of our own stand before the service and append to X-Forwarded-For; with 0
    the connection's own address counts. BOOKINGS_MAX_OPEN is how many bookings a citizen's account may have open.
    """

    progress_per_address: Count = 20
    progress_per_case: Count = 10
    progress_window_seconds: Count = 600
    bookings_max_open: Count = 5
    http_trusted_proxies: Annotated[int, Field(ge=0, le=10)] = 0


class CaseworkSettings(UploadSettings, OnlineSettings, ServiceSettings):
    """CRYPTO_KEYS_FILE is needed by the API role."""

    @model_validator(mode="after")
    def _one_store(self) -> Self:
        named = [self.uploads_s3_endpoint, self.uploads_s3_bucket, self.uploads_s3_keys_file]
        if any(value is not None for value in named):
            if None in named:
                message = "UPLOADS_S3_ENDPOINT, UPLOADS_S3_BUCKET and UPLOADS_S3_KEYS_FILE come together"
                raise ValueError(message)
            if self.uploads_dir is not None:
                message = "UPLOADS_DIR and UPLOADS_S3_ENDPOINT: files are kept in one place"
                raise ValueError(message)
            if self.is_production and not str(self.uploads_s3_endpoint).startswith("https://"):
                message = "ENVIRONMENT=production refuses UPLOADS_S3_ENDPOINT without TLS"
                raise ValueError(message)
        return self
