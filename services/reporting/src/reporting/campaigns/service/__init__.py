"""Use cases of campaigns for model windows."""

from reporting.campaigns.service.applying import (
    Review,
    apply_for,
    get_application,
    list_applications,
    review_application,
    withdraw_application,
)
from reporting.campaigns.service.awarding import (
    decide_withdrawal,
    get_award,
    list_awards,
    list_holders,
    propose_withdrawal,
    recheck_award,
    state_on_withdrawal,
)
from reporting.campaigns.service.organising import (
    NewCampaign,
    answer_objection,
    award_campaign,
    decide_application,
    get_campaign,
    list_campaigns,
    list_publicity,
    make_public,
    open_campaign,
    raise_objection,
    withdraw_campaign,
)

__all__ = [
    "NewCampaign",
    "Review",
    "answer_objection",
    "apply_for",
    "award_campaign",
    "decide_application",
    "decide_withdrawal",
    "get_application",
    "get_award",
    "get_campaign",
    "list_applications",
    "list_awards",
    "list_campaigns",
    "list_holders",
    "list_publicity",
    "make_public",
    "open_campaign",
    "propose_withdrawal",
    "raise_objection",
    "recheck_award",
    "review_application",
    "state_on_withdrawal",
    "withdraw_application",
    "withdraw_campaign",
]
