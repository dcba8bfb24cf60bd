"""The words of every notice that an applicant is handed, as templates hold them; `{{ … }}` is filled when printing.

What a notice must say: what is missing, all at once; why something is refused; how long a procedure takes that is not
counted; until when, and why that day; whom to ask and where to complain. Source: O4.3b, O4.3c; standards.md §6.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

NoticeKind = Literal[
    "receipt",
    "first_contact_receipt",
    "supplement_notice",
    "acceptance_notice",
    "refusal_notice",
    "special_procedure_notice",
    "extension_notice",
    "decision",
    "closing_notice",
    "referral_notice",
]
CaseNoticeKind = Literal[
    "receipt",
    "supplement_notice",
    "acceptance_notice",
    "refusal_notice",
    "special_procedure_notice",
    "extension_notice",
    "decision",
    "closing_notice",
    "referral_notice",
]


@dataclass(frozen=True, slots=True)
class Wording:
    """One notice.

    Attributes:
        title: also its name for people.
        paragraphs: of its text.
        listed: heading of the list of materials or documents, None without one.
        is_dated_by_clock: it tells the due date, and how the law came to it.
    """

    title: str
    paragraphs: tuple[str, ...]
    listed: str | None = None
    is_dated_by_clock: bool = False


_APPLIED = "你（单位）于{{ registered_on }}提出的“{{ item_name }}”申请（办件编号：{{ case_number }}），"
WORDINGS: Mapping[NoticeKind, Wording] = MappingProxyType(
    {
        "receipt": Wording(
            "收件回执",
            (
                _APPLIED + "我单位已收到。",
                (
                    "我单位将在规定期限内告知你（单位）是否受理；材料不齐全或者不符合法定形式的，将一次性告知需要补正的"
                    "全部内容。请妥善保管本回执，凭办件编号查询办理进度。"
                ),
            ),
            listed="我单位已收到的材料",
            is_dated_by_clock=True,
        ),
        "first_contact_receipt": Wording(
            "首问登记回执",
            (
                (
                    "你（单位）于{{ registered_on }}询问、反映的事项“{{ item_name }}”，我单位已登记，登记编号："
                    "{{ case_number }}。"
                ),
                "首问责任人在事项办结或者有人接手之前对你（单位）负责到底；{{ promise }}",
            ),
            listed="收到的材料",
        ),
        "supplement_notice": Wording(
            "一次性补正材料告知书",
            (
                _APPLIED + "经审查，申请材料不齐全或者不符合法定形式。现将需要补正的全部内容一次性告知如下，请于"
                "{{ until }}前补正。",
                "补正期间不计入办理期限。逾期未补正的，我单位将按补正不来办结处理，你（单位）可以重新提出申请。",
            ),
            listed="需要补正的全部内容",
        ),
        "acceptance_notice": Wording(
            "受理通知书",
            (
                _APPLIED + "经审查，{{ acceptance }}，现予受理。",
                (
                    "{{ promise }}依法需要听证、检验、检测、鉴定、专家评审、公示的，所需时间不计入办理期限，我单位将"
                    "另行书面告知。"
                ),
            ),
            is_dated_by_clock=True,
        ),
        "refusal_notice": Wording(
            "不予受理决定书",
            (
                _APPLIED + "经审查，决定不予受理。",
                "理由：{{ reason }}",
                "如不服本决定，可以依法申请行政复议或者提起行政诉讼，也可以拨打监督电话反映。",
            ),
        ),
        "special_procedure_notice": Wording(
            "特别程序告知书",
            (
                _APPLIED + "依法需要进行{{ procedure }}。",
                "启动理由或依据：{{ reason }}",
                "预计所需时间：{{ expected }}。{{ counted }}",
            ),
            is_dated_by_clock=True,
        ),
        "extension_notice": Wording(
            "延长办理期限通知书",
            (
                _APPLIED + "因不能在规定期限内办结，经批准，办理期限延长{{ extension }}。",
                "依据：{{ reason }}",
                "{{ promise }}",
            ),
            is_dated_by_clock=True,
        ),
        "decision": Wording(
            "办理决定书",
            (_APPLIED + "经审查，{{ decision }}", "{{ reason }}"),
        ),
        "closing_notice": Wording(
            "办结通知书",
            (
                _APPLIED + "已于{{ closed_on }}办结，办结结果：{{ result }}。",
                "{{ reason }}",
                "请对本次服务作出评价。评价自愿，任何人不得强迫或者干扰。",
            ),
        ),
        "referral_notice": Wording(
            "转办告知书",
            (
                _APPLIED + "现转由{{ next_office }}办理。",
                "{{ reason }}",
                "在接收单位接手之前，原责任人继续负责。{{ promise }}",
            ),
        ),
    }
)
KIND_LABELS: Mapping[NoticeKind, str] = MappingProxyType({kind: one.title for kind, one in WORDINGS.items()})
