"""Columns of pay: rates, tasks, runs, recoveries. Of a person the sheet has the post. Pure. Source: O1.4f, O1.4g."""

from collections.abc import Sequence

from registry.pay.domain import (
    RECOVERY_REASON_LABELS,
    RECOVERY_STATUS_LABELS,
    RUN_STATUS_LABELS,
    TASK_STATUS_LABELS,
)
from registry.premises.domain import duty_labels
from registry.sheets.domain.cells import Choice, Day, Identifier, Text, Whole
from registry.sheets.domain.columns import VERSION_COLUMN, Column, shown_only
from registry.sheets.domain.records import OFFICE, PAPER, SHOWN_DAY, YUAN
from registry.sheets.domain.tree import CODE

DUTY = Choice(duty_labels())
QUALITY = Whole(0, 10_000)
TASK_STATUS = Choice({status.value: label for status, label in TASK_STATUS_LABELS.items()})

RATES: Sequence[Column] = (
    *OFFICE,
    shown_only("station_division", "服务站区划代码", CODE),
    shown_only("item_code", "事项编码", Text(31)),
    shown_only("duty", "职责", DUTY),
    shown_only("fen_per_task", "每件报酬（元）", YUAN),
    shown_only("valid_from", "适用起始日", Day()),
    shown_only("valid_to", "不再适用日", Day()),
    shown_only("absorbed_on", "原乡镇（街道）并入之日", Day()),
    shown_only("document", "文件", PAPER),
    SHOWN_DAY,
)
TASKS: Sequence[Column] = (
    shown_only("case_id", "办件编号", Identifier()),
    VERSION_COLUMN,
    shown_only("office_id", "服务站编号", Identifier()),
    shown_only("division", "区划代码", CODE),
    shown_only("office_name", "机构名称", Text()),
    shown_only("item_code", "事项编码", Text(31)),
    shown_only("duty", "职责", DUTY),
    shown_only("closed_on", "办结日期", Day()),
    shown_only("staff_member_id", "岗位编号", Identifier()),
    shown_only("status", "认定状态", TASK_STATUS, read=lambda row: row.status.value),
    shown_only("quality_permille", "质量系数（千分数）", QUALITY),
    shown_only("pay_run_id", "报酬核发编号", Identifier()),
    shown_only("rate_fen", "核发标准（元）", YUAN),
)
RUNS: Sequence[Column] = (
    *OFFICE,
    shown_only("period_from", "期间起", Day()),
    shown_only("period_to", "期间止", Day()),
    shown_only("status", "核发状态", Choice(RUN_STATUS_LABELS)),
    shown_only("posts", "岗位数", Whole(), read=lambda row: len(row.lines)),
    shown_only("tasks", "任务数", Whole(), read=lambda row: sum(line.tasks for line in row.lines)),
    shown_only("blocked", "不予支付的岗位数", Whole(), read=lambda row: sum(bool(one.blocked_by) for one in row.lines)),
    shown_only("total_fen", "合计（元）", YUAN),
    SHOWN_DAY,
)
RECOVERIES: Sequence[Column] = (
    *OFFICE,
    shown_only("pay_run_id", "报酬核发编号", Identifier()),
    shown_only("staff_member_id", "岗位编号", Identifier()),
    shown_only("case_id", "办件编号", Identifier()),
    shown_only("amount_fen", "应追回（元）", YUAN),
    shown_only("found_on", "发现日期", Day()),
    shown_only("clause", "条款", Text()),
    shown_only("found_reason", "追回原因", Choice(RECOVERY_REASON_LABELS)),
    shown_only("status", "追回状态", Choice(RECOVERY_STATUS_LABELS)),
    shown_only("closed_on", "办结日期", Day()),
    shown_only("close_document", "办结文件", PAPER),
    SHOWN_DAY,
)
