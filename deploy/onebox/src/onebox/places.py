"""Where `make run` keeps what it keeps: one folder, nothing outside it."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SERVICES = ("registry", "casework", "sync", "reporting")
DATABASES = (*SERVICES, "bus")


@dataclass(frozen=True, slots=True)
class Places:
    """Paths under the data folder.

    Attributes:
        root: the folder itself, 0700.
    """

    root: Path

    @classmethod
    def at(cls, root: Path) -> "Places":
        """Makes the folder where it is not there yet."""
        root = root.resolve()
        root.mkdir(parents=True, exist_ok=True)
        return cls(root)

    @property
    def postgres(self) -> Path:
        """The PostgreSQL cluster."""
        return self.root / "postgres"

    @property
    def kafka(self) -> Path:
        """The Kafka node of BUS=kafka."""
        return self.root / "kafka"

    @property
    def issuer_key(self) -> Path:
        """The development issuer's private key."""
        return self.root / "issuer.json"

    @property
    def jwks(self) -> Path:
        """Its public keys, as the services read them."""
        return self.root / "jwks.json"

    @property
    def keyring(self) -> Path:
        """The keys of personal data."""
        return self.root / "keyring.json"

    @property
    def pseudonym_key(self) -> Path:
        """The province's key of personal pseudonyms."""
        return self.root / "pseudonym.key"

    @property
    def uploads(self) -> Path:
        """Files that applicants handed in, sealed."""
        return self.root / "uploads"

    @property
    def logs(self) -> Path:
        """One log a process."""
        return self.root / "logs"

    @property
    def state(self) -> Path:
        """What has been prepared already."""
        return self.root / "state.json"

    def read_state(self) -> dict[str, Any]:
        """The remembered state; empty on the first start."""
        try:
            found: dict[str, Any] = json.loads(self.state.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return found

    def write_state(self, state: dict[str, Any]) -> None:
        """Remembers, in one step."""
        write_private(self.state, json.dumps(state, ensure_ascii=False, indent=2))


def write_private(path: Path, text: str) -> None:
    """Writes a file that only its owner reads, whole or not at all."""
    draft = path.with_suffix(path.suffix + ".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
