"""What registry is told by its environment."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from common.settings import ServiceSettings


class RegistrySettings(ServiceSettings):
    """Beyond what every service is told: the key by which one person is one pseudonym in the whole province.

    Attributes:
        person_pseudonym_key_file: the same random bytes (32 or more) at every site of the province; the keys of
            CRYPTO_KEYS_FILE are the site's own. Source: O1.4g.
        readiness_waiting_rate: `READINESS_WAITING_RATE`, how many offices a second a worker works out of those that
            wait: after a first load, at the turn of a day. What is found different goes up all levels.
    """

    person_pseudonym_key_file: Path | None = None
    readiness_waiting_rate: Annotated[int, Field(ge=1, le=10_000)] = 250

    def _not_in_production(self) -> list[str]:
        reasons = super()._not_in_production()
        if self.person_pseudonym_key_file is None:
            reasons.append(
                "ENVIRONMENT=production needs PERSON_PSEUDONYM_KEY_FILE, the province's key of personal pseudonyms"
            )
        return reasons
