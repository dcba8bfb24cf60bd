"""What can be wrong with a baseline survey."""

from common.errors import Conflict, Rejected


class FindingUnknown(Rejected):
    """No such question is asked. Source: S3."""

    code = "registry.survey-finding-unknown"
    title = "现状调查没有此项内容"
    default_clause = "S3"


class FindingRefused(Rejected):
    """The answer is not of the kind that the question asks for. Source: S3."""

    code = "registry.survey-finding-refused"
    title = "现状调查的填报值不合理"
    default_clause = "S3"


class SurveyDayRefused(Rejected):
    """Nothing was found on a day to come. Source: S3."""

    code = "registry.survey-day-refused"
    title = "调查日期不得晚于生效日期"
    default_clause = "S3"


class BaselineExists(Conflict):
    """An office has one baseline; what was wrong in it is corrected. Source: S3."""

    code = "registry.baseline-exists"
    title = "该机构已有现状调查，请更正原记录"
    default_clause = "S3"


class CorrectionNeedsReason(Rejected):
    """A baseline is what progress is measured from; whoever corrects it says why. Source: S3."""

    code = "registry.survey-correction-needs-reason"
    title = "更正现状调查须说明理由"
    default_clause = "S3"
