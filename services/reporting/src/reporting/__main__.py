"""`python -m reporting api | worker | relay | all | migrate | openapi | …`."""

import sys
from pathlib import Path

from common.db import Database
from common.process import ServiceDefinition, main
from reporting.app import create_app
from reporting.documents.service import seed_documents
from reporting.programmes.service import seed_programmes
from reporting.settings import ReportingSettings
from reporting.worker import consumers, jobs


async def seed(db: Database) -> None:
    """What the policy itself says, before anybody enters anything."""
    await seed_programmes(db)
    await seed_documents(db)


DEFINITION = ServiceDefinition(
    name="reporting",
    settings=ReportingSettings,
    create_app=create_app,
    migrations=Path(__file__).parent / "migrations",
    consumers=consumers,
    seed=seed,
    jobs=jobs,
)

if __name__ == "__main__":
    sys.exit(main(DEFINITION))
