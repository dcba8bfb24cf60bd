"""Where the brokers are and how they are spoken to."""

from dataclasses import dataclass
from typing import Any

from common.bus.tls import TlsFiles


@dataclass(frozen=True, slots=True)
class Brokers:
    """What every client needs to connect.

    Attributes:
        addresses: host:port, comma separated.
        tls: files for mutual TLS; None speaks in clear.
    """

    addresses: str
    tls: TlsFiles | None = None

    def options(self) -> dict[str, Any]:
        """Arguments of an aiokafka client; reads the files anew, so that a rebuilt client has renewed certificates.

        Raises:
            OSError: a file is missing or holds no certificate or key.
        """
        if self.tls is None:
            return {"bootstrap_servers": self.addresses}
        return {"bootstrap_servers": self.addresses, "security_protocol": "SSL", "ssl_context": self.tls.context()}
