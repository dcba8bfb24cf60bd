"""The definitions that are shipped, and the words of definitions. Pure."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from common.contracts.reporting.indicators import IndicatorSpec

DIMENSION_LABELS: Mapping[str, str] = {
    "institution": "机构",
    "staff": "人员",
    "premises": "场地",
    "equipment": "设备",
    "funds": "资金",
    "services": "服务",
    "systems": "信息化",
    "equalisation": "均等化",
}
SOURCE_LABELS: Mapping[str, str] = {
    "standings": "机构现状",
    "figures": "办件统计",
    "directory": "机构名册",
    "programme": "建设任务名单",
}
DIRECTION_LABELS: Mapping[str, str] = {
    "higher": "越高越好",
    "lower": "越低越好",
    "range": "在范围内为好",
    "none": "只陈述",
}


@cache
def shipped() -> Mapping[str, IndicatorSpec]:
    """Code → definition, in the order in which they are shown."""
    found = json.loads(files("reporting.indicators").joinpath("shipped.json").read_text(encoding="utf-8"))
    specs = [IndicatorSpec.model_validate_json(json.dumps(one)) for one in found]
    return {spec.code: spec for spec in specs}
