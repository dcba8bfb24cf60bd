"""The service's HTTP application: its routers in the common frame."""

from fastapi import FastAPI

from common.http import create_service_app
from common.process import Context


def create_app(context: Context) -> FastAPI:
    """The application of one process; touches nothing before its lifespan starts."""
    return create_service_app(
        name="sync",
        title="五级联网",
        settings=context.settings,
        lifespan=context.lifespan,
        verifier=context.verifier,
        routers=[],
    )
