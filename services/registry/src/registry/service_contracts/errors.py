"""What can be wrong with a purchase of services."""

from common.errors import Conflict, Rejected


class ContractRefused(Rejected):
    """Such an office does not buy its services. Source: O1.2b, O1.4d."""

    code = "registry.contract-refused"
    title = "该机构不登记购买服务合同"
    default_clause = "O1.2b"


class ContractTermRefused(Rejected):
    """The days of the contract make no sense. Source: O1.2b."""

    code = "registry.contract-term-refused"
    title = "合同期限不合理"
    default_clause = "O1.2b"


class ContractOverlaps(Rejected):
    """The office has another contract for some of the days. Source: O1.2b."""

    code = "registry.contract-overlaps"
    title = "与该机构其他购买服务合同的期限重叠"
    default_clause = "O1.2b"


class AcceptanceRefused(Rejected):
    """Nothing can be accepted before it began, or on a day to come. Source: O1.2b."""

    code = "registry.acceptance-refused"
    title = "验收日期不合理"
    default_clause = "O1.2b"


class ContractAccepted(Conflict):
    """The services were accepted, or refused, once and for all. Source: O1.2b."""

    code = "registry.contract-accepted"
    title = "合同已验收，不能变更"
    default_clause = "O1.2b"
