"""ETag and If-Match: nobody overwrites what they have not seen."""

import re
from typing import Annotated

from fastapi import Depends, Header

from common.http.errors import IfMatchInvalid, IfMatchRequired, IfMatchStale

_TAG = re.compile(r'(?:W/)?"([1-9][0-9]{0,9})"')


def etag_of(version: int) -> str:
    """The entity tag of a version."""
    return f'"{version}"'


def require_if_match(header: str | None) -> int:
    """The version that the caller saw.

    A weak tag counts as well: compressing proxies weaken tags, and a version number loses nothing by it.

    Raises:
        IfMatchRequired: no header (428).
        IfMatchInvalid: anything but one tag of ours, `*` included (400).
    """
    if header is None or not header.strip():
        raise IfMatchRequired
    found = _TAG.fullmatch(header.strip())
    if found is None:
        raise IfMatchInvalid
    return int(found[1])


def require_version(expected: int, actual: int) -> None:
    """Raises IfMatchStale (412) unless the caller saw the present version; the answer tells the present one."""
    if expected != actual:
        raise IfMatchStale(current_version=actual)


async def if_match(
    header: Annotated[
        str | None, Header(alias="If-Match", description="读取时返回的 ETag；缺少时返回 428，已过期时返回 412。")
    ] = None,
) -> int:
    """Dependency: the version named by If-Match."""
    return require_if_match(header)


IfMatch = Annotated[int, Depends(if_match)]
