"""The keys of persons, for endpoints."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from registry.staff.errors import PersonKeysMissing
from registry.staff.service import PersonVault


async def person_vault(request: Request) -> PersonVault:
    """What the application opened at its start.

    Raises:
        PersonKeysMissing: this process was given no keys.
    """
    vault: PersonVault | None = request.app.state.person_vault
    if vault is None:
        raise PersonKeysMissing
    return vault


Vault = Annotated[PersonVault, Depends(person_vault)]
