"""`python -m registry api | worker | relay | all | migrate | seed | openapi | …`."""

import sys
from pathlib import Path

from common.process import Command, ServiceDefinition, main
from registry.app import create_app
from registry.division_changes.commands import run_import
from registry.seeding.commands import run_seed
from registry.settings import RegistrySettings
from registry.worker import consumers, jobs

DEFINITION = ServiceDefinition(
    name="registry",
    settings=RegistrySettings,
    create_app=create_app,
    migrations=Path(__file__).parent / "migrations",
    consumers=consumers,
    jobs=jobs,
    commands={
        "seed": Command("load Guangdong's divisions and their offices, once", run_seed),
        "import-division-changes": Command("perform the changes of divisions of a CSV file", run_import, ("file",)),
    },
)

if __name__ == "__main__":
    sys.exit(main(DEFINITION))
