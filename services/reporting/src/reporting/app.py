"""The HTTP application of reporting."""

from fastapi import FastAPI

from common.http import create_service_app
from common.process import Context
from reporting.completeness.endpoints import router as completeness
from reporting.figures.endpoints import router as figures


def create_app(context: Context) -> FastAPI:
    """The application over a context that its process has started."""
    return create_service_app(
        name=context.name,
        title="进度报送",
        settings=context.settings,
        lifespan=context.lifespan,
        routers=(figures, completeness),
        verifier=context.verifier,
    )
