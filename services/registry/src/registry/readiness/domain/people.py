"""Criteria about the people of a town's office: how many, of what standing, hired how, trained when. Pure."""

from common.contracts.registry.readiness import CriterionState
from registry.readiness.domain.findings import Rule, basis_on, found, not_yet
from registry.readiness.domain.picture import Picture
from registry.staffing.domain import StaffingStatus, override_on, required_range, staffing_status
from registry.training.domain import recency_gaps


def judge_staffing(picture: Picture) -> CriterionState:
    """One worker for so many people served, as a range; where the work is heavy, the decided number while it runs.

    Source: O1.4b, O1.4c.
    """
    most = basis_on("staff_served_max", picture.rules_on)
    least = basis_on("staff_served_min", picture.rules_on)
    if most is None or least is None:
        return not_yet("staffing", "O1.4b", picture.rules_on)
    rule = Rule(f"一般每{least.number}至{most.number}名服务对象配备1名工作人员", most)
    served = None if picture.staffing is None else picture.staffing.served_persons
    needed = required_range(served, on=picture.rules_on)
    if picture.staffing is None or needed is None:
        return found("staffing", rule, "unknown", "无服务对象人数", why="未登记服务对象人数")
    held = len({post.pseudonym for post in picture.staff})
    value = f"服务对象{served}人，应配{needed[0]}至{needed[1]}人，实有{held}人"
    clause, decided = None, override_on(picture.staffing, on=picture.on)
    if decided is not None and decided > needed[1]:
        needed, clause = (decided, decided), "O1.4c"
        value += f"，核定增加至{decided}人"
    evidence = (picture.staffing, *picture.staff)
    if staffing_status(needed, held) is StaffingStatus.SHORT:
        why = f"尚缺{needed[0] - held}人"
        return found("staffing", rule, "unmet", value, why=why, evidence=evidence, clause=clause)
    return found("staffing", rule, "met", value, evidence=evidence, clause=clause)


def judge_establishment(picture: Picture) -> CriterionState:
    """No more established posts are filled than there are.

    Source: O1.4d.
    """
    basis = basis_on("establishment_increase_max", picture.rules_on)
    if basis is None:
        return not_yet("establishment", "O1.4d", picture.rules_on)
    rule = Rule("在编人员不超过编制数，不新增编制", basis)
    if picture.establishment is None:
        return found("establishment", rule, "unknown", "无编制记录", why="未登记编制数")
    filled = [one for one in picture.staff if one.staff_type == "establishment"]
    value = f"编制{picture.establishment.quota}名，在编{len(filled)}人"
    evidence = (picture.establishment, *filled)
    if len(filled) <= picture.establishment.quota:
        return found("establishment", rule, "met", value, evidence=evidence)
    excess = len(filled) - picture.establishment.quota
    return found("establishment", rule, "unmet", value, why=f"超编{excess}人", evidence=evidence)


def judge_qualification(picture: Picture) -> CriterionState:
    """Whoever was hired while the rule stood was held against a standard.

    Source: O3.1a.
    """
    basis = basis_on("qualification_standard_required", picture.rules_on)
    if basis is None:
        return not_yet("qualification", "O3.1a", picture.rules_on)
    rule = Rule("工作人员按聘用资格标准聘用", basis)
    hired = [one for one in picture.staff if one.started_on >= basis.valid_from]
    if not picture.staff:
        return found("qualification", rule, "unknown", "无人员记录", why="未登记工作人员")
    unchecked = [one for one in hired if one.qualification_standard_id is None]
    value = f"{basis.valid_from.isoformat()}以来聘用{len(hired)}人，{len(hired) - len(unchecked)}人按标准核验"
    if unchecked:
        why = f"{len(unchecked)}人聘用时未按资格标准核验"
        return found("qualification", rule, "unmet", value, why=why, evidence=unchecked)
    return found("qualification", rule, "met", value, evidence=hired)


def judge_posts(picture: Picture) -> CriterionState:
    """Every post has several duties (一岗多责).

    Source: O3.2a.
    """
    basis = basis_on("duties_per_post_min", picture.rules_on)
    if basis is None:
        return not_yet("duties_per_post", "O3.2a", picture.rules_on)
    rule = Rule(f"一岗多责，每岗不少于{basis.number}项职责", basis)
    if not picture.staff:
        return found("duties_per_post", rule, "unknown", "无人员记录", why="未登记工作人员")
    narrow = [one for one in picture.staff if len(one.duties) < basis.number]
    value = f"{len(picture.staff)}岗，{len(picture.staff) - len(narrow)}岗符合"
    if narrow:
        why = f"{len(narrow)}岗职责少于{basis.number}项"
        return found("duties_per_post", rule, "unmet", value, why=why, evidence=narrow)
    return found("duties_per_post", rule, "met", value, evidence=picture.staff)


def judge_training(picture: Picture) -> CriterionState:
    """Whoever works there has been trained lately in every subject (经常性: how lately is configuration).

    Source: O3.2b.
    """
    basis = basis_on("training_recency_days", picture.rules_on)
    subjects = basis_on("training_subjects", picture.rules_on)
    if basis is None or subjects is None:
        return not_yet("training", "O3.2b", picture.rules_on)
    rule = Rule(f"经常性开展培训，每人每{basis.number}天内各类均有", basis)
    if not picture.staff:
        return found("training", rule, "unknown", "无人员记录", why="未登记工作人员")
    gaps = recency_gaps(picture.posts_ever, picture.trainings, on=picture.on, rules_on=picture.rules_on)
    behind = {gap.post.id: gap.post for gap in gaps}
    value = f"{len(picture.staff)}人，{len(picture.staff) - len(behind)}人近期受训"
    if behind:
        why = (
            f"{len(behind)}人近{basis.number}天内缺少" + "或".join(option.label for option in subjects.options) + "培训"
        )
        return found("training", rule, "unmet", value, why=why, evidence=behind.values())
    return found("training", rule, "met", value, evidence=picture.trainings)
