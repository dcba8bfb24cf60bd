"""Whose marks (机关代字) and names of issuers (发文机关) are. Pure."""

from common.divisions import Level, level_of
from reporting.circulars.errors import IssuerNotOfMark, MarkNotEntered, NotTheProvince, NumberMarkTaken


def require_province(division: str) -> None:
    """The province enters marks for its cities and for itself, and releases them.

    Source: S0.

    Raises:
        NotTheProvince: another level.
    """
    if level_of(division) != Level.PROVINCE:
        raise NotTheProvince


def require_mark(division: str, issuer: str, *, entered: tuple[str, str | None] | None) -> None:
    """An office issues under its own mark and name; the province may begin a mark that is nobody's.

    Source: S0; standards.md §9 (GB/T 9704-2012).

    Args:
        entered: (division, name of the issuer) of the mark.

    Raises:
        NumberMarkTaken: it is another office's.
        MarkNotEntered: the province has entered none for this city.
        IssuerNotOfMark: the name is another one.
    """
    owner, name = entered or (division, None)
    if owner != division:
        raise NumberMarkTaken
    if name is None and level_of(division) != Level.PROVINCE:
        raise MarkNotEntered
    if name is not None and name != issuer:
        raise IssuerNotOfMark
