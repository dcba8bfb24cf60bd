"""The service's HTTP application: its routers in the common frame."""

from fastapi import FastAPI

from common.http import create_service_app
from common.process import Context
from sync.dead_letters.endpoints import router as dead_letters
from sync.dictionaries.endpoints import router as dictionaries
from sync.dispatches.endpoints import router as dispatches
from sync.receipts.endpoints import router as receipts
from sync.records.endpoints import router as records


def create_app(context: Context) -> FastAPI:
    """The application of one process; touches nothing before its lifespan starts."""
    return create_service_app(
        name=context.name,
        title="五级联网",
        settings=context.settings,
        lifespan=context.lifespan,
        verifier=context.verifier,
        routers=(records, receipts, dispatches, dead_letters, dictionaries),
    )
