"""What can be wrong with an item that somebody names."""

from common.errors import Conflict, NotFound, Rejected


class ItemNotFound(NotFound):
    """The catalogue has no such item."""

    code = "casework.item-not-found"
    title = "事项不存在"


class ItemUnknown(Rejected):
    """A case names an item that the catalogue does not have. Source: O4.1b."""

    code = "casework.item-unknown"
    title = "事项目录中没有此事项"
    default_clause = "O4.1b"


class ItemNotEffective(Rejected):
    """The item is not offered on this day. Source: O4.1b."""

    code = "casework.item-not-effective"
    title = "事项在当日不在有效期内"
    default_clause = "O4.1b"


class DutyNotInForce(Rejected):
    """The duty that the item belongs to is not borne by the offices on this day. Source: O1.1a."""

    code = "casework.duty-not-in-force"
    title = "该项职责在当日不由服务机构承担"
    default_clause = "O1.1a"


class ItemNotTakenAtLevel(Rejected):
    """Offices of this level do not take the item; the clause is O1.1d for stations, O4.1c for service offices."""

    code = "casework.item-not-taken-at-level"
    title = "本级不办理此事项"
    default_clause = "O4.1c"


class ApplicantKindNotServed(Rejected):
    """The item is not for applicants of this kind. Source: O4.1b."""

    code = "casework.applicant-kind-not-served"
    title = "该事项不面向此类申请人"
    default_clause = "O4.1b"


class PromiseOfThisLevel(Rejected):
    """The province promises in the definition of the item; a station promises nothing. Source: O4.1b."""

    code = "casework.item.promise-of-this-level"
    title = "本级不得另行承诺办结时限"
    default_clause = "O4.1b"


class PromiseOfOtherUnit(Rejected):
    """A promise in other days than the one that it would shorten cannot be compared with it. Source: O4.1b."""

    code = "casework.item.promise-of-other-unit"
    title = "承诺时限的单位与上级承诺或者法定时限不同"
    default_clause = "O4.1b"


class PromiseNotShorter(Rejected):
    """Lower levels may only shorten the promise. Source: O4.1b."""

    code = "casework.item.promise-not-shorter"
    title = "承诺时限只能缩短，不得延长"
    default_clause = "O4.1b"


class ChangeTooEarly(Rejected):
    """A definition or a promise changes today or later, and not before the one that it follows. Source: O4.1b."""

    code = "casework.item.change-too-early"
    title = "生效日期过早"
    default_clause = "O4.1b"


class DefinitionInconsistent(Rejected):
    """The parts of the definition do not fit one another. Source: O4.1b."""

    code = "casework.item.definition-inconsistent"
    title = "事项定义前后不一致"
    default_clause = "O4.1b"


class BasicCodeTaken(Conflict):
    """Another item has this basic code."""

    code = "casework.item.basic-code-taken"
    title = "基本编码已被其他事项使用"


class FactUnknown(NotFound):
    """The item's definition has no such fact with a mark."""

    code = "casework.item.fact-unknown"
    title = "事项定义中没有此项待确认的内容"


class FactConfirmed(Conflict):
    """The fact carries this mark already, or a better one."""

    code = "casework.item.fact-confirmed"
    title = "此项内容已确认"


class BundleUnknown(NotFound):
    """There is no such bundle."""

    code = "casework.item.bundle-unknown"
    title = "一件事主题不存在"
