"""The files of mutual TLS."""

import ssl
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """Whom to trust, and who we are; all PEM.

    Attributes:
        ca_file: the authority of the brokers' certificates; host names are checked.
        certificate_file: our certificate; None where the brokers ask for none.
        key_file: its key.
    """

    ca_file: Path
    certificate_file: Path | None = None
    key_file: Path | None = None

    def context(self) -> ssl.SSLContext:
        """A client's context.

        Raises:
            OSError: a file is missing or holds no certificate or key (ssl.SSLError is one).
        """
        context = ssl.create_default_context(cafile=self.ca_file)
        if self.certificate_file is not None:
            context.load_cert_chain(self.certificate_file, self.key_file)
        return context
