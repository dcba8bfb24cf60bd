"""`python -m sync api | worker | relay | all | migrate | check-migrations | openapi`."""

import sys
from pathlib import Path

from common.process import ServiceDefinition, main
from sync.app import create_app
from sync.settings import SyncSettings
from sync.worker import consumers, jobs

DEFINITION = ServiceDefinition(
    name="sync",
    settings=SyncSettings,
    create_app=create_app,
    migrations=Path(__file__).parent / "migrations",
    consumers=consumers,
    jobs=jobs,
)

if __name__ == "__main__":
    sys.exit(main(DEFINITION))
