"""Figures are asked for before the transaction of the step begins, all of them at one moment."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from reporting.circulars import service
from reporting.circulars.service import Taken
from reporting.deps import StillUow


async def taken_figures(still: StillUow, circular_id: UUID) -> Taken:
    """Dependency: the figures of now for the circular of the address; its connection is given back before the step."""
    async with still() as uow:
        return await service.take_figures(uow, circular_id=circular_id)


Figures = Annotated[Taken, Depends(taken_figures)]
