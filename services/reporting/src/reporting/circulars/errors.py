"""What can be wrong with a circular."""

from common.errors import Conflict, Forbidden, NotFound, Rejected


class OfficeTooLow(Rejected):
    """Circulars are issued by the offices of a province or a city. Source: S5, O6.3b."""

    code = "reporting.circular.office-too-low"
    title = "通报由省、地级以上市人力资源社会保障部门发布"
    default_clause = "O6.3b"


class ScopeWithoutChildren(Rejected):
    """Nothing lies below the scope on that day, so there is nothing to compare. Source: O6.3b."""

    code = "reporting.circular.scope-empty"
    title = "通报范围在该日没有下级区划"
    default_clause = "O6.3b"


class DayNotOver(Rejected):
    """Figures of a day that has not begun are nobody's to tell. Source: O6.3b."""

    code = "reporting.circular.day-in-future"
    title = "数据截至日不得晚于今天"
    default_clause = "O6.3b"


class NotTheIssuer(Forbidden):
    """Only the office that issues a circular works on it. Source: O6.3b."""

    code = "reporting.circular.not-the-issuer"
    title = "只有发文机关可以办理"


class CircularNotInState(Conflict):
    """The step does not follow the state. Source: O6.3b."""

    code = "reporting.circular.wrong-state"
    title = "当前状态不允许此操作"
    default_clause = "O6.3b"


class CircularWithdrawn(Conflict):
    """It is no longer told. Source: O6.3b."""

    code = "reporting.circular.withdrawn"
    title = "该通报已撤回"


class NotYetSigned(Conflict):
    """There is no official document before the signature. Source: O6.3b."""

    code = "reporting.circular.not-signed"
    title = "该通报尚未签发"


class DrafterCannotSign(Forbidden):
    """Somebody else than those who wrote it signs it. Source: O6.3b."""

    code = "reporting.circular.drafter-cannot-sign"
    title = "拟稿人不得签发"
    default_clause = "O6.3b"


class SnapshotMissing(Rejected):
    """Figures are frozen before anybody reviews the text. Source: O6.3b."""

    code = "reporting.circular.snapshot-missing"
    title = "尚未固定数据，或者固定之后改动过查询、范围、日期"
    default_clause = "O6.3b"


class SnapshotNotFound(NotFound):
    """The circular has no frozen figures. Source: O6.3b."""

    code = "reporting.circular.snapshot-not-found"
    title = "该通报没有固定的数据"


class PlaceholderUnknown(Rejected):
    """A placeholder names no number of the snapshot. Source: O6.3b."""

    code = "reporting.circular.placeholder-unknown"
    title = "文中引用的数据不存在"
    default_clause = "O6.3b"


class PlaceholderEmpty(Rejected):
    """A placeholder names a number that nobody has reported. Source: O6.3b."""

    code = "reporting.circular.placeholder-empty"
    title = "文中引用的数据没有数值"
    default_clause = "O6.3b"


class QueryUnknown(Rejected):
    """A table names no query of the circular, or a query names nothing that can be asked. Source: O6.3b."""

    code = "reporting.circular.query-unknown"
    title = "没有该查询，或者查询对象不存在"
    default_clause = "O6.3b"


class QueryNotRankable(Rejected):
    """Its first column holds words, not numbers. Source: O6.3b."""

    code = "reporting.circular.query-not-rankable"
    title = "该查询的结果不是数值，不能排名"
    default_clause = "O6.3b"


class SecretDocument(Rejected):
    """What the platform holds goes to other offices: no state secret is written here. Source: standards.md §9."""

    code = "reporting.circular.secret-document"
    title = "涉密文件不得在本平台拟制、存储、传输，不填份号、密级和保密期限"


class NumberMarkTaken(Rejected):
    """Another office numbers its documents under this mark. Source: S0."""

    code = "reporting.circular.number-mark-taken"
    title = "该机关代字由其他机关使用"
    default_clause = "S0"


class MarkNotEntered(Rejected):
    """A city issues under the marks and names that the province has entered for it. Source: S0."""

    code = "reporting.circular.mark-not-entered"
    title = "省厅尚未为本机关登记该机关代字"
    default_clause = "S0"


class IssuerNotOfMark(Rejected):
    """Nobody issues in another office's name. Source: S0; standards.md §9 (GB/T 9704-2012)."""

    code = "reporting.circular.issuer-not-of-mark"
    title = "发文机关名称与该机关代字登记的不一致"
    default_clause = "S0"


class NotTheProvince(Forbidden):
    """Marks and names of issuers are entered and released by the province. Source: S0."""

    code = "reporting.circular.not-the-province"
    title = "机关代字由省厅登记和解除"


class MarkNotFound(NotFound):
    """Nobody's mark. Source: S0."""

    code = "reporting.circular.mark-not-found"
    title = "没有登记该机关代字"


class NumberTaken(Conflict):
    """A number is given once, also when what bore it was withdrawn. Source: S0."""

    code = "reporting.circular.number-taken"
    title = "该文号已使用，不得重复"
    default_clause = "S0"


class CorrectionPending(Conflict):
    """A correction of it is under way, or published. Source: O6.3b."""

    code = "reporting.circular.correction-pending"
    title = "该通报已有更正"


class NothingToCorrect(Rejected):
    """No number differs and no passage is named. Source: O6.3b."""

    code = "reporting.circular.nothing-to-correct"
    title = "没有需要更正的内容"
    default_clause = "O6.3b"


class CorrectionReasonMissing(Rejected):
    """Every changed number is explained. Source: O6.3b."""

    code = "reporting.circular.correction-reason-missing"
    title = "有改动的数据未说明原因"
    default_clause = "O6.3b"


class PassageNotFound(Rejected):
    """The corrected one does not say what is to be corrected. Source: O6.3b."""

    code = "reporting.circular.passage-not-found"
    title = "原通报中没有所引的文字"
    default_clause = "O6.3b"


class CorrectionReachesLess(Rejected):
    """A correction is for the readers of what it corrects. Source: O6.3b."""

    code = "reporting.circular.correction-reaches-less"
    title = "更正的公开方式须与原通报一致，下发层级不得少于原通报"
    default_clause = "O6.3b"


class CorrectionAsksTheSame(Rejected):
    """A correction answers the question of what it corrects. Source: O6.3b."""

    code = "reporting.circular.correction-asks-the-same"
    title = "更正不得改变原通报的范围、日期和查询"
    default_clause = "O6.3b"
