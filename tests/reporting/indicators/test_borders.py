"""What is read of transfers is enough for the bounds of any division, of few divisions and of many."""

import random
from typing import Any

import pytest

from reporting.indicators.domain import Transfer, own_places_of, territories_of
from reporting.indicators.repository import Indicators

CODES = [
    code.ljust(12, "0")
    for city in ("4403", "4404")
    for code in (city, *(
        county + rest for county in (f"{city}01", f"{city}02")
        for rest in ("", "001", "001001", "001002", "002", "002001")
    ))
]  # fmt: skip


@pytest.mark.parametrize("many", [0, 64])
async def test_no_transfer_that_matters_is_left_unread(desk: Any, monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    """Against all transfers there are, over random ones, nested as they come. Source: S1, standards.md §1, ADR 0014."""
    monkeypatch.setattr("reporting.indicators.repository.MANY", many)
    dice = random.Random(20261123)
    async with desk.db.autocommit() as conn:
        for _ in range(30):
            retired = dice.sample(CODES, 6)
            heirs = {code: dice.choice([one for one in CODES if one not in retired]) for code in retired}
            await conn.execute("DELETE FROM directory_heirs")
            await conn.executemany("INSERT INTO directory_heirs (code, heir) VALUES ($1, $2)", list(heirs.items()))
            every = [Transfer(*pair) for pair in heirs.items()]
            for asked in ([CODES[0]], [CODES[1]], [CODES[2]], CODES[:4], CODES[13:15], [dice.choice(retired)]):
                read = await Indicators(conn).transfers(asked)
                assert territories_of(asked, read) == territories_of(asked, every)
                assert own_places_of(asked, read) == own_places_of(asked, every)
