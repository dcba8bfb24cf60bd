"""The HTTP application of registry."""

from fastapi import FastAPI

from common.http import create_service_app
from common.process import Context
from registry.dictionaries.endpoints import router as dictionaries
from registry.divisions.endpoints import router as divisions
from registry.offices.endpoints import reports
from registry.offices.endpoints import router as offices
from registry.summaries.endpoints import router as summaries


def create_app(context: Context) -> FastAPI:
    """The application over a context that its process has started."""
    return create_service_app(
        name=context.name,
        title="机构名册",
        settings=context.settings,
        lifespan=context.lifespan,
        routers=(divisions, offices, reports, summaries, dictionaries),
        verifier=context.verifier,
    )
