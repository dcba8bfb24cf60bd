"""Changes of divisions out of a file, all or none."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from common.contracts.registry import DivisionChangeState
from common.divisions import is_code
from common.errors import DomainError
from common.telemetry import holds_personal_data, redact_text
from common.uow import UnitOfWork
from registry.division_changes.domain import Change, ChangeKind, Target
from registry.division_changes.errors import ImportRefused
from registry.division_changes.service.entering import perform_change

COLUMNS = ("kind", "effective_on", "document", "sources", "targets", "recode", "heir")
MAX_DOCUMENT = 200
MAX_NAME = 100
PERSONAL = "含有疑似身份证号码或手机号码，不得填写个人信息"


@dataclass(frozen=True, slots=True)
class ImportFault:
    """What is wrong with one line, for people.

    Attributes:
        line: in the file, the header is 1.
        code: of the error.
    """

    line: int
    code: str
    reason: str


async def import_changes(uow: UnitOfWork, text: str) -> list[DivisionChangeState]:
    """Performs the changes of a file in its order; with one fault in it, none.

    Source: S0; standards.md §1 (Order 79), ADR 0014; the format is told in docs/architecture/divisions.md.

    Raises:
        ImportRefused: with every line that is wrong; the caller's transaction must end without a commit.

    Events: as perform_change, for each.
    """
    lines, faults = _read(text)
    done: list[DivisionChangeState] = []
    for line, change in lines if not faults else ():
        try:
            done.append(await perform_change(uow, change))
        except DomainError as error:
            faults.append(ImportFault(line, error.code, f"{error.title}：{error.detail}"))
    if faults:
        raise ImportRefused(
            f"{len(faults)}行有误，未作任何变更",
            faults=[{"line": one.line, "code": one.code, "reason": one.reason} for one in faults],
        )
    return done


def _read(text: str) -> tuple[list[tuple[int, Change]], list[ImportFault]]:
    """The changes of the lines, and what is no change."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    changes: list[tuple[int, Change]] = []
    faults: list[ImportFault] = []
    try:
        if tuple(reader.fieldnames or ()) != COLUMNS:
            return [], [_fault(1, f"表头应为{','.join(COLUMNS)}")]
        for row in reader:
            try:
                changes.append((reader.line_num, _change_of(row)))
            except _Unreadable as error:
                faults.append(_fault(reader.line_num, str(error)))
    except csv.Error:
        faults.append(_fault(reader.reader.line_num, "不是有效的CSV"))
    if not changes and not faults:
        faults.append(_fault(1, "文件中没有区划调整"))
    return changes, faults


class _Unreadable(ValueError):
    """A cell that does not say what it should."""


def _fault(line: int, reason: str) -> ImportFault:
    return ImportFault(line, "registry.division-change-unreadable", reason)


def _change_of(row: Mapping[str | None, str | Sequence[str] | None]) -> Change:
    cells = {name: value.strip() if isinstance(value := row.get(name), str) else None for name in COLUMNS}
    if None in row or None in cells.values():
        raise _Unreadable(f"应有{len(COLUMNS)}列")
    told = {name: value or "" for name, value in cells.items()}
    if told["kind"] not in set(ChangeKind):
        raise _Unreadable(f"kind应为{'、'.join(ChangeKind)}之一")
    if not told["document"] or len(told["document"]) > MAX_DOCUMENT:
        raise _Unreadable("document须填写文号")
    if holds_personal_data(told["document"]):
        raise _Unreadable(f"document{PERSONAL}")
    return Change(
        kind=ChangeKind(told["kind"]),
        effective_on=_day(told["effective_on"]),
        document=told["document"],
        sources=tuple(_code("sources", one) for one in _parts(told["sources"])),
        targets=tuple(_target(one) for one in _parts(told["targets"])),
        recode=dict(_pair(one) for one in _parts(told["recode"])),
        heir=_code("heir", told["heir"]) if told["heir"] else None,
    )


def _parts(cell: str) -> list[str]:
    return [one.strip() for one in cell.replace("；", ";").split(";") if one.strip()]


def _day(cell: str) -> date:
    try:
        found = date.fromisoformat(cell)
    except ValueError:
        found = None
    if found is None or found.isoformat() != cell:
        raise _Unreadable("effective_on应写作2026-01-31")
    return found


def _code(column: str, cell: str) -> str:
    if not is_code(cell):
        raise _Unreadable(f"{column}中的{redact_text(cell)[:20]}不是12位区划代码")
    return cell


def _target(part: str) -> Target:
    code, _, name = part.partition(" ")
    name = name.strip()
    if len(name) > MAX_NAME:
        raise _Unreadable(f"targets中的名称超过{MAX_NAME}字")
    if holds_personal_data(name):
        raise _Unreadable(f"targets中的名称{PERSONAL}")
    return Target(_code("targets", code), name or None)


def _pair(part: str) -> tuple[str, str]:
    before, _, afterwards = part.partition(">")
    return _code("recode", before.strip()), _code("recode", afterwards.strip())
