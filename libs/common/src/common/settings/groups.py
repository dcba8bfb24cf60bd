"""The groups of settings; every field is one environment variable of the same name in capitals, without a prefix."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

DEV_ISSUER = "https://dev-issuer.jiceng.invalid"
"""The onebox's own issuer: it hands a token of any role to anybody, so production never believes it."""

Port = Annotated[int, Field(ge=0, le=65535)]


class Environment(StrEnum):
    """Where a process runs."""

    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


class BusKind(StrEnum):
    """Which adapter carries events."""

    EMBEDDED = "embedded"
    KAFKA = "kafka"


class SettingsError(Exception):
    """The process must not start like this; the text is for the operator: variables and reasons, never values."""


class EnvironmentSettings(BaseSettings):
    """Common ground of all groups: how they are read, and where the process runs."""

    model_config = SettingsConfigDict(
        case_sensitive=False, extra="ignore", frozen=True, hide_input_in_errors=True, env_ignore_empty=True
    )

    environment: Environment = Environment.DEVELOPMENT

    @classmethod
    def load(cls) -> Self:
        """Reads the environment.

        Raises:
            SettingsError: something is missing, of the wrong form, or must not be so in production.
        """
        try:
            return cls()
        except ValidationError as error:
            reasons = [
                ": ".join(
                    part for part in (_variable(entry["loc"]), entry["msg"].removeprefix("Value error, ")) if part
                )
                for entry in error.errors(include_url=False, include_context=False, include_input=False)
            ]
            raise SettingsError("\n".join(reasons)) from None

    @property
    def is_production(self) -> bool:
        """True where real people's data is."""
        return self.environment is Environment.PRODUCTION


class DatabaseSettings(EnvironmentSettings):
    """The service's own PostgreSQL."""

    database_url: SecretStr
    database_pool_size: Annotated[int, Field(ge=1, le=200)] = 8
    database_statement_timeout_ms: Annotated[int, Field(ge=0)] = 15_000
    database_lock_timeout_ms: Annotated[int, Field(ge=0)] = 5_000

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, value: SecretStr) -> SecretStr:
        return _postgresql(value)


class BusSettings(EnvironmentSettings):
    """The bus between services and levels."""

    bus: BusKind = BusKind.EMBEDDED
    bus_database_url: SecretStr | None = None
    kafka_bootstrap_servers: str | None = None
    kafka_ca_file: Path | None = None
    kafka_certificate_file: Path | None = None
    kafka_key_file: Path | None = None
    bus_partitions: Annotated[int, Field(ge=1, le=1000)] = 6

    @field_validator("bus_database_url")
    @classmethod
    def _bus_is_postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        return None if value is None else _postgresql(value)


class OidcSettings(EnvironmentSettings):
    """Whose tokens the process believes."""

    oidc_issuer: str = DEV_ISSUER
    oidc_audience: str = "jiceng"
    oidc_jwks_url: str | None = None
    oidc_jwks_file: Path | None = None


class HttpSettings(EnvironmentSettings):
    """Where the process listens, and which browsers may call it."""

    http_host: str = "127.0.0.1"
    http_port: Port = 8000
    http_uds: Path | None = None
    metrics_port: Port | None = None
    cors_origins: Annotated[tuple[str, ...], NoDecode] = ()
    http_max_body_bytes: Annotated[int, Field(ge=1024)] = 1024 * 1024
    http_shutdown_seconds: Annotated[int, Field(ge=1, le=300)] = 20

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split_origins(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("cors_origins")
    @classmethod
    def _are_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            parts = urlsplit(origin)
            if origin != "*" and (parts.scheme not in {"http", "https"} or not parts.netloc or parts.path):
                msg = "must be a comma-separated list of origins such as https://portal.example, or *"
                raise ValueError(msg)
        return value


class CryptoSettings(EnvironmentSettings):
    """Keys for personal data."""

    crypto_suite: Literal["aes-gcm-sha256", "sm4-gcm-sm3"] = "aes-gcm-sha256"
    crypto_keys_file: Path | None = None


class TelemetrySettings(EnvironmentSettings):
    """Logs and traces."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    otel_exporter_otlp_endpoint: str | None = None

    @field_validator("log_level", mode="before")
    @classmethod
    def _capitals(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value


def _postgresql(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().startswith(("postgresql://", "postgres://")):
        msg = "must be a postgresql:// address"
        raise ValueError(msg)
    return value


def _variable(location: tuple[int | str, ...]) -> str:
    return str(location[0]).upper() if location else ""
