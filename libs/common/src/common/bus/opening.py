"""Chooses the adapter from the settings; imports only the chosen one."""

from typing import Literal, Protocol

from common.bus.port import Bus
from common.bus.tls import TlsFiles


class BusSettings(Protocol):
    """The part of a service's settings that the bus reads."""

    @property
    def bus(self) -> Literal["embedded", "kafka"]:
        """Which adapter."""

    @property
    def bus_database_url(self) -> str | None:
        """The embedded adapter's own database."""

    @property
    def kafka_bootstrap_servers(self) -> str | None:
        """The kafka adapter's brokers, host:port, comma separated."""

    @property
    def bus_partitions(self) -> int:
        """Partitions of a topic whose spec names no number."""


def open_bus(settings: BusSettings, *, tls: TlsFiles | None = None) -> Bus:
    """The bus of this process, not started.

    Args:
        settings: which adapter, and where.
        tls: of the kafka adapter; None speaks in clear.

    Raises:
        ValueError: the chosen adapter's address is not set.
    """
    if settings.bus == "kafka":
        if not settings.kafka_bootstrap_servers:
            raise ValueError("BUS=kafka needs KAFKA_BOOTSTRAP_SERVERS")
        from common.bus.kafka.bus import KafkaBus  # noqa: PLC0415 (aiokafka is loaded only where it is used)

        servers = settings.kafka_bootstrap_servers
        return KafkaBus(servers, tls=tls, default_partitions=settings.bus_partitions)
    if not settings.bus_database_url:
        raise ValueError("BUS=embedded needs BUS_DATABASE_URL")
    from common.bus.embedded.bus import EmbeddedBus  # noqa: PLC0415

    return EmbeddedBus(settings.bus_database_url, default_partitions=settings.bus_partitions)
