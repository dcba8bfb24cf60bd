"""Code sets of the standards, and the named values that stand inside for their codes.

A code leaves and enters here only; everywhere else a value has a name. Where two official-looking sources number the
same thing differently, both directions are written down. Source: standards.md §4, §5, §7.
"""

from collections.abc import Mapping
from types import MappingProxyType

from casework.ratings.domain import INTERFACE_CHANNELS, RATING_LABELS, RATINGS, to_gb, to_interface

CODE_SETS: Mapping[str, Mapping[str, str]] = {
    "A.1": {
        "00": "行政权力事项", "01": "行政许可", "02": "行政处罚", "03": "行政强制", "04": "行政征收",
        "05": "行政给付", "06": "行政检查", "07": "行政确认", "08": "行政奖励", "09": "行政裁决",
        "10": "其他类别事项", "11…": "可扩充", "20": "公共服务事项", "21…": "可扩充",
    },
    "A.2": {
        "1": "国家级", "2": "省级", "3": "市级", "4": "县级", "5": "镇（乡、街道）级", "6": "村（社区）级",
        "7": "分级管理",
    },
    "A.3": {"1": "法定机关", "2": "授权组织", "3": "受委托组织", "9": "其他"},
    "A.4": {
        "1": "自然人", "2": "企业法人", "3": "事业法人", "4": "社会组织法人", "5": "行政机关", "6": "其他组织",
    },
    "A.5": {"1": "窗口办理", "2": "电脑端网上办理", "3": "移动端网上申请", "4": "快递申请", "9": "其他"},
    "A.6": {"1": "即办件", "2": "承诺件", "9": "其他"},
    "A.7": {"1": "延长审批", "2": "除延长审批之外的情况"},
    "A.8": {"1": "非常满意", "2": "满意", "3": "基本满意", "4": "不满意", "5": "非常不满意"},
    "1/0": {"1": "是", "0": "否"},
    "step": {"1": "待办", "2": "已办"},
    "SQRLX": {"1": "个人", "2": "企业", "3": "其他"},
    "TJFS": {"0": "窗口", "1": "网上"},
    "WSSBQD": {"0": "PC", "1": "手机客户端", "2": "手机WAP", "3": "微信公众号", "4": "支付宝服务窗", "9": "其他"},
    "CZLQ": {"0": "自取", "1": "邮寄"},
    "CLDJ": {"0": "窗口", "1": "邮递"},
    "WJLX": {"0": "纸质", "1": "电子"},
    "CLLX": {"0": "原件", "1": "复印件", "2": "电子件"},
    "SAVE": {"0": "网盘", "1": "文件", "3": "数据库"},
    "YSLZTDM": {"1": "通过", "2": "不受理", "3": "补交补正"},
    "SLZTDM": {"1": "受理", "2": "不受理", "3": "补齐补正材料", "4": "不予受理"},
    "SPHJDM": {"1": "承办", "2": "审核", "3": "批准"},
    "BJJGDM": {
        "0": "出证办结", "1": "退回办结", "2": "作废办结", "3": "删除办结", "4": "转报办结", "5": "补正不来办结",
        "6": "办结",
    },
    "TBCXZL": {"A": "延长审批", "B": "听证、招标、拍卖等其他情况"},
    "SXDW": {"G": "工作日", "Z": "自然日"},
    "pf": {
        "1": "PC", "2": "移动端", "3": "二维码", "4": "大厅平板电脑", "5": "大厅其他终端", "6": "短信",
        "7": "系统默认评价",
    },
    "pj5": {"1": "非常不满意", "2": "不满意", "3": "基本满意", "4": "满意", "5": "非常满意"},
    "userProp": {"1": "个人", "2": "法人"},
    "promiseTime": {"1": "承诺件", "2": "即办件"},
    "assessNumber": {"1": "首次评价", "2": "二次评价"},
}  # fmt: skip
"""Code → label, by the key that the field tables name."""


class Codes:
    """A named value and its code, both ways.

    Several codes may mean one value; the first one is written.
    """

    def __init__(self, *pairs: tuple[str, str]) -> None:
        self._codes = dict(reversed(pairs))
        self._names = {code: name for name, code in pairs}

    @property
    def names(self) -> Mapping[str, str]:
        """Code → named value."""
        return MappingProxyType(self._names)

    def code_of(self, name: str) -> str | None:
        """The code of a named value; None if the code set has none."""
        return self._codes.get(name)

    def name_of(self, code: object) -> str | None:
        """The named value of a code; None if nothing inside is called so."""
        return self._names.get(code) if isinstance(code, str) else None


HANDLING_GB = Codes(("immediate", "1"), ("promised", "2"))
"""A.6."""
HANDLING_RATED = Codes(("promised", "1"), ("immediate", "2"))
"""`promiseTime` of the evaluation interface: the reverse of A.6."""
CHANNELS_GB = Codes(("window", "1"), ("computer", "2"), ("mobile", "3"), ("courier", "4"), ("other", "9"))
"""A.5."""
CHANNELS_ONLINE = Codes(
    ("computer", "0"), ("mobile", "1"), ("mobile", "2"), ("mobile", "3"), ("mobile", "4"), ("other", "9")
)
"""WSSBQD: the platform does not tell an app from a mini programme, so four codes are one value."""
ACTIONS = Codes(("pass", "通过"), ("return", "退回"), ("other", "其他"))
"""业务动作 of table 7 is a word without a number."""
STEPS = Codes(
    ("receipt", "收件"), ("supplement", "补正"), ("acceptance", "受理"), ("undertaking", "承办"),
    ("reviewing", "审核"), ("approving", "批准"), ("closing", "办结"),
)  # fmt: skip
APPROVAL_STEPS = Codes(("undertaking", "1"), ("reviewing", "2"), ("approving", "3"))
"""SPHJDM."""
CLOSING_RESULTS = Codes(
    ("granted", "0"), ("returned", "1"), ("voided", "2"), ("deleted", "3"), ("referred", "4"),
    ("supplement_lapsed", "5"), ("other", "6"),
)  # fmt: skip
"""BJJGDM."""
CLOSING_LABELS = Codes(*((name, CODE_SETS["BJJGDM"][code]) for code, name in CLOSING_RESULTS.names.items()))
"""GB/T 39046 has no code for it; table 8 describes the result in words."""
APPLICANT_KINDS = Codes(("natural_person", "1"), ("organisation", "2"), ("organisation", "3"))
"""SQRLX."""
LIMIT_UNITS = Codes(("working_days", "G"), ("calendar_days", "Z"))
"""TBCXSXDW."""
UNIT_LABELS: Mapping[str, str] = {name: CODE_SETS["SXDW"][code] for code, name in LIMIT_UNITS.names.items()}
"""GB/T 39046 has words for units and no code."""
LEVELS = Codes(("province", "2"), ("city", "3"), ("county", "4"), ("town", "5"), ("village", "6"))
"""A.2: the five levels of the network are its codes 2 to 6."""
SPECIAL_KINDS = Codes(
    ("supplement", "补正"), ("public_notice", "公示"), ("hearing", "听证"), ("inspection", "检验、检测、现场核查"),
    ("appraisal", "鉴定"), ("expert_review", "专家评审"), ("other", "其他特别程序"),
)  # fmt: skip
"""特别程序种类名称: A.7 only tells extensions from everything else, so the name carries the kind."""
SATISFACTION_GB = Codes(*((rating, str(to_gb(rating))) for rating in RATINGS))
"""A.8: 1 is best."""
SATISFACTION_INTERFACE = Codes(*((rating, str(to_interface(rating))) for rating in RATINGS))
"""`satisfaction` of the evaluation interface: 5 is best."""
SATISFACTION_LABELS: Mapping[str, str] = {str(rating): label for rating, label in RATING_LABELS.items()}
RATING_CHANNELS_GB = Codes(
    ("pc", "PC端"), ("mobile", "移动端"), ("qr_code", "二维码"), ("hall_tablet", "大厅平板电脑"),
    ("hall_terminal", "大厅其他终端"), ("phone", "电话"), ("sms", "短信"),
)  # fmt: skip
"""评价渠道 of table 9 is a word without a number."""
RATING_CHANNELS_INTERFACE = Codes(*INTERFACE_CHANNELS.items())
"""`pf`: no code for the telephone; 7, an evaluation that the system made up, is no rating here."""
RESIDENT_IDENTITY_CARD = "111"
"""居民身份证 in GA/T 2000.156."""
