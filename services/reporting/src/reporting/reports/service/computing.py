"""What the platform itself computed for the lines of a template, as the reporting level knew it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from common.contracts.reporting.reports import ComputedValue, TemplateLine
from common.db import Connection
from common.divisions import Level, level_of


class KnownValue(Protocol):
    """One computed value with how far it can be trusted."""

    @property
    def value(self) -> Decimal | None:
        """None where nothing is known."""

    @property
    def as_of(self) -> datetime | None:
        """The newest thing that it holds."""

    @property
    def expected(self) -> int:
        """How many places it should know of."""

    @property
    def known(self) -> int:
        """How many it knows of."""


class ValuesOf(Protocol):
    """Where computed values come from: `reporting.indicators.service.values_of`."""

    async def __call__(
        self, conn: Connection, codes: Sequence[str], *, level: Level, divisions: Sequence[str], on: date
    ) -> Mapping[tuple[str, str], KnownValue]:
        """Values by indicator and division; what has no value is absent or None."""


async def computed_of(
    conn: Connection, template: Sequence[TemplateLine], *, division: str, on: date, values_of: ValuesOf
) -> dict[str, ComputedValue]:
    """The computed value of every line that names an indicator, by line; as the division's own level knows it.

    Source: O6.3a.
    """
    codes = sorted({line.indicator for line in template if line.indicator is not None})
    if not codes:
        return {}
    found = await values_of(conn, codes, level=level_of(division), divisions=[division], on=on)
    computed = {}
    for line in template:
        known = found.get((line.indicator or "", division))
        if known is not None:
            computed[line.code] = ComputedValue(
                value=known.value, on=on, as_of=known.as_of, expected=known.expected, known=known.known
            )
    return computed
