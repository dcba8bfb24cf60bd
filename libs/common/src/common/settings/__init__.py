"""Charter: what a process is told by its environment, one group a subject, composed by inheritance, checked at start.

A service has `class CaseworkSettings(ServiceSettings)` and calls `CaseworkSettings.load()`; a refusal names the
variable and the reason, never the value. Source: ADR 0005 (issuer), architecture.md §8 (same code everywhere).
"""

from common.settings.groups import (
    DEV_ISSUER,
    BusKind,
    BusSettings,
    CryptoSettings,
    DatabaseSettings,
    Environment,
    EnvironmentSettings,
    HttpSettings,
    OidcSettings,
    SettingsError,
    TelemetrySettings,
)
from common.settings.service import ServiceSettings

__all__ = [
    "DEV_ISSUER",
    "BusKind",
    "BusSettings",
    "CryptoSettings",
    "DatabaseSettings",
    "Environment",
    "EnvironmentSettings",
    "HttpSettings",
    "OidcSettings",
    "ServiceSettings",
    "SettingsError",
    "TelemetrySettings",
]
