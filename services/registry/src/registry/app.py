"""The HTTP application of registry."""

from fastapi import FastAPI

from common.http import create_service_app
from common.process import Context


def create_app(context: Context) -> FastAPI:
    """The application over a context that its process has started."""
    return create_service_app(
        name=context.name,
        title="机构名册",
        settings=context.settings,
        lifespan=context.lifespan,
        routers=(),
        verifier=context.verifier,
    )
