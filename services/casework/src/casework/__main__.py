"""`python -m casework api | worker | relay | all | migrate | openapi | …`."""

import sys
from pathlib import Path

from casework.app import create_app
from casework.calendar.service import seed_calendar
from casework.items.service import seed_catalogue
from casework.settings import CaseworkSettings
from casework.worker import consumers, jobs
from common.db import Database
from common.process import ServiceDefinition, main


async def seed(db: Database) -> None:
    """What a fresh database needs before anybody comes to a window."""
    await seed_catalogue(db)
    await seed_calendar(db)


DEFINITION = ServiceDefinition(
    name="casework",
    settings=CaseworkSettings,
    create_app=create_app,
    migrations=Path(__file__).parent / "migrations",
    consumers=consumers,
    jobs=jobs,
    seed=seed,
)

if __name__ == "__main__":
    sys.exit(main(DEFINITION))
