"""What can be wrong with an item that somebody names."""

from common.errors import NotFound, Rejected


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
