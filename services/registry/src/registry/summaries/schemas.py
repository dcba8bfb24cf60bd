"""The answer of the summary."""

from pydantic import Field

from common.http import AnswerModel


class SummaryAnswer(AnswerModel):
    """区划与机构的数量。"""

    divisions: dict[str, int] = Field(description="各层级区划行数，含占位行和类似乡级、村级单位。")
    county_fillers: int = Field(description="不设县级的市的占位行。")
    formal_towns: int = Field(description="镇、乡、街道，不含类似乡级单位。")
    offices: dict[str, int] = Field(description="未撤销的机构，按类别。")
    naming_reports: int = Field(description="规则未能成名或按规定不设、且至今没有机构的区划。")
