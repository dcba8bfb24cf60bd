"""The split of a case's time in Chinese, line by line."""

from collections.abc import Mapping
from datetime import date

from casework.accountability.domain.attribution import Attribution, Owner, Stretch
from casework.cases.domain import STEP_LABELS
from casework.clock.domain import CLOCK_LABELS, PAUSE_LABELS, UNIT_LABELS
from common.contracts.casework.cases import StepName


def explain(attribution: Attribution, by_step: Mapping[StepName, int]) -> list[str]:
    """Why each day belongs to whom: from when, every stretch, and that the parts are the whole.

    Source: O4.3c, O4.3d.
    """
    unit = UNIT_LABELS[attribution.unit]
    lines = [f"{CLOCK_LABELS[attribution.clock]}自{_day(attribution.from_on)}起算，当日不计。"]
    lines += [_line(stretch, unit) for stretch in attribution.stretches]
    parts = "＋".join(str(part.days) for part in attribution.parts) or "0"
    lines.append(f"合计{attribution.elapsed}{unit}（{parts}），其中计入时限{attribution.running}{unit}。")
    if attribution.due_on is not None and attribution.overdue:
        lines.append(f"到期日{_day(attribution.due_on)}，其后超期{attribution.overdue}个工作日，由其后持有人承担。")
        shared = "、".join(f"{STEP_LABELS[step]}{days}个工作日" for step, days in by_step.items())
        lines += [f"按环节分摊：{shared}。"] if shared else []
    elif attribution.due_on is not None:
        lines.append(f"到期日{_day(attribution.due_on)}，未超期。")
    return lines


def _line(stretch: Stretch, unit: str) -> str:
    span = _day(stretch.first)
    if stretch.last != stretch.first:
        span += f"至{_day(stretch.last)}"
    late = f"，其中超期{stretch.overdue}个工作日" if stretch.overdue else ""
    return f"{span}：{_who(stretch.owner)}，{stretch.days}{unit}{late}。"


def _who(owner: Owner) -> str:
    step = "" if owner.step is None else f"（{STEP_LABELS[owner.step]}环节）"
    if owner.kind == "applicant":
        return f"{PAUSE_LABELS['supplement']}，归申请人"
    if owner.kind == "other_department":
        if owner.reason is None:
            return f"转办待接收，归被请求接收的机构{owner.division}"
        return f"{PAUSE_LABELS[owner.reason]}，归其他部门"
    if owner.kind == "office":
        return f"无人持有，归机构{owner.division}{step}"
    return f"由账号{owner.account}持有{step}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
