"""The base of every event's data."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainSerializer, StringConstraints

from common.clock import iso
from common.divisions import is_code


def _division(code: str) -> str:
    if not is_code(code):
        msg = "not a division code"
        raise ValueError(msg)
    return code


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        msg = "an instant needs an offset"
        raise ValueError(msg)
    return instant


Division = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$"), AfterValidator(_division)]
"""A 12-digit division code."""

Instant = Annotated[datetime, AfterValidator(_aware), PlainSerializer(iso, return_type=str, when_used="json")]
"""An instant with offset; written with +08:00."""


class EventData(BaseModel):
    """Full state of a record. Strict types; unknown fields are ignored, so that writers may add.

    Its validator is built when it is first used: every service imports the contracts of all, and uses a few.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True, hide_input_in_errors=True, defer_build=True)

    def to_bytes(self) -> bytes:
        """JSON in UTF-8."""
        return self.model_dump_json().encode()
