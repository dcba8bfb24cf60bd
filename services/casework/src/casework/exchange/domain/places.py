"""Where the members of a state stand in the rows of a standard, and back, without any loss.

A row is flat: `table.field` → value. A member has a place in the standard's fields or none. Whatever a place does not
give back exactly as it was (no place, a text longer than the field, a part of a second, a code that means several
things) is written a second time, whole, as an extension field. So nothing is lost by construction, whatever members
the state gains. Source: GB/T 39046-2020 clause 4.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from casework.exchange.domain.codes import Codes

Values = Mapping[str, Any]
Flat = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where one member stands.

    Attributes:
        member: of the state.
        write: its value (never None) and all members → fields.
        read: fields → its value, None where they do not tell it.
    """

    member: str
    write: Callable[[Any, Values], Flat]
    read: Callable[[Values], Any]


def plain(member: str, key: str, longest: int | None = None) -> Place:
    """A text that stands as it is, cut where the field ends.

    Source: GB/T 39046-2020.
    """
    return Place(member, lambda value, _: {key: value[:longest]}, lambda row: row.get(key))


def number(member: str, key: str, longest: int) -> Place:
    """A number that stands whole or not at all: a part of it would be another number.

    Source: GB/T 39046-2020.
    """
    return Place(member, lambda value, _: {key: value} if len(value) <= longest else {}, lambda row: row.get(key))


def coded(member: str, key: str, codes: Codes) -> Place:
    """A named value that stands as a code or as a word.

    Source: standards.md §4.
    """
    return Place(
        member,
        lambda value, _: {} if (code := codes.code_of(value)) is None else {key: code},
        lambda row: codes.name_of(row.get(key)),
    )


def instant(member: str, key: str, form: "Form") -> Place:
    """An instant in one of the printed forms, in Beijing time.

    Source: standards.md §4.
    """
    return Place(member, lambda value, _: {key: form.write(value)}, lambda row: form.read(row.get(key)))


@dataclass(frozen=True, slots=True)
class Form:
    """A printed form of an instant: what stands between date and time, and inside them."""

    dash: str
    gap: str
    colon: str

    def write(self, instant: str) -> str:
        """From ISO 8601 with +08:00, seconds whole."""
        year, month, day, rest = instant[:4], instant[5:7], instant[8:10], instant[11:19].split(":")
        return f"{self.dash.join((year, month, day))}{self.gap}{self.colon.join(rest)}"

    def read(self, text: object) -> str | None:
        """ISO 8601 with +08:00; every printed form is understood."""
        if not isinstance(text, str):
            return None
        digits = "".join(filter(str.isdigit, text))
        day = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"
        return f"{day}T{digits[8:10]}:{digits[10:12]}:{digits[12:14]}+08:00"


BASIC = Form("", "T", "")
"""YYYYMMDDThhmmss, as most tables print it."""
TABLE_8 = Form("", "", ":")
"""YYYYMMDDhh:mm:ss, as table 8 prints it."""
SPACED = Form("-", " ", ":")
"""yyyy-MM-dd HH:mm:ss, as the evaluation interface has it."""


def write_members(values: Values, places: Iterable[Place], *, view: Flat, extend: Callable[[str], str]) -> Flat:
    """The fields of a state.

    Source: GB/T 39046-2020 clause 4.

    Args:
        values: the state's members in JSON.
        places: of those that have one.
        view: fields that only tell the reader more; nothing is read back from them but what a place reads.
        extend: name of a member's extension field.
    """
    known = {place.member: place for place in places}
    fields = dict(view)
    for member, place in known.items():
        if values.get(member) is not None:
            fields.update(place.write(values[member], values))
    for member, value in values.items():
        read = known[member].read(fields) if member in known else None
        if read != value:
            fields[extend(member)] = value
    return fields


def read_members(
    fields: Values, members: Iterable[str], places: Iterable[Place], *, extend: Callable[[str], str]
) -> dict[str, Any]:
    """The members of a state; those that nothing tells are left out.

    Source: GB/T 39046-2020 clause 4.
    """
    known = {place.member: place for place in places}
    found: dict[str, Any] = {}
    for member in members:
        key = extend(member)
        value = fields[key] if key in fields else known[member].read(fields) if member in known else None
        if value is not None:
            found[member] = value
    return found


def join_lines(texts: Iterable[str]) -> str:
    """Several texts as one, a line each; line breaks and backslashes inside one are escaped.

    Source: GB/T 39046-2020.
    """
    return "\n".join(text.replace("\\", "\\\\").replace("\n", "\\n") for text in texts)


def split_lines(text: str) -> list[str]:
    """What `join_lines` joined.

    Source: GB/T 39046-2020.
    """
    return [_unescaped(line) for line in text.split("\n")]


def _unescaped(line: str) -> str:
    parts = line.split("\\\\")
    return "\\".join(part.replace("\\n", "\n") for part in parts)
