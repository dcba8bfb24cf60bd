"""`python -m registry seed`."""

import sys

from common.db import Database
from common.uow import UnitOfWorkFactory
from registry.seeding.service import SeedResult, seed


async def run_seed(db: Database) -> int:
    """Loads Guangdong at the first start and prints what stands; a second run changes nothing."""
    sys.stdout.write(report_of(await seed(UnitOfWorkFactory(db))))
    return 0


def report_of(result: SeedResult) -> str:
    """One line per table and kind."""
    head = ", ".join(f"{count} {part} added" for part, count in result.added.items()) or "nothing to add"
    return "".join([f"{head}\n", *(f"{what} {count}\n" for what, count in result.present.items())])
