"""The HTTP application of registry."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from common.crypto import open_cipher
from common.http import attach, create_service_app
from common.process import Context
from registry.delegations.endpoints import router as delegations
from registry.dictionaries.endpoints import router as dictionaries
from registry.division_changes.endpoints import router as division_changes
from registry.divisions.endpoints import router as divisions
from registry.dossiers.endpoints import router as dossiers
from registry.equipment.endpoints import router as equipment
from registry.funding.endpoints import router as funding
from registry.offices.endpoints import reports
from registry.offices.endpoints import router as offices
from registry.pay.endpoints import router as pay
from registry.premises.endpoints import router as premises
from registry.readiness.endpoints import router as readiness
from registry.service_contracts.endpoints import router as service_contracts
from registry.settings import RegistrySettings
from registry.sheets.endpoints import router as sheets
from registry.sheets.schemas import MAX_FORM_BYTES
from registry.staff.endpoints import router as staff
from registry.staff.service import open_vault
from registry.staffing.endpoints import router as staffing
from registry.summaries.endpoints import router as summaries
from registry.surveys.endpoints import router as surveys
from registry.training.endpoints import router as training

ROUTERS = (
    divisions,
    division_changes,
    offices,
    reports,
    delegations,
    service_contracts,
    surveys,
    premises,
    equipment,
    staff,
    staffing,
    training,
    pay,
    funding,
    readiness,
    dossiers,
    sheets,
    summaries,
    dictionaries,
)


def create_app(context: Context) -> FastAPI:
    """The application over a context that its process has started; keys that it was given must open."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        assert isinstance(context.settings, RegistrySettings)  # noqa: S101 - the definition of the service names them
        app.state.person_vault = open_vault(context.settings)
        async with context.lifespan(app):
            if context.settings.crypto_keys_file is not None:
                attach(app, cipher=open_cipher(context.settings))
            yield

    return create_service_app(
        name=context.name,
        title="机构名册",
        settings=context.settings,
        lifespan=lifespan,
        routers=ROUTERS,
        verifier=context.verifier,
        large_bodies={"/sheets/imports": MAX_FORM_BYTES},
    )
