"""Characters that the standard's default character set cannot hold.

GB/T 39046 takes GB 2312 unless agreed otherwise; names of people are full of characters beyond it. Documents are UTF-8,
whose every character GB 18030 can hold as well, so nothing is changed or refused; a receiver that still stores GB 2312
is told in which fields it would lose what.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from casework.exchange.domain.forms import Row

CHARACTER_SET = "gb2312"


def beyond_character_set(tables: Mapping[str, list[Row]]) -> list[dict[str, Any]]:
    """Fields of the tables with characters outside GB 2312, with those characters; extension fields too.

    Source: GB/T 39046-2020.
    """
    return [
        {"table": table, "row": number, "field": field, "characters": [f"U+{ord(one):04X}" for one in characters]}
        for table, rows in tables.items()
        for number, row in enumerate(rows, 1)
        for field, value in row.items()
        if (characters := _beyond(value))
    ]


def _beyond(value: Any) -> list[str]:
    return sorted({one for text in _texts(value) if not _is_held(text) for one in text if not _is_held(one)})


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for held in value.values():
            yield from _texts(held)
    elif isinstance(value, list):
        for held in value:
            yield from _texts(held)


def _is_held(text: str) -> bool:
    try:
        text.encode(CHARACTER_SET)
    except UnicodeEncodeError:
        return False
    return True
