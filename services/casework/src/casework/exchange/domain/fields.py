"""Fields and tables as a standard prints them, and what a value of a field must look like."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from casework.exchange.domain.codes import CODE_SETS

_TEXT = re.compile(r"(?:an|a|n)\.\.(?P<most>\d+)|(?:an|a|n)(?P<exact>\d+)")
_NUMBER = re.compile(r"N n\.\.(?P<digits>\d+)")
_VARCHAR = re.compile(r"V(?P<hint>\d+)!?")
_FORMATS: Mapping[str, tuple[str, str]] = {
    "T": ("basic-date-time", r"^[0-9]{8}T?[0-9]{6}$"),
    "t": ("basic-date-time", r"^[0-9]{8}T?[0-9]{6}$"),
    "C": ("basic-date-time", r"^[0-9]{8}T?[0-9]{2}:?[0-9]{2}:?[0-9]{2}$"),
    "D": ("plain-date-time", r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$"),
}
"""What is read; what is written is always the printed form."""

JsonSchema = dict[str, object]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a table.

    Attributes:
        row: number in the standard's table; 0 where tables are not numbered.
        label: its Chinese name.
        name: the member of the JSON row.
        type: as printed.
        codes: code set, by its key in CODE_SETS; empty for none.
    """

    row: int
    label: str
    name: str
    type: str
    codes: str = ""

    @property
    def longest(self) -> int | None:
        """Most characters; None without a limit or where the length is a hint only."""
        found = _TEXT.fullmatch(self.type)
        return None if found is None else int(found["most"] or found["exact"])

    def to_schema(self) -> JsonSchema:
        """JSON Schema of its value.

        Lengths count characters: the standard's an..200 holds Chinese text, so letters and digits cannot be meant.
        Lengths of varchar columns come from a district's tables and are hints, which nothing is refused for.
        """
        schema: JsonSchema = {"title": self.label, "x-type": self.type or "字符"}
        if self.row:
            schema["x-row"] = self.row
        return schema | self._form()

    def _form(self) -> JsonSchema:
        codes = CODE_SETS.get(self.codes)
        if codes is not None:
            return _coded(codes, is_list=self.type.startswith("an.."))
        if self.type in _FORMATS:
            name, pattern = _FORMATS[self.type]
            return {"type": "string", "format": name, "pattern": pattern}
        if self.type == "BIN":
            return {"type": "string", "contentEncoding": "base64"}
        return self._number() or self._text()

    def _number(self) -> JsonSchema | None:
        if number := _NUMBER.fullmatch(self.type):
            return {"type": "integer", "minimum": 0, "maximum": 10 ** int(number["digits"]) - 1}
        if self.type in {"int", "dbl"}:
            return {"type": "integer" if self.type == "int" else "number", "minimum": 0}
        return None

    def _text(self) -> JsonSchema:
        if hint := _VARCHAR.fullmatch(self.type):
            return {"type": "string", "x-length-hint": int(hint["hint"])}
        found = _TEXT.fullmatch(self.type)
        if found is None:
            return {"type": "string"}
        length = int(found["most"] or found["exact"])
        schema: JsonSchema = {"type": "string", "maxLength": length}
        if found["exact"]:
            schema["minLength"] = length
        if self.type.startswith("n"):
            schema["pattern"] = "^[0-9]*$"
        return schema


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Attributes:
        key: its name in a document.
        label: as the standard calls it.
        fields: in the standard's order.
    """

    key: str
    label: str
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        """The field of that name.

        Source: GB/T 39046-2020.
        """
        return next(field for field in self.fields if field.name == name)


def read_table(key: str, label: str, printed: str) -> Table:
    """A table from its printed rows: `row|中文名|field|type|code set`.

    Source: GB/T 39046-2020.
    """
    fields = []
    for line in printed.strip().splitlines():
        row, name, field, kind, codes = line.split("|")
        fields.append(Field(int(row), name, field, kind, codes))
    return Table(key, label, tuple(fields))


def _coded(codes: Mapping[str, str], *, is_list: bool) -> JsonSchema:
    """One code, or several with commas where the field is longer than a code; `…` opens a range for extension."""
    named = {code: label for code, label in codes.items() if "…" not in code}
    told = {"x-codes": dict(codes)}
    if len(named) < len(codes):
        return {"type": "string", "pattern": "^[0-9]{2}$", **told}
    if is_list:
        one = "[" + "".join(named) + "]"
        return {"type": "string", "pattern": f"^{one}(,{one})*$", **told}
    return {"type": "string", "enum": list(named), **told}
