"""Import of offices: changed ones many at a time, new ones one by one, under the rules of the API."""

from collections.abc import Sequence
from typing import Any, cast

from common.errors import DomainError
from registry.offices import service as offices
from registry.offices.domain import INITIAL_STATUSES, NameApproval, OfficeStatus
from registry.offices.errors import OfficeNotFound, OfficeStatusChangeRefused
from registry.offices.service import NewOffice, OfficeChanges
from registry.sheets.domain.columns import ID, VERSION, Row, RowWrong, changed_shown_only
from registry.sheets.domain.offices import OFFICES
from registry.sheets.service.importer import Importable, Work, differences, refused

CHUNK = 1000
_APPROVAL = ("name_approval_reason", "name_approval_document")
_NEW = ("division", "name", "status", "phone", *_APPROVAL)
"""What an office can have from its first day; the rest is told of one that stands."""


async def apply_offices(work: Work, rows: Sequence[Row]) -> list[RowWrong]:
    """Changes the offices that rows name by their ids, sets up those of the others.

    Source: O1.3a, O1.3c, O2.1a, O2.1b, ADR 0015.
    """
    wrong: list[RowWrong] = []
    changed = sorted((row for row in rows if not row.is_new), key=lambda row: row.values[ID])
    for at in range(0, len(changed), CHUNK):
        wrong += await _change(work, changed[at : at + CHUNK])
        work.uow.session.expunge_all()
    for row in sorted((row for row in rows if row.is_new), key=lambda row: row.values["division"]):
        wrong += await _create(work, row)
    return wrong


async def _change(work: Work, rows: Sequence[Row]) -> list[RowWrong]:
    session = work.uow.session
    held = await offices.hold_offices(session, actor=work.actor, office_ids=[row.values[ID] for row in rows])
    wrong: list[RowWrong] = []
    changed: list[Any] = []
    for row in rows:
        office = held.get(row.values[ID])
        try:
            faults = [] if office is None else changed_shown_only(OFFICES, row, office)
            is_written = not faults and await _change_one(work, office, row)
        except DomainError as error:
            faults, is_written = [refused(row, error, IMPORT.headers)], False
        wrong += faults
        changed += [office] if office is not None and is_written else []
        await work.checked(is_written=is_written)
    if not wrong:
        await offices.publish_offices(work.uow, changed, "registry.office.import", reason=work.reason)
    return wrong


async def _change_one(work: Work, office: Any, row: Row) -> bool:
    if office is None:
        raise OfficeNotFound("编号不存在，或不在管辖范围内")
    found = differences(OFFICES, row, office)
    if not found and row.values[VERSION] == office.version:
        return False
    changes, version = _changes(row, found), row.values[VERSION]
    is_changed: bool = await offices.change_held(
        work.uow.session, office, actor=work.actor, expected_version=version, changes=changes
    )
    return is_changed


def _changes(row: Row, found: dict[str, Any]) -> OfficeChanges:
    """The differences as the use case takes them: the approval goes along with the name."""
    changes = {key: value for key, value in found.items() if key not in _APPROVAL}
    if "status" in changes:
        changes["status"] = OfficeStatus(changes["status"])
    if "name" in changes:
        changes["name_approval"] = _approval(row)
    return cast("OfficeChanges", changes)


def _approval(row: Row) -> NameApproval | None:
    reason, document = (row.values.get(name) for name in _APPROVAL)
    return NameApproval(reason, document) if reason and document else None


async def _create(work: Work, row: Row) -> list[RowWrong]:
    values = row.values
    early = [key for key, value in values.items() if value is not None and key in _LATER]
    if early:
        reason = "新增机构时不能填写，请在机构设立后再导入变更"
        return [RowWrong(row.number, IMPORT.headers[key], "not-of-a-new-office", reason) for key in early]
    new = NewOffice(
        values["division"],
        values["name"],
        _approval(row),
        OfficeStatus(values.get("status") or OfficeStatus.OPERATING),
        values.get("phone"),
    )
    try:
        if new.status not in INITIAL_STATUSES:
            raise OfficeStatusChangeRefused("新增机构的状态应为规划、建设中或运行")
        await offices.create_office(work.uow, actor=work.actor, new=new)
    except DomainError as error:
        work.uow.session.expunge_all()
        return [refused(row, error, IMPORT.headers)]
    await work.checked(is_written=True)
    return []


_LATER = frozenset(column.key for column in OFFICES if not column.is_shown_only) - {*_NEW, ID, VERSION, "reason"}
IMPORT = Importable(
    "offices",
    "机构",
    OFFICES,
    ((ID,), ("division",)),
    apply_offices,
    (
        "变更：保留编号和版本，只改需要改的单元格；清空一个可以不填的单元格即删除其内容。",
        "新增：编号和版本留空，填写区划代码、机构名称，可填状态、办公电话和命名批准；其他内容在设立后再导入。",
    ),
)
