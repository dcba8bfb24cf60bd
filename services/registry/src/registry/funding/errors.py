"""What can be wrong with a budget line, a supplement, an expense, or aid."""

from common.errors import Conflict, Rejected


class BudgetDocumentRequired(Rejected):
    """Whoever says that the line is in the budget says where. Source: O5.1a."""

    code = "registry.budget-document-required"
    title = "列入财政预算的，须注明预算文件"
    default_clause = "O5.1a"


class FundRulesNotInForce(Rejected):
    """On that day no document said what the special fund may pay. Source: O5.1c."""

    code = "registry.fund-rules-not-in-force"
    title = "该日期尚无就业专项资金使用规定"
    default_clause = "O5.1c"


class FundUseRefused(Rejected):
    """The source may not pay for this use on that day. Source: O5.1c."""

    code = "registry.fund-use-refused"
    title = "该来源的就业专项资金不得用于此项支出"
    default_clause = "O5.1c"


class ContractNotLinkable(Rejected):
    """Only purchased services name a contract, and one of their own office. Source: O5.1c."""

    code = "registry.contract-not-linkable"
    title = "支出不能关联此购买服务合同"
    default_clause = "O5.1c"


class ExpenseAlreadyReversed(Conflict):
    """It was reversed; neither is undone. Source: O5.1c."""

    code = "registry.expense-already-reversed"
    title = "该支出已冲销"
    default_clause = "O5.1c"


class AidRulesNotInForce(Rejected):
    """On that day no document provided for this aid. Source: O5.2."""

    code = "registry.aid-rules-not-in-force"
    title = "该日期尚无欠发达地区补助规定"
    default_clause = "O5.2"


class AidAreaNotEligible(Rejected):
    """The office does not lie in an area that the province aids. Source: O5.2."""

    code = "registry.aid-area-not-eligible"
    title = "不属于省补助的欠发达地区"
    default_clause = "O5.2"


class AidUseRefused(Rejected):
    """Aid is for infrastructure and basic equipment, each grant for its own. Source: O5.2."""

    code = "registry.aid-use-refused"
    title = "补助不得用于此项支出"
    default_clause = "O5.2"


class AidGrantNotOurs(Rejected):
    """No such grant of the office or of the office that guides it. Source: O5.2."""

    code = "registry.aid-grant-not-ours"
    title = "不是本机构或其业务指导机构的补助"
    default_clause = "O5.2"


class AidOverspent(Conflict):
    """The assets would cost more than the grant. Source: O5.2."""

    code = "registry.aid-overspent"
    title = "超出补助金额"
    default_clause = "O5.2"
