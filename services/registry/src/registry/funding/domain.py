"""Rules of the money: whose budget, which source pays for what on which day, who is aided. Pure.

Money is in whole fen. Every rule takes the day that it judges.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from common.auth import Actor, OutOfScope, Role, require_role
from common.contracts.registry.money import AidGrantState, BudgetLineState
from common.divisions import Level, contains, level_of, node_at
from common.policy import Parameter, ParameterNotInForce, parameter
from registry.funding.errors import (
    AidAreaNotEligible,
    AidGrantNotOurs,
    AidOverspent,
    AidRulesNotInForce,
    AidUseRefused,
    BudgetDocumentRequired,
    FundRulesNotInForce,
    FundUseRefused,
)

FUND_SOURCE_LABELS: Mapping[str, str] = {
    "province": "省就业专项资金",
    "city": "市就业专项资金",
    "county": "县就业专项资金",
}
FUND_USE_LABELS: Mapping[str, str] = {
    "employment_training": "就业培训",
    "social_security": "社会保障",
    "labour_relations": "劳动关系协调",
    "legal_publicity": "普法宣传",
    "purchased_service": "政府购买服务",
    "information_system": "信息系统建设和维护",
}
EXPENSE_STATUS_LABELS: Mapping[str, str] = {"recorded": "已登记", "reversed": "已冲销"}
AID_USE_LABELS: Mapping[str, str] = {"infrastructure": "基础设施建设", "basic_equipment": "基本设备配置"}


class BudgetFinding(StrEnum):
    """What the yearly check finds of an office. Source: O5.1a."""

    LISTED = "listed"
    NOT_LISTED = "not_listed"
    NO_LINE = "no_line"


BUDGET_FINDING_LABELS: Mapping[BudgetFinding, str] = {
    BudgetFinding.LISTED: "已列入财政预算",
    BudgetFinding.NOT_LISTED: "未列入财政预算",
    BudgetFinding.NO_LINE: "未登记",
}


# --- the budget, and the town's own money --------------------------------------------------------------------------


def budget_division_of(division: str) -> str:
    """Whose budget carries the running costs of an office: the county's; the city's where there is no county.

    A bureau stands in the budget of its own government.

    Source: O5.1a.
    """
    if level_of(division) not in {Level.TOWN, Level.VILLAGE}:
        return division
    return node_at(division, Level.COUNTY) or node_at(division, Level.CITY) or division


def require_budget_teller(actor: Actor, *, leadership_division: str, budget_division: str) -> None:
    """A budget line is told by the government whose budget it is, or by the one that leads the office.

    Source: O1.3a, O5.1a.

    Raises:
        RoleRequired: neither head nor supervisor.
        OutOfScope: of another government.
    """
    require_role(actor, Role.OFFICE_HEAD, Role.BUREAU_SUPERVISOR)
    if actor.division not in {leadership_division, budget_division}:
        raise OutOfScope(clause="O5.1a")


def require_budget_document(document: str | None, *, is_listed: bool) -> None:
    """A line that is in the budget names the document.

    Source: O5.1a.

    Raises:
        BudgetDocumentRequired: it does not.
    """
    if is_listed and document is None:
        raise BudgetDocumentRequired


def judge_budget(line: BudgetLineState | None) -> BudgetFinding:
    """What the yearly check says of an office with this line for the year.

    Source: O5.1a.
    """
    if line is None:
        return BudgetFinding.NO_LINE
    return BudgetFinding.LISTED if line.is_listed else BudgetFinding.NOT_LISTED


def require_town(actor: Actor, division: str) -> None:
    """A supplement is told by the town that gives it, for its own office and its stations.

    Source: O5.1b.

    Raises:
        RoleRequired: neither head nor supervisor.
        OutOfScope: another than the town itself; also where the office belongs to no town.
    """
    require_role(actor, Role.OFFICE_HEAD, Role.BUREAU_SUPERVISOR)
    if actor.division != node_at(division, Level.TOWN):
        raise OutOfScope(clause="O5.1b")


# --- the special fund: the matrix of a day --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FundRule:
    """What one source may pay for on a day.

    Attributes:
        uses: codes, in the order of the document.
        document: 文号 of the document in force.
        mark: how sure it is (V, P, K).
        to_confirm: what has to be confirmed.
    """

    source: str
    uses: tuple[str, ...]
    document: str
    valid_from: date
    mark: str
    to_confirm: str | None


def fund_rule(source: str, *, on: date) -> FundRule:
    """What a source of the special fund may pay for on a day.

    Source: O5.1c.

    Raises:
        FundRulesNotInForce: no document of that day says it.
    """
    try:
        found = parameter(f"special_fund_uses_{source}", on=on)
    except ParameterNotInForce:
        detail = f"{on.isoformat()}尚无文件规定{FUND_SOURCE_LABELS[source]}的使用范围，不能登记该日支出"
        raise FundRulesNotInForce(detail, source=source, spent_on=on.isoformat()) from None
    return FundRule(source, found.option_codes, found.document, found.valid_from, found.mark.value, found.to_confirm)


def require_use(source: str, use: str, *, on: date) -> FundRule:
    """Lets a source pay only for what the matrix of the day of the expense allows.

    Source: O5.1c.

    Raises:
        FundRulesNotInForce: no matrix holds on that day.
        FundUseRefused: the matrix does not have the pair; the answer cites its document and lists what it has.
    """
    rule = fund_rule(source, on=on)
    if use not in rule.uses:
        detail = f"按{rule.document}，{FUND_SOURCE_LABELS[source]}在{on.isoformat()}不得用于{FUND_USE_LABELS[use]}"
        raise FundUseRefused(
            detail,
            source=source,
            use=use,
            spent_on=on.isoformat(),
            allowed=list(rule.uses),
            document=rule.document,
            mark=rule.mark,
            to_confirm=rule.to_confirm,
        )
    return rule


# --- aid for less developed areas -----------------------------------------------------------------------------------


def aid_areas(*, on: date) -> Parameter:
    """The list of areas that the province aids on a day: divisions, each with all that lies below.

    Source: O5.2.

    Raises:
        AidRulesNotInForce: no document of that day provides for aid.
    """
    try:
        return parameter("aid_eligible_areas", on=on)
    except ParameterNotInForce:
        raise AidRulesNotInForce(f"{on.isoformat()}尚无省对欠发达地区补助的规定", on=on.isoformat()) from None


def area_list_version(areas: Parameter) -> str:
    """How a grant names the list that it was checked against.

    Source: O5.2.
    """
    return f"{areas.document}/{areas.valid_from.isoformat()}"


def require_eligible(division: str, *, on: date) -> str:
    """Lets aid go only to the areas on the list of the day of the grant; returns the version of the list.

    Source: O5.2.

    Raises:
        AidRulesNotInForce: there was no aid on that day.
        AidAreaNotEligible: not on the list.
    """
    areas = aid_areas(on=on)
    if not any(contains(area, division) for area in areas.option_codes):
        raise AidAreaNotEligible(
            division=division, granted_on=on.isoformat(), document=areas.document, to_confirm=areas.to_confirm
        )
    return area_list_version(areas)


def require_aid_use(use: str, *, on: date) -> None:
    """Aid is granted only for what the document of the day names.

    Source: O5.2.

    Raises:
        AidUseRefused: for something else.
    """
    allowed = parameter("aid_uses", on=on).option_codes
    if use not in allowed:
        raise AidUseRefused(use=use, allowed=list(allowed))


@dataclass(frozen=True, slots=True)
class Asset:
    """Something that aid pays for.

    Attributes:
        id: of the equipment, or of the premises where work is done.
        office_id: whose it is.
        guided_by: the division whose office guides that office; None at the top.
        use: what kind of thing it is, in the words of the grants.
    """

    id: UUID
    office_id: UUID
    guided_by: str | None
    use: str


def require_grant_fits(grant: AidGrantState, asset: Asset) -> None:
    """A grant pays for assets of its own office or of those that it guides, and only of its own kind.

    What it has paid for stays its own, also when the office is guided by another one today.

    Source: O5.2.

    Raises:
        AidGrantNotOurs: of another office.
        AidUseRefused: granted for something else.
    """
    is_ours = grant.office_id == asset.office_id or grant.division == asset.guided_by
    if not is_ours and asset.id not in grant.asset_ids:
        raise AidGrantNotOurs
    if grant.use != asset.use:
        detail = f"该补助用于{AID_USE_LABELS[grant.use]}，不得用于{AID_USE_LABELS[asset.use]}"
        raise AidUseRefused(detail, use=asset.use, allowed=[grant.use])


def spent_after(grant: AidGrantState, cost_fen: int) -> int:
    """What a grant has paid after `cost_fen` more, or less when a cost is corrected downwards.

    Source: O5.2.

    Raises:
        AidOverspent: more than was granted.
    """
    spent = grant.spent_fen + cost_fen
    if spent > grant.amount_fen:
        rest = grant.amount_fen - grant.spent_fen
        raise AidOverspent(
            f"补助余额为{rest}分，本次需{cost_fen}分",
            amount_fen=grant.amount_fen,
            spent_fen=grant.spent_fen,
            wanted_fen=cost_fen,
        )
    return max(spent, 0)


def assets_after(assets: Sequence[UUID], added: UUID) -> tuple[UUID, ...]:
    """The assets of a grant with one more, each once.

    Source: O5.2.
    """
    return (*assets, added) if added not in assets else tuple(assets)
