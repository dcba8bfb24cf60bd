"""What can be wrong with persons, posts, establishment, standards and recruitments; never with personal data in it."""

from common.errors import Conflict, NotFound, Rejected, Unavailable


class PersonKeysMissing(Unavailable):
    """The process has not been given the keys of personal data, so it keeps no persons."""

    code = "registry.person-keys-missing"
    title = "未配置人员信息密钥"


class PersonKeyRefused(Unavailable):
    """The province's pseudonym key cannot be used: unreadable, too short, or open to others."""

    code = "registry.person-key-refused"
    title = "人员假名密钥不可用"


class PersonNotFound(NotFound):
    """There is no such person, or none with a post in the actor's scope."""

    code = "registry.staff-person-not-found"
    title = "人员不存在"


class IdNumberInvalid(Rejected):
    """The text is no citizen number."""

    code = "registry.id-number-invalid"
    title = "公民身份号码不正确"


class PersonNameInvalid(Rejected):
    """The text is no name."""

    code = "registry.person-name-invalid"
    title = "姓名不正确"


class PersonPhoneInvalid(Rejected):
    """The text is no mobile number."""

    code = "registry.person-phone-invalid"
    title = "手机号码不正确"


class PersonNameDiffers(Conflict):
    """The own file of this number has another name: a number typed wrongly, or a name that has changed."""

    code = "registry.staff-person-name-differs"
    title = "姓名与本单位人员档案不一致，请核对，或先变更人员档案"


class TextHoldsPersonalData(Rejected):
    """A text that is kept in clear holds a citizen number, a telephone number or the person's name."""

    code = "registry.text-holds-personal-data"
    title = "文字内容不得含有个人信息"


class StaffTypeRefused(Rejected):
    """The kind of office cannot have such posts. Source: O1.4d, O1.4e."""

    code = "registry.staff-type-refused"
    title = "该类机构不能有此类人员"
    default_clause = "O1.4d"


class FullPostHeld(Rejected):
    """The person has a full post at that time; a second one cannot be worked. Source: O1.4d, O1.4e."""

    code = "registry.full-post-held"
    title = "本人同期已有全职岗位"
    default_clause = "O1.4d"


class AlreadyInOffice(Conflict):
    """The person has a post at this office at that time."""

    code = "registry.already-in-office"
    title = "本人同期已在该机构任职"


class PostNotHeld(Rejected):
    """The post is not held on that day."""

    code = "registry.post-not-held"
    title = "该日不在岗"


class PostEndRefused(Rejected):
    """A post ends after it began, and no later than tomorrow."""

    code = "registry.post-end-refused"
    title = "离岗日期不合理"
    default_clause = "S0"


class EstablishmentUnknown(Rejected):
    """Nobody has told how many established posts the office has. Source: O1.4d."""

    code = "registry.establishment-unknown"
    title = "尚未登记该机构编制数，不能办理在编人员"
    default_clause = "O1.4d"


class EstablishmentFull(Rejected):
    """No established post is free. Source: O1.4d."""

    code = "registry.establishment-full"
    title = "编制已满，新增人员应通过政府购买服务解决"
    default_clause = "O1.4d"


class EstablishmentIncreaseRefused(Rejected):
    """The number of established posts does not rise here. Source: O1.4d."""

    code = "registry.establishment-increase-refused"
    title = "不得新增编制"
    default_clause = "O1.4d"


class EstablishmentBelowFilled(Rejected):
    """More established posts are filled than there would be. Source: O1.4d."""

    code = "registry.establishment-below-filled"
    title = "编制数不得少于在编人数"
    default_clause = "O1.4d"


class StandardIssuerRefused(Rejected):
    """Standards are issued by a bureau. Source: O3.1a."""

    code = "registry.standard-issuer-refused"
    title = "聘用资格标准由主管部门制订"
    default_clause = "O3.1a"


class StandardOverlaps(Rejected):
    """Two versions would hold for one type of staff on one day. Source: O3.1a."""

    code = "registry.standard-overlaps"
    title = "同一类人员同期已有聘用资格标准"
    default_clause = "O3.1a"


class StandardPeriodRefused(Rejected):
    """The days between which a standard holds make no sense. Source: O3.1a."""

    code = "registry.standard-period-refused"
    title = "聘用资格标准的有效期不合理"
    default_clause = "O3.1a"


class Unqualified(Rejected):
    """The person lacks what the standard of the day asks, and no exception was given. Source: O3.1a."""

    code = "registry.unqualified"
    title = "不符合聘用资格标准"
    default_clause = "O3.1a"


class RecruitmentRefused(Rejected):
    """The recruitment is not this office's, or takes nobody on that day. Source: O3.1b."""

    code = "registry.recruitment-refused"
    title = "该招聘不能录用"
    default_clause = "O3.1b"


class RecruitmentFull(Rejected):
    """Every place of the recruitment is taken. Source: O3.1b."""

    code = "registry.recruitment-full"
    title = "招聘名额已满"
    default_clause = "O3.1b"


class RecruitmentChangeRefused(Conflict):
    """The recruitment does not change that way. Source: O3.1b."""

    code = "registry.recruitment-change-refused"
    title = "招聘不能这样变更"
    default_clause = "O3.1b"


class PriorityRefused(Rejected):
    """The priority group has not served its term, or is not preferred. Source: O3.1b."""

    code = "registry.priority-refused"
    title = "不符合优先吸纳条件"
    default_clause = "O3.1b"
