"""The HTTP application of reporting."""

from fastapi import FastAPI

from common.http import create_service_app
from common.process import Context
from reporting.assessments.endpoints import router as assessments
from reporting.campaigns.endpoints import router as campaigns
from reporting.circulars.endpoints import router as circulars
from reporting.completeness.endpoints import router as completeness
from reporting.documents.endpoints import router as documents
from reporting.figures.endpoints import router as figures
from reporting.indicators.endpoints import router as indicators
from reporting.inspections.endpoints import router as inspections
from reporting.orders.endpoints import router as orders
from reporting.plans.endpoints import router as plans
from reporting.problems.endpoints import router as problems
from reporting.programmes.endpoints import router as programmes
from reporting.reports.endpoints import router as reports
from reporting.standings.endpoints import router as standings
from reporting.statistics.endpoints import router as statistics


def create_app(context: Context) -> FastAPI:
    """The application over a context that its process has started."""
    return create_service_app(
        name=context.name,
        title="进度报送",
        settings=context.settings,
        lifespan=context.lifespan,
        routers=(
            figures,
            completeness,
            programmes,
            documents,
            orders,
            plans,
            standings,
            indicators,
            reports,
            inspections,
            campaigns,
            assessments,
            problems,
            circulars,
            statistics,
        ),
        verifier=context.verifier,
    )
