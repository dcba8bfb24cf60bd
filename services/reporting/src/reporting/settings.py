"""What reporting is told by its environment."""

from typing import Annotated

from pydantic import Field

from common.settings import ServiceSettings


class ReportingSettings(ServiceSettings):
    """Beyond what every service is told.

    Attributes:
        reporting_batch_size: `REPORTING_BATCH_SIZE`, upper bound of one figures transaction in events.
    """

    reporting_batch_size: Annotated[int, Field(ge=1, le=20_000)] = 4_000
