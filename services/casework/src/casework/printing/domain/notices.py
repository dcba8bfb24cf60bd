"""What stands in a notice of one case: the facts that fill its template."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args

from casework.cases.domain import FORM_LABELS
from casework.clock.domain import Line, spell_limit
from casework.printing.domain.wordings import WORDINGS, CaseNoticeKind, NoticeKind
from casework.printing.domain.words import chinese_day, printable
from casework.printing.errors import NoticeNotIssued
from common.clock import beijing_day
from common.contracts.casework import CaseState
from common.contracts.casework.cases import DocumentState
from common.contracts.casework.contacts import FirstContactState

CASE_KINDS: tuple[CaseNoticeKind, ...] = get_args(CaseNoticeKind)
UNKNOWN = "见办事窗口公示"
_MOST_LINES = 40
_RESULTS: Mapping[str, str] = {
    "granted": "准予，出具证照或者文书", "returned": "退回", "voided": "作废", "deleted": "因录入有误撤销",
    "referred": "转报上级办理", "supplement_lapsed": "逾期未补正", "other": "已办结",
}  # fmt: skip
_PROCEDURES: Mapping[str, str] = {
    "supplement": "补正", "public_notice": "公示", "hearing": "听证", "inspection": "检验、检测或者现场核查",
    "appraisal": "鉴定", "expert_review": "专家评审", "other": "其他特别程序",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Desk:
    """Who hands a notice out.

    Attributes:
        office: its name.
        phone: of the office.
        complaint_phone: where to complain about it.
        clerk: who is responsible, by name; None where only an account is known.
    """

    office: str
    phone: str | None
    complaint_phone: str | None
    clerk: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice ready to be set.

    Attributes:
        kind: whose template it fills.
        number: of the document; stands in it and names its file.
        facts: what stands in the places of the template.
    """

    kind: NoticeKind
    number: str
    facts: Mapping[str, Any] = field(repr=False)


def find_document(state: CaseState, kind: CaseNoticeKind, number: str | None) -> tuple[DocumentState, int]:
    """The document of the case's file, the last of its kind unless a number is given; and which of its kind it is.

    Source: O4.3b; standards.md §3.

    Raises:
        NoticeNotIssued: there is none.
    """
    issued = [document for document in state.file.documents if document.kind == kind]
    for place, document in reversed(list(enumerate(issued))):
        if number is None or document.number == number:
            return document, place
    raise NoticeNotIssued


def write_notice(
    state: CaseState,
    kind: CaseNoticeKind,
    *,
    number: str | None,
    item_name: str,
    applicant: str,
    desk: Desk,
    due_on: date | None = None,
    reasons: Sequence[Line] = (),
    next_office: str | None = None,
) -> Notice:
    """A notice about a case, dated by the day on which it was issued.

    Source: O4.3b, O4.3c; standards.md §6.

    Args:
        state: of the case.
        kind: of the notice.
        number: of the document; None for the last one of the kind.
        item_name: what was applied for.
        applicant: name in clear; it stands on the paper that the applicant is handed.
        desk: who hands it out.
        due_on: the last day as it was when the document was issued; None while no clock ran.
        reasons: how the law came to that day.
        next_office: who is to take a referred case.

    Raises:
        NoticeNotIssued: the case's file has no such document.
    """
    document, place = find_document(state, kind, number)
    facts = {
        "registered_on": chinese_day(beijing_day(state.registered_at)),
        "item_name": printable(item_name),
        "case_number": printable(state.case_number or str(state.id)),
        "reason": printable(state.reason or ""),
        "promise": _promise(due_on),
        **_particulars(state, kind, place, next_office),
    }
    return _notice(kind, document.number, facts, applicant, desk, beijing_day(document.issued_at), reasons)


def write_first_contact_receipt(state: FirstContactState, *, asker: str, desk: Desk) -> Notice:
    """The receipt of a first contact: who is responsible, how to reach them, until when, where to complain.

    Source: O4.3b; standards.md §6.
    """
    facts = {
        "registered_on": chinese_day(beijing_day(state.registered_at)),
        "item_name": printable(state.matter),
        "case_number": printable(state.number),
        "promise": _promise(state.promised_on, "承诺答复日期"),
        "materials": [f"{one.name}（原件{one.originals}份，复印件{one.copies}份）" for one in state.materials],
    }
    day = beijing_day(state.registered_at)
    return _notice("first_contact_receipt", state.number, facts, asker, desk, day, ())


def _notice(
    kind: NoticeKind,
    number: str,
    facts: Mapping[str, Any],
    applicant: str,
    desk: Desk,
    day: date,
    reasons: Sequence[Line],
) -> Notice:
    wording = WORDINGS[kind]
    shown = reasons[:_MOST_LINES] if wording.is_dated_by_clock else ()
    listed = facts.get("materials", ()) if wording.listed else ()
    return Notice(
        kind,
        number,
        {
            **facts,
            "number": printable(number),
            "applicant": printable(applicant),
            "materials": [printable(text) for text in listed],
            "reasons": [{"day": chinese_day(line.day), "text": printable(line.text)} for line in shown],
            "office": printable(desk.office),
            "clerk": printable(desk.clerk or UNKNOWN),
            "phone": printable(desk.phone or UNKNOWN),
            "complaint_phone": printable(desk.complaint_phone or UNKNOWN),
            "issued_on": chinese_day(day),
        },
    )


def _particulars(state: CaseState, kind: NoticeKind, place: int, next_office: str | None) -> dict[str, Any]:
    if kind == "referral_notice":
        return {"next_office": printable(next_office or "有权办理的单位")}
    write = _PARTICULARS.get(kind)
    return {} if write is None else write(state, place)


def _receipt(state: CaseState, _place: int) -> dict[str, Any]:
    """What was received, each material once; what came after the receipt with its day."""
    issued_on = beijing_day(state.registered_at)
    found: dict[tuple[date, str], list[str]] = {}
    for one in state.file.received:
        form = "" if one.form is None else FORM_LABELS[one.form]
        pieces = f"{form}{one.count}份" + ("（网上提交）" if one.medium == "upload" else "")
        found.setdefault((beijing_day(one.received_at), one.material), []).append(pieces)
    return {
        "materials": [
            f"{name}：{'，'.join(pieces)}" + ("" if day == issued_on else f"（{chinese_day(day)}收到）")
            for (day, name), pieces in found.items()
        ]
    }


def _acceptance(state: CaseState, _place: int) -> dict[str, Any]:
    deemed = "我单位未在规定期限内告知，自收到申请材料之日起即为受理"
    return {"acceptance": deemed if state.is_deemed_accepted else "申请材料齐全、符合法定形式"}


def _decision(state: CaseState, _place: int) -> dict[str, Any]:
    return {"decision": {True: "决定准予。", False: "决定不予。", None: "已作出决定。"}[state.is_favourable]}


def _closing(state: CaseState, _place: int) -> dict[str, Any]:
    day = UNKNOWN if state.closed_at is None else chinese_day(beijing_day(state.closed_at))
    return {"result": _RESULTS[state.closing_result or "other"], "closed_on": day}


def _supplement(state: CaseState, place: int) -> dict[str, Any]:
    if not state.file.supplements:
        raise NoticeNotIssued
    asked = state.file.supplements[min(place, len(state.file.supplements) - 1)]
    return {"materials": asked.materials, "until": chinese_day(asked.due_on)}


def _special(state: CaseState, place: int) -> dict[str, Any]:
    if not state.file.specials:
        raise NoticeNotIssued
    special = state.file.specials[min(place, len(state.file.specials) - 1)]
    return {
        "procedure": _PROCEDURES[special.kind],
        "reason": printable(special.reason),
        "expected": spell_limit(special.expected) if special.expected else "以程序实际进行的时间为准",
        "counted": "所需时间不计入办理期限。" if special.is_pausing else "所需时间计入办理期限。",
    }


def _extension(state: CaseState, place: int) -> dict[str, Any]:
    told = [
        {"extension": spell_limit(entry.extension), "reason": printable(entry.clause or "有关规定")}
        for entry in state.file.ledger
        if entry.fact == "extended" and entry.extension is not None
    ]
    if not told:
        raise NoticeNotIssued
    return told[min(place, len(told) - 1)]


def _promise(due_on: date | None, label: str = "办理期限届满日") -> str:
    return "" if due_on is None else f"{label}：{chinese_day(due_on)}。"


_PARTICULARS: Mapping[str, Callable[[CaseState, int], dict[str, Any]]] = {
    "receipt": _receipt,
    "supplement_notice": _supplement,
    "acceptance_notice": _acceptance,
    "special_procedure_notice": _special,
    "extension_notice": _extension,
    "decision": _decision,
    "closing_notice": _closing,
}
"""What each kind tells beside what all of them do."""
