"""Codes of satisfaction, channels and aspects. Inside there are names; codes are for the edge only.

GB/T 39046-2020 A.8 counts from the best (1 非常满意), the interfaces in use count from the worst (5 非常满意).
"""

from collections.abc import Mapping
from typing import Literal, cast, get_args

from casework.ratings.errors import RatingCodeUnknown
from common.contracts.casework.ratings import RatingChannel, RatingLevel

Unrated = Literal["unrated"]
UNRATED: Unrated = "unrated"
"""Nobody rated: a value of its own, which is never counted as praise."""
UNRATED_LABEL = "未评价"
RATINGS: tuple[RatingLevel, ...] = get_args(RatingLevel)
"""From the best to the worst."""

RATING_LABELS: Mapping[RatingLevel, str] = {
    "very_satisfied": "非常满意",
    "satisfied": "满意",
    "basically_satisfied": "基本满意",
    "dissatisfied": "不满意",
    "very_dissatisfied": "非常不满意",
}
CHANNEL_LABELS: Mapping[RatingChannel, str] = {
    "pc": "电脑端",
    "mobile": "移动端",
    "qr_code": "二维码",
    "hall_tablet": "大厅平板电脑",
    "hall_terminal": "大厅其他终端",
    "phone": "电话",
    "sms": "短信",
}
_SHARED_CHANNELS: Mapping[RatingChannel, str] = {
    "pc": "1",
    "mobile": "2",
    "qr_code": "3",
    "hall_tablet": "4",
    "hall_terminal": "5",
}
GB_CHANNELS: Mapping[RatingChannel, str] = {**_SHARED_CHANNELS, "phone": "6", "sms": "7"}
"""As most sources number the channels of 表9."""
INTERFACE_CHANNELS: Mapping[RatingChannel, str] = {**_SHARED_CHANNELS, "sms": "6"}
"""As the interface `pf` numbers them; it has no phone."""
INTERFACE_DEFAULT_CHANNEL = "7"
"""系统默认评价: the other system made it up, so nobody rated."""
HRSS_SOURCES: Mapping[RatingChannel, str] = {
    "hall_tablet": "1",
    "qr_code": "1",
    "pc": "2",
    "phone": "3",
    "mobile": "4",
    "hall_terminal": "5",
}
"""人社 sources: 1 实体大厅 2 网厅 3 12333 4 移动 5 自助; it has no short message."""


def stars_of(rating: RatingLevel) -> int:
    """5 for the best, 1 for the worst.

    Source: standards.md §7.
    """
    return len(RATINGS) - RATINGS.index(rating)


def to_gb(rating: RatingLevel | Unrated) -> str | None:
    """The code of A.8, 1 for the best; None where nobody rated.

    Source: standards.md §4 (A.8).
    """
    return None if rating == UNRATED else str(RATINGS.index(rating) + 1)


def from_gb(code: str | None) -> RatingLevel | Unrated:
    """The satisfaction behind a code of A.8.

    Source: standards.md §4 (A.8).

    Raises:
        RatingCodeUnknown: there is no such code.
    """
    return _found({str(place): rating for place, rating in enumerate(RATINGS, 1)}, code)


def to_interface(rating: RatingLevel | Unrated) -> str | None:
    """The code of the interfaces in use, 5 for the best; None where nobody rated.

    Source: standards.md §7.
    """
    return None if rating == UNRATED else str(stars_of(rating))


def from_interface(code: str | None, channel: str | None = None) -> RatingLevel | Unrated:
    """The satisfaction behind a code of the interface; what another system rated by default is no rating.

    Source: standards.md §7; O4.3f.

    Raises:
        RatingCodeUnknown: there is no such code.
    """
    found = _found({str(stars_of(rating)): rating for rating in RATINGS}, code)
    return UNRATED if channel == INTERFACE_DEFAULT_CHANNEL else found


def to_channel_code(channel: RatingChannel, codes: Mapping[RatingChannel, str]) -> str | None:
    """The channel's code; None where the code list has none for it.

    Source: standards.md §7.
    """
    return codes.get(channel)


def from_channel_code(code: str, codes: Mapping[RatingChannel, str]) -> RatingChannel:
    """The channel behind a code.

    Source: standards.md §7.

    Raises:
        RatingCodeUnknown: there is none, or it stands for more than one.
    """
    fitting = [channel for channel, known in codes.items() if known == code]
    if len(fitting) != 1:
        raise RatingCodeUnknown
    return fitting[0]


def _found(codes: Mapping[str, RatingLevel], code: str | None) -> RatingLevel | Unrated:
    if code is None or not code.strip():
        return UNRATED
    if code not in codes:
        raise RatingCodeUnknown
    return codes[code]


_ASPECTS = """
510 一窗受理一次办结|511 可以先受理后补材料|512 不用提交证明|513 可以全程网上办理
514 可以使用手机办理|515 可以就近办理|516 无需材料直接办理|517 服务热情效率高
406 填写一张表单就可完成申报|407 在线提交材料窗口核验|408 一张清单告知全部申报材料|409 用告知承诺减免申报材料
410 可以在线预约办理|411 跑大厅一次办完|412 可以使用自助机办理|413 服务态度较好
307 一次性告知需要补正的材料|308 提供申报材料样本|309 在承诺的时间内办结|310 办事指南指引准确
311 按办事指南要求的材料即可办理|312 可以快递送达|313 跑动次数与承诺的一致|314 服务态度一般
207 没有提供材料样本|208 没有提供材料清单|209 未在承诺时间内办结|210 同样内容的证明材料被要求多次提交
211 承诺网办但无法在线办理|212 在线预约办理后到实体大厅重复取号排队|213 窗口人员业务不熟练|214 服务态度生硬
108 在办事指南之外增加新的审批条件|109 需提供办事指南之外的申报材料|110 无理由超过法定办理时间|111 办事指南提供样本有错
112 承诺在线收取申报材料实际无法收取|113 多头跑窗口和部门|114 跑动次数与承诺的不一致|115 服务态度差效率低
"""
ASPECT_LABELS: Mapping[str, str] = dict(
    cast("tuple[str, str]", tuple(entry.split(" ", 1))) for entry in _ASPECTS.replace("\n", "|").split("|") if entry
)
"""Codes of the interface's `evalDetail`; the first digit is the number of stars."""
