"""The two forms of an exchange document, and how they name what the standards have no field for."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from casework.exchange.domain.ex_gdbs_tables import EX_GDBS_TABLES
from casework.exchange.domain.fields import Table
from casework.exchange.domain.gbt39046_tables import GBT39046_TABLES

FormName = Literal["gbt39046", "ex_gdbs"]
Row = dict[str, Any]
Tables = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class ExchangeForm:
    """One form of document.

    Attributes:
        name: in a document and in requests.
        label: for people.
        tables: of the standard, by key.
        main: the table whose one row holds the case's extension fields.
        prefix: of extension fields and tables.
        own_tables: members of the file that have tables of the standard.
    """

    name: FormName
    label: str
    tables: Mapping[str, Table]
    main: str
    prefix: str
    own_tables: frozenset[str]

    def extension(self, member: str) -> str:
        """The name of an extension field or table."""
        return self.prefix + (member.upper() if self.prefix.isupper() else member)


def _by_key(tables: tuple[Table, ...]) -> Mapping[str, Table]:
    return MappingProxyType({table.key: table for table in tables})


GBT39046 = ExchangeForm(
    "gbt39046",
    "GB/T 39046-2020 政务服务平台基础数据规范",
    _by_key(GBT39046_TABLES),
    main="application",
    prefix="x_",
    own_tables=frozenset({"steps", "specials"}),
)
EX_GDBS = ExchangeForm(
    "ex_gdbs",
    "广东省网上办事数据交换表 EX_GDBS",
    _by_key(EX_GDBS_TABLES),
    main="SB",
    prefix="X_",
    own_tables=frozenset({"supplements", "specials"}),
)
FORMS: Mapping[str, ExchangeForm] = MappingProxyType({form.name: form for form in (GBT39046, EX_GDBS)})


@dataclass(frozen=True, slots=True)
class About:
    """What a document tells beside the case itself.

    Attributes:
        item_name: of the case's item.
        duty_label: of its duty.
        office_name: of the office that has the case.
        office_code: its unified social credit code.
        sending: which sending of this case it is, from 1.
    """

    item_name: str | None = None
    duty_label: str | None = None
    office_name: str | None = None
    office_code: str | None = None
    sending: int = 1


def rows_of(fields: Mapping[str, Any]) -> dict[str, Row]:
    """`table.field` → value as one row for each table.

    Source: GB/T 39046-2020.
    """
    rows: dict[str, Row] = {}
    for key, value in fields.items():
        if value is not None or ".x_" in key or ".X_" in key:
            table, field = key.split(".", 1)
            rows.setdefault(table, {})[field] = value
    return rows


def fields_of(rows: Mapping[str, Row | None]) -> dict[str, Any]:
    """One row of each table as `table.field` → value.

    Source: GB/T 39046-2020.
    """
    return {f"{table}.{field}": value for table, row in rows.items() if row for field, value in row.items()}


def compact(table: str, **values: Any) -> dict[str, Any]:
    """Fields of a table, without those that are not known.

    Source: GB/T 39046-2020.
    """
    return {f"{table}.{name}": value for name, value in values.items() if value is not None}
