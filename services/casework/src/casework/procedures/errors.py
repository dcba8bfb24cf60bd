"""What can be wrong with a rule text."""

from common.errors import Conflict, Rejected


class RuleTextSuperseded(Conflict):
    """A newer version follows it, or it was withdrawn; only the newest one of a series changes."""

    code = "casework.rule-text.superseded"
    title = "该文本已被新版本取代或者已撤回"


class VersionTooEarly(Rejected):
    """A version begins after the one that it follows. Source: O4.1a."""

    code = "casework.rule-text.version-too-early"
    title = "新版本的生效日期须晚于原版本"
    default_clause = "O4.1a"


class StationIssuesNothing(Rejected):
    """Rule texts are issued by offices and those above them; stations work by those of their office. Source: O4.1a."""

    code = "casework.rule-text.station-issues-nothing"
    title = "村（社区）服务站点不单独制定规章制度"
    default_clause = "O4.1a"
