"""`python -m reporting api | worker | relay | all | migrate | openapi | …`."""

import sys
from pathlib import Path

from common.process import ServiceDefinition, main
from reporting.app import create_app
from reporting.settings import ReportingSettings
from reporting.worker import consumers, jobs

DEFINITION = ServiceDefinition(
    name="reporting",
    settings=ReportingSettings,
    create_app=create_app,
    migrations=Path(__file__).parent / "migrations",
    consumers=consumers,
    jobs=jobs,
)

if __name__ == "__main__":
    sys.exit(main(DEFINITION))
