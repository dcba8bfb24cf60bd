"""The HTTP application of casework."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from casework.cases.endpoints import router as cases
from casework.dictionaries.endpoints import router as dictionaries
from casework.items.endpoints import router as items
from common.crypto import open_cipher
from common.http import attach, create_service_app
from common.process import Context


def create_app(context: Context) -> FastAPI:
    """The application over a context that its process has started; it refuses to start without keys."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.cipher = open_cipher(context.settings)
        attach(app, db=context.db, units=context.uow, readiness={"database": context.check_ready})
        yield

    return create_service_app(
        name=context.name,
        title="基层窗口业务",
        settings=context.settings,
        lifespan=lifespan,
        routers=(items, dictionaries, cases),
        verifier=context.verifier,
    )
