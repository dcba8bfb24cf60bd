"""What may be entered in a line, and what must stand there before a report is submitted. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from common.contracts.reporting.reports import LineValue, TemplateLine
from common.errors import JSON
from reporting.reports.domain.composing import fits_decimals, total_lines
from reporting.reports.errors import EntryRefused, ReportIncomplete

LARGEST = Decimal(10) ** 15
FAULT_LABELS: Mapping[str, str] = {
    "unknown": "模板中没有此行",
    "twice": "同一行填报两次",
    "derived": "比率由系统计算，不得填报",
    "wrong-kind": "填报内容与该行类型不符",
    "negative": "不得为负数",
    "too-large": "数值过大",
    "not-whole": "应为整数",
    "too-many-decimals": "小数位数过多",
    "required": "必填项未填",
    "half-a-ratio": "比率的分子和分母须同时填报",
    "unexplained": "与系统计算值的差异超出允许范围，须说明原因",
    "difference": "与系统计算值的差异超出允许范围",
    "missing-below": "有下级报表未通过审核，未计入汇总",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody declares for one line; at most one of the three."""

    code: str
    own: Decimal | None = None
    flag: bool | None = None
    text: str | None = None
    explanation: str | None = None

    @property
    def given(self) -> tuple[str, ...]:
        """Which of the three are given."""
        return tuple(name for name in ("own", "flag", "text") if getattr(self, name) is not None)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong, or worth a warning, with a line; the whole report where `line` is ""."""

    line: str
    code: str

    @property
    def label(self) -> str:
        """In Chinese."""
        return FAULT_LABELS[self.code]


def enter(
    template: Sequence[TemplateLine], lines: Sequence[LineValue], entries: Sequence[Entry]
) -> tuple[LineValue, ...]:
    """The lines with what was entered, all of it or nothing; what is not named is emptied.

    Source: O6.3a.

    Raises:
        EntryRefused: with `errors`, every fault with its line.
    """
    by_code = {line.code: line for line in template}
    found: list[Fault] = []
    given: dict[str, Entry] = {}
    for entry in entries:
        if entry.code in given:
            found.append(Fault(entry.code, "twice"))
        given[entry.code] = entry
        line = by_code.get(entry.code)
        found += [Fault(entry.code, code) for code in (("unknown",) if line is None else _faults(line, entry))]
    if found:
        raise EntryRefused(errors=as_json(found))
    none = Entry("")
    entered = [
        line.model_copy(
            update={name: getattr(given.get(line.code, none), name) for name in ("own", "flag", "text", "explanation")}
            | {"answered": line.answered - _own_answer(line) + bool(given.get(line.code, none).given)}
        )
        for line in lines
    ]
    return total_lines(template, entered)


def difference_of(line: LineValue) -> Decimal | None:
    """Declared less computed; None where one of them is unknown.

    Source: O6.3a.
    """
    if line.total is None or line.computed is None or line.computed.value is None:
        return None
    return line.total - line.computed.value


def is_beyond(template: TemplateLine, line: LineValue) -> bool:
    """Whether the difference to the computed value is larger than the template tolerates.

    Source: O6.3a.
    """
    difference = difference_of(line)
    if difference is None or line.computed is None or line.computed.value is None:
        return False
    percent = abs(line.computed.value) * template.tolerance_percent / 100
    return abs(difference) > max(template.tolerance, percent)


def require_complete(template: Sequence[TemplateLine], lines: Sequence[LineValue], *, is_leaf: bool) -> None:
    """A report that is submitted has its required lines, whole ratios, and words for every difference.

    Source: O6.3a.

    Raises:
        ReportIncomplete: with `errors`, every fault with its line.
    """
    found = list(_lacking(template, lines, is_leaf=is_leaf))
    if found:
        raise ReportIncomplete(errors=as_json(found))


def warnings_of(
    template: Sequence[TemplateLine], lines: Sequence[LineValue], missing: Sequence[str]
) -> tuple[Fault, ...]:
    """What a submitter and an approver should see and nobody is stopped by.

    Source: O6.3a; soft words of clauses.md.
    """
    found = [
        Fault(line.code, "difference") for line, value in zip(template, lines, strict=True) if is_beyond(line, value)
    ]
    if missing:
        found.append(Fault("", "missing-below"))
    return tuple(found)


def as_json(faults: Sequence[Fault]) -> list[JSON]:
    """Faults as facts of a problem.

    Source: ADR 0007.
    """
    return [{"line": fault.line, "code": fault.code, "title": fault.label} for fault in faults]


def _own_answer(line: LineValue) -> bool:
    return line.own is not None or line.flag is not None or line.text is not None


def _faults(line: TemplateLine, entry: Entry) -> Iterator[str]:
    if line.rule == "ratio":
        if entry.given:
            yield "derived"
        return
    wanted = {"yes_no": "flag", "text": "text"}.get(line.kind, "own")
    if any(name != wanted for name in entry.given):
        yield "wrong-kind"
        return
    if entry.own is None:
        return
    if entry.own < 0:
        yield "negative"
    elif entry.own >= LARGEST:
        yield "too-large"
    elif not fits_decimals(entry.own, line.decimals):
        yield "not-whole" if line.kind == "int" else "too-many-decimals"


def _lacking(template: Sequence[TemplateLine], lines: Sequence[LineValue], *, is_leaf: bool) -> Iterator[Fault]:
    values = {line.code: line for line in lines}
    for line in template:
        value = values[line.code]
        if line.is_required and line.rule != "ratio":
            composed = line.rule != "none" and not is_leaf
            if not (_own_answer(value) or (composed and value.below is not None)):
                yield Fault(line.code, "required")
        if line.rule == "ratio":
            own = [_own_answer(values[part]) for part in (line.numerator, line.denominator) if part]
            if own[0] != own[1]:
                yield Fault(line.code, "half-a-ratio")
        if is_beyond(line, value) and not line.is_soft and not value.explanation:
            yield Fault(line.code, "unexplained")
