"""Import of offices: changed ones many at a time, new ones one by one, under the rules of the API."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from common.clock import today
from common.errors import DomainError, PreconditionFailed
from registry.offices import service as offices
from registry.offices.domain import INITIAL_STATUSES, NameApproval, OfficeStatus
from registry.offices.errors import OfficeNotFound, OfficeStatusChangeRefused
from registry.offices.service import Ground, NewOffice, OfficeChanges, OfficeFacts
from registry.sheets.domain.columns import ID, VERSION, Row, RowWrong, changed_shown_only, differences
from registry.sheets.domain.offices import OFFICES
from registry.sheets.service.importer import Importable, Work, refused

CHUNK = 1000
_APPROVAL = ("name_approval_reason", "name_approval_document")
_FACTS = tuple(OfficeFacts.__annotations__)
_NEVER_BLANK = frozenset({"status", "management_mode"})


async def apply_offices(work: Work, rows: Sequence[Row]) -> list[RowWrong]:
    """Changes the offices that rows name by their ids, sets up those of the others, from upper levels down.

    Source: O1.1a, O1.1c, O1.2a, O1.2b, O1.3a, O1.3b, O1.3c, O2.1a, O2.1b, O2.1c, ADR 0015.
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
    changed: dict[Ground, list[Any]] = {}
    for row in rows:
        office, ground = held.get(row.values[ID]), _ground(work, row)
        try:
            faults, is_written = await _change_one(work, office, row, ground)
        except DomainError as error:
            faults, is_written = [refused(row, error, IMPORT.headers)], False
        wrong += faults
        if is_written:
            changed.setdefault(ground, []).append(office)
        await work.checked(is_written=is_written)
    if not wrong:
        for ground, several in changed.items():
            action, told = "registry.office.import", {"reason": ground.reason, "document": ground.document}
            await offices.publish_offices(work.uow, several, action, **told)
    return wrong


def _ground(work: Work, row: Row) -> Ground:
    return Ground(today(), row.values.get("reason") or work.reason, row.values.get("document"))


async def _change_one(work: Work, office: Any, row: Row, ground: Ground) -> tuple[list[RowWrong], bool]:
    if office is None:
        raise OfficeNotFound("编号不存在，或不在管辖范围内")
    if office.version != row.values[VERSION]:
        raise PreconditionFailed
    if faults := changed_shown_only(OFFICES, row, office):
        return faults, False
    found = differences(OFFICES, row, office)
    if not found:
        return [], False
    if faults := _misfits(row, found, ground):
        return faults, False
    is_changed = await offices.change_held(
        work.uow.session,
        office,
        actor=work.actor,
        expected_version=row.values[VERSION],
        changes=_changes(row, found),
        ground=ground,
    )
    return [], is_changed


def _misfits(row: Row, found: Mapping[str, Any], ground: Ground) -> list[RowWrong]:
    """What does not fit together in the changes of one row."""
    headers = IMPORT.headers
    wrong = [
        RowWrong(row.number, headers[key], "required", "必填")
        for key in sorted(_NEVER_BLANK & set(found))
        if found[key] is None
    ]
    if "status" in found and ground.reason is None:
        wrong.append(RowWrong(row.number, headers["reason"], "reason-required", "变更状态须说明理由"))
    if "name" not in found:
        reason = "命名批准随机构名称一并变更，不能单独变更"
        wrong += [RowWrong(row.number, headers[key], "not-without-name", reason) for key in _APPROVAL if found.get(key)]
    return wrong


def _changes(row: Row, found: Mapping[str, Any]) -> OfficeChanges:
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
    facts = {key: values[key] for key in _FACTS if values.get(key) is not None and key != "phone"}
    new = NewOffice(
        values["division"],
        values["name"],
        _approval(row),
        OfficeStatus(values.get("status") or OfficeStatus.OPERATING),
        values.get("phone"),
        cast("OfficeFacts", facts),
        _ground(work, row),
    )
    try:
        _require_initial(new.status)
        await offices.create_office(work.uow, actor=work.actor, new=new)
    except DomainError as error:
        work.uow.session.expunge_all()
        return [refused(row, error, IMPORT.headers)]
    await work.checked(is_written=True)
    return []


def _require_initial(status: OfficeStatus) -> None:
    if status not in INITIAL_STATUSES:
        raise OfficeStatusChangeRefused("新增机构的状态应为规划、建设中或运行")


IMPORT = Importable(
    "offices",
    "机构",
    OFFICES,
    ((ID,), ("division",)),
    apply_offices,
    (
        "变更：保留编号和版本，只改需要改的单元格；清空一个可以不填的单元格即删除其内容。",
        "新增：编号和版本留空，填写区划代码和机构名称；状态留空即为运行。",
        "变更自导入当日起生效；撤销时指定并入机构的，请逐个办理。",
    ),
)
