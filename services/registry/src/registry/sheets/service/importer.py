"""What an import does with rows whose cells could be read: nothing but the use cases that the API calls, too."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from common.auth import Actor
from common.errors import DomainError, PreconditionFailed
from common.telemetry import redact_text
from common.uow import UnitOfWork
from registry.sheets.domain.columns import ID, VERSION, VERSION_COLUMN, Column, Row, RowWrong
from registry.sheets.repository import Progress

BREATHE = 200
"""Rows between two looks at what else the process has to do."""


@dataclass(frozen=True, slots=True)
class Work:
    """An import under way.

    Attributes:
        uow: the one transaction of all rows.
        actor: who uploaded the file, with the rights of that moment.
        reason: given for the whole file; a row may give its own.
        progress: how far it is.
    """

    uow: UnitOfWork
    actor: Actor
    reason: str | None
    progress: Progress

    async def checked(self, *, is_written: bool) -> None:
        """Counts a row, and lets others have a turn now and then."""
        self.progress.checked += 1
        self.progress.written += int(is_written)
        if self.progress.checked % BREATHE == 0:
            await asyncio.sleep(0)


Apply: TypeAlias = Callable[[Work, Sequence[Row]], Awaitable[list[RowWrong]]]


@dataclass(frozen=True, slots=True)
class Importable:
    """A list that can be imported.

    Attributes:
        name, title, columns: as of its export.
        keys: each of them may stand in a file once.
        apply: writes rows whose cells are right; tells what is wrong with them.
        notes: what people must know before they fill it in, Chinese.
    """

    name: str
    title: str
    columns: Sequence[Column]
    keys: Sequence[tuple[str, ...]]
    apply: Apply
    notes: Sequence[str] = ()
    headers: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "headers", {column.key: column.header for column in self.columns})

    def require_versions(self, rows: Iterable[Row], *, has_column: bool) -> list[RowWrong]:
        """A row that changes something must say which state its writer saw; a broken cell has been told already."""
        reason = "有编号的行须填写版本；请使用导出的版本"
        return [
            RowWrong(row.number, VERSION_COLUMN.header, "version-missing", reason)
            for row in rows
            if row.values.get(ID) is not None
            and row.values.get(VERSION) is None
            and (VERSION in row.values or not has_column)
        ]


def refused(row: Row, error: DomainError, headers: Mapping[str, str]) -> RowWrong:
    """What a rule says against a row, in the words of the rule."""
    if isinstance(error, PreconditionFailed):
        return RowWrong(row.number, VERSION_COLUMN.header, "stale", "已被他人修改，请重新导出后再改")
    reason = error.title if error.detail == error.title else f"{error.title}：{error.detail}"
    if error.clause is not None:
        reason += f"（{error.clause}）"
    return RowWrong(row.number, headers.get(_COLUMN_OF.get(error.code, ""), ""), error.code, redact_text(reason))


_COLUMN_OF: Mapping[str, str] = {
    "registry.office-not-found": ID,
    "registry.record-not-found": ID,
    "registry.office-name-refused": "name",
    "registry.office-name-needs-approval": "name",
    "registry.office-status-change-refused": "status",
    "registry.guided-offices-remain": "status",
    "registry.office-not-empty": "status",
    "registry.office-division-unknown": "division",
    "registry.office-already-exists": "division",
    "registry.guiding-office-missing": "division",
    "registry.effective-date-refused": "effective_on",
    "registry.office-form-refused": "form",
    "registry.platform-mismatch": "platform",
    "registry.uscc-refused": "uscc",
    "registry.provision-mode-refused": "provision_mode",
    "registry.management-mode-refused": "management_mode",
    "registry.management-mode-needs-ground": "document",
    "registry.duty-not-in-force": "duties",
    "registry.sign-refused": "sign_version",
    "registry.premises-area-unknown": "certified_area_dm2",
    "registry.premises-shared-area-too-large": "shared_area_dm2",
    "registry.public-window-required": "windows",
    "registry.window-numbers-repeat": "windows",
    "registry.opening-hours-refused": "windows",
    "registry.window-duty-not-in-force": "windows",
    "registry.premises-ended": "ended_on",
    "registry.equipment-kind-not-in-force": "kind",
    "registry.equipment-acquired-later": "acquired_on",
    "registry.equipment-scrapped": "condition",
    "registry.aid-grant-required": "aid_grant_id",
    "registry.aid-grant-not-ours": "aid_grant_id",
    "registry.aid-use-refused": "aid_grant_id",
    "registry.aid-overspent": "cost_fen",
    "registry.budget-document-required": "document",
    "registry.record-exists": "division",
    "registry.staffing-not-for-kind": "division",
    "registry.text-holds-personal-data": "reason",
    "auth.out-of-scope": "division",
}
"""Which column of a list a rule speaks of."""


def no_such_office(row: Row, header: str) -> RowWrong:
    """No open office stands at the division that a new row names."""
    return RowWrong(row.number, header, "registry.office-not-found", "该区划没有服务机构，或不在管辖范围内")


__all__ = ["Importable", "Work", "no_such_office", "refused"]
