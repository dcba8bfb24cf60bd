"""`python -m registry api | worker | relay | all | migrate | seed | openapi | …`."""

import sys
from pathlib import Path

from common.process import Command, ServiceDefinition, main
from registry.app import create_app
from registry.seeding.commands import run_seed
from registry.settings import RegistrySettings
from registry.worker import jobs

DEFINITION = ServiceDefinition(
    name="registry",
    settings=RegistrySettings,
    create_app=create_app,
    migrations=Path(__file__).parent / "migrations",
    jobs=jobs,
    commands={"seed": Command("load Guangdong's divisions and their offices, once", run_seed)},
)

if __name__ == "__main__":
    sys.exit(main(DEFINITION))
