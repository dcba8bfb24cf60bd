"""The HTTP application of casework."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from casework.accountability.endpoints import router as accountability
from casework.applications.endpoints import router as applications
from casework.appointments.endpoints import router as appointments
from casework.assist_tasks.endpoints import router as assist_tasks
from casework.calendar.endpoints import router as calendar
from casework.cases.endpoints import router as cases
from casework.complaints.endpoints import router as complaints
from casework.contacts.endpoints import router as contacts
from casework.dictionaries.endpoints import router as dictionaries
from casework.exchange.endpoints import router as exchange
from casework.items.endpoints import router as items
from casework.notices.endpoints import router as notices
from casework.online.endpoints import router as online
from casework.printing.endpoints import router as printing
from casework.procedures.endpoints import router as procedures
from casework.ratings.endpoints import router as ratings
from casework.settings import CaseworkSettings
from casework.uploads.endpoints import router as uploads
from casework.uploads.stores import open_store
from casework.worklists.endpoints import router as worklists
from common.crypto import open_cipher
from common.http import Check, attach, create_service_app
from common.process import Context


def create_app(context: Context) -> FastAPI:
    """The application over a context that its process has started; it refuses to start without keys."""
    settings = context.settings
    assert isinstance(settings, CaseworkSettings)  # noqa: S101 - of this service

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.cipher, app.state.uploads = open_cipher(settings), open_store(settings)
        ready: dict[str, Check] = {"database": context.check_ready}
        attach(app, db=context.db, units=context.uow, readiness=ready, cipher=app.state.cipher)
        yield
        await app.state.uploads.aclose()

    return create_service_app(
        name=context.name,
        title="基层窗口业务",
        settings=context.settings,
        lifespan=lifespan,
        routers=(
            items,
            dictionaries,
            procedures,
            calendar,
            notices,
            cases,
            applications,
            contacts,
            assist_tasks,
            appointments,
            uploads,
            online,
            worklists,
            ratings,
            complaints,
            accountability,
            printing,
            exchange,
        ),
        verifier=context.verifier,
        large_bodies={"/uploads": settings.uploads_max_bytes},
    )
