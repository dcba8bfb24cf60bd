"""All groups together, and what must not be combined."""

from pathlib import Path
from typing import Any, Self

from pydantic import model_validator

from common.settings.groups import (
    DEV_ISSUER,
    BusKind,
    BusSettings,
    CryptoSettings,
    DatabaseSettings,
    Environment,
    HttpSettings,
    OidcSettings,
    TelemetrySettings,
)


class ServiceSettings(DatabaseSettings, BusSettings, OidcSettings, HttpSettings, CryptoSettings, TelemetrySettings):
    """What every service is told; a service adds its own fields in a subclass."""

    @classmethod
    def offline(cls, **values: object) -> Self:
        """Settings of a process that serves nobody: printing OpenAPI, tests that build an app without parts."""
        placeholders: dict[str, Any] = {
            "environment": Environment.TEST,
            "database_url": "postgresql:///offline",
            "bus": BusKind.EMBEDDED,
            "bus_database_url": "postgresql:///offline",
            "oidc_jwks_file": Path("offline"),
            "oidc_jwks_url": None,
        }
        return cls(**(placeholders | values))

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        reasons = list(self._missing())
        if self.is_production:
            reasons += self._not_in_production()
        if reasons:
            raise ValueError("; ".join(reasons))
        return self

    def _missing(self) -> list[str]:
        reasons = []
        if self.bus is BusKind.KAFKA and not self.kafka_bootstrap_servers:
            reasons.append("BUS=kafka needs KAFKA_BOOTSTRAP_SERVERS")
        if (self.kafka_certificate_file is None) != (self.kafka_key_file is None):
            reasons.append("KAFKA_CERTIFICATE_FILE and KAFKA_KEY_FILE come together")
        if self.kafka_certificate_file is not None and self.kafka_ca_file is None:
            reasons.append("KAFKA_CERTIFICATE_FILE needs KAFKA_CA_FILE, the authority of the brokers")
        if self.bus is BusKind.EMBEDDED and not self.is_production and self.bus_database_url is None:
            reasons.append("BUS=embedded needs BUS_DATABASE_URL")
        if (self.oidc_jwks_url is None) == (self.oidc_jwks_file is None):
            reasons.append("exactly one of OIDC_JWKS_URL and OIDC_JWKS_FILE must be set")
        return reasons

    def _not_in_production(self) -> list[str]:
        reasons = []
        if self.oidc_issuer.rstrip("/").lower() == DEV_ISSUER:
            reasons.append(
                "ENVIRONMENT=production refuses the development issuer, which hands out tokens of any role: "
                "set OIDC_ISSUER to the real identity provider"
            )
        if self.bus is BusKind.EMBEDDED:
            reasons.append("ENVIRONMENT=production refuses BUS=embedded, which is for one machine: set BUS=kafka")
        elif self.kafka_ca_file is None:
            reasons.append("ENVIRONMENT=production refuses Kafka without TLS: set KAFKA_CA_FILE")
        if self.crypto_keys_file is None:
            reasons.append("ENVIRONMENT=production needs CRYPTO_KEYS_FILE, the keys of personal data")
        if "*" in self.cors_origins:
            reasons.append("ENVIRONMENT=production refuses CORS_ORIGINS=*: name the origins")
        return reasons
