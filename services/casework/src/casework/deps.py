"""What endpoints ask for, by name."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from common.crypto import FieldCipher
from common.http import (
    AsOf,
    CurrentActor,
    Idempotency,
    IfMatch,
    IsoDay,
    OpenUow,
    Paging,
    ReadConnection,
    ReadSession,
    Uow,
)


async def field_cipher(request: Request) -> FieldCipher:
    """The cipher that the application opened at its start."""
    cipher: FieldCipher = request.app.state.cipher
    return cipher


Cipher = Annotated[FieldCipher, Depends(field_cipher)]

__all__ = [
    "AsOf",
    "Cipher",
    "CurrentActor",
    "Idempotency",
    "IfMatch",
    "IsoDay",
    "OpenUow",
    "Paging",
    "ReadConnection",
    "ReadSession",
    "Uow",
    "field_cipher",
]
