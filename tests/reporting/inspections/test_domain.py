"""Sampling that anybody can repeat, scores that anybody can count again, the states of a visit. Source: S2, S5."""

import hashlib
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.clock import now, today
from common.contracts.reporting.inspections import (
    CriterionState,
    DeclaredValueState,
    DimensionWeight,
    FindingState,
    GradeStepState,
    InspectionTemplateState,
    InspectionVisitState,
    InspectorState,
)
from common.contracts.reporting.orders import EvidenceState
from common.divisions import level_of
from common.errors import DomainError
from reporting.indicators.catalogue import shipped
from reporting.inspections.catalogue import starting_template
from reporting.inspections.domain import (
    DIMENSION_LABELS,
    Found,
    FrameOffice,
    compare,
    digest_of,
    draw,
    replaced,
    require_template,
    score_of,
    visits,
)
from reporting.inspections.errors import (
    FindingsMissing,
    FindingUnfit,
    InspectorConcerned,
    NoReplacementLeft,
    NotInSample,
    StatementPending,
    TeamTooSmall,
    TemplateIncomplete,
)

CITY, TOWN, VILLAGE = "440300000000", "440305001000", "440305001001"
DIMENSIONS = tuple(DIMENSION_LABELS)


def frame(size, strata=("a",)):
    return [
        FrameOffice(UUID(int=number + 1), TOWN, "service_office", f"所{number}", strata[number % len(strata)])
        for number in range(size)
    ]


def criterion(code, dimension="institution", **changes):
    values = {"code": code, "dimension": dimension, "title": code, "weight": 1, "measure": "yes_no", "clause": "S2"}
    return CriterionState.model_validate(values | changes)


def template(*criteria, weights=None, cap=5900):
    covered = {one.dimension for one in criteria}
    more = tuple(criterion(f"c-{name}", name) for name in DIMENSIONS if name not in covered)
    weighed = tuple(DimensionWeight(dimension=name, weight=(weights or {}).get(name, 10)) for name in DIMENSIONS)
    return InspectionTemplateState(
        id=UUID(int=9), version=1, division=CITY, level=level_of(CITY), changed_at=now(), series=UUID(int=8), number=1,
        title="模板", document="文", status="in_force", weights=weighed, criteria=(*criteria, *more), veto_cap=cap,
        issued_by="a",
    )  # fmt: skip


def finding(code, **changes):
    values = {"criterion": code, "is_met": True, "found_by": "a", "found_at": now()}
    return FindingState.model_validate(values | changes)


def findings(of, **special):
    return [special.get(one.code.replace("-", "_")) or finding(one.code) for one in of.criteria]


def visit(status="under_way", **changes):
    values = {
        "id": uuid4(), "version": 1, "division": TOWN, "level": level_of(TOWN), "office_id": uuid4(),
        "changed_at": now(), "inspection_id": uuid4(), "template_id": UUID(int=9), "organiser": CITY, "status": status,
        "team": (InspectorState(account="a", division=CITY), InspectorState(account="b", division=CITY)),
        "begun_at": now(), "visited_on": today(),
    }  # fmt: skip
    return InspectionVisitState.model_validate(values | changes)


def test_a_sample_is_drawn_by_the_documented_algorithm():
    """S5: SHA-256 of seed, line feed and office id; a stranger's few lines give the same offices."""
    offices = frame(40, ("a", "b"))
    expected = {
        one.office_id
        for stratum in ("a", "b")
        for one in sorted(
            (one for one in offices if one.stratum == stratum),
            key=lambda one: hashlib.sha256(b"2026-11\n" + str(one.office_id).encode()).hexdigest(),
        )[:3]
    }
    assert {one.office_id for one in draw(offices, seed="2026-11", size=3)} == expected
    assert len(expected) == 6


@given(st.integers(1, 60), st.integers(1, 20), st.text("abcdef0123456789", min_size=8, max_size=16), st.randoms())
def test_the_same_frame_and_seed_give_the_same_sample_in_any_order(size, wanted, seed, random):
    """S5: reproducible; a stratum gives at most what it has, nobody twice."""
    offices = frame(size, ("a", "b", "c"))
    shuffled = list(offices)
    random.shuffle(shuffled)
    sample = draw(offices, seed=seed, size=wanted)
    assert draw(shuffled, seed=seed, size=wanted) == sample
    assert digest_of(shuffled) == digest_of(offices)
    assert len({one.office_id for one in sample}) == len(sample)
    for stratum in {one.stratum for one in offices}:
        has = sum(one.stratum == stratum for one in offices)
        assert sum(one.stratum == stratum for one in sample) == min(wanted, has)


def test_another_frame_has_another_digest():
    """S5: nobody changes the list afterwards."""
    offices = frame(5)
    moved = FrameOffice(offices[0].office_id, VILLAGE, "service_office", "所0", "a")
    assert len({digest_of(offices), digest_of(offices[1:]), digest_of([moved, *offices[1:]])}) == 3


def test_a_replacement_is_the_next_of_the_stratum_and_keeps_who_was_drawn():
    """S5: replacement only with a reason; it is told whom it replaces."""
    offices = frame(5)
    order = [one.office_id for one in draw(offices, seed="seed-0001", size=5)]
    sample = draw(offices, seed="seed-0001", size=2)
    after = replaced(sample, offices, seed="seed-0001", office_id=order[0], reason="受灾")
    assert [one.office_id for one in after] == [*order[:2], order[2]]
    assert (after[0].is_out, after[2].replaces, after[2].reason) == (True, order[0], "受灾")
    with pytest.raises(NotInSample):
        replaced(after, offices, seed="seed-0001", office_id=order[0], reason="再次")
    with pytest.raises(NoReplacementLeft):
        replaced(draw(offices, seed="x" * 8, size=5), offices, seed="x" * 8, office_id=order[0], reason="无")


def test_the_packaged_template_covers_the_seven_dimensions_and_says_what_is_to_be_confirmed():
    """S2: 机构、人员、场地、设备、资金、服务、信息化."""
    packaged = starting_template()
    require_template(packaged.weights, packaged.criteria)
    assert [DIMENSION_LABELS[one.dimension] for one in packaged.weights] == [
        "机构", "人员", "场地", "设备", "资金", "服务", "信息化",
    ]  # fmt: skip
    assert sum(one.weight for one in packaged.weights) == 100
    assert "权重" in packaged.to_confirm


def test_numbers_of_the_packaged_template_are_compared_with_indicators_that_exist():
    """S5, O6.3a: otherwise nobody could ever have declared them."""
    declared = {one.declared_code for one in starting_template().criteria if one.measure == "number_vs_declared"}
    assert declared
    assert declared <= set(shipped())


@pytest.mark.parametrize("bad", [
    criterion("x", measure="number_vs_declared"), criterion("x", measure="number_vs_target"),
    criterion("x", measure="graded", steps=(GradeStepState(code="a", label="甲", permille=1),)),
    criterion("x", clause="S9"),
])  # fmt: skip
def test_a_template_that_cannot_be_measured_is_refused(bad):
    """S2, S5."""
    good = template()
    with pytest.raises(TemplateIncomplete) as refused:
        require_template(good.weights, (*good.criteria, bad))
    assert refused.value.clause == "S2"


def test_a_template_lacks_no_dimension_and_counts_none_twice():
    """S2."""
    good = template()
    for weights, criteria in (
        (good.weights[1:], good.criteria), ((*good.weights, good.weights[0]), good.criteria),
        (good.weights, good.criteria[1:]), (good.weights, (*good.criteria, good.criteria[0])),
    ):  # fmt: skip
        with pytest.raises(TemplateIncomplete):
            require_template(weights, criteria)


@pytest.mark.parametrize(("number", "declared", "tolerance", "expected"), [
    (300, 300, 0, "agrees"), (294, 300, 20, "within_tolerance"), (293, 300, 20, "contradicts"),
    (306, 300, 20, "within_tolerance"), (1, 0, 1000, "contradicts"), (0, 0, 0, "agrees"), (5, None, 1000, "undeclared"),
])  # fmt: skip
def test_a_number_on_site_agrees_is_within_tolerance_or_contradicts(number, declared, tolerance, expected):
    """S5, O6.3a: on-site value against the declared one."""
    told = None if declared is None else Decimal(declared)
    assert compare(Decimal(number), told, tolerance_permille=tolerance) == expected


def test_what_does_not_apply_makes_the_others_weigh_more_and_a_whole_dimension_too():
    """S2: re-weighting within the dimension first, then among dimensions."""
    of = template(criterion("a", weight=3), criterion("b", weight=1), weights={"institution": 40})
    out = finding("a", is_applicable=False, is_met=None, remark="新建机构")
    failed = finding("b", is_met=False)
    assert score_of(of, findings(of)).value == 10_000
    assert score_of(of, findings(of, b=failed)).value == 9000
    assert score_of(of, findings(of, a=out, b=failed)).value == 6000
    both = findings(of, a=out, b=finding("b", is_applicable=False, is_met=None, remark="无"))
    assert score_of(of, both).value == 10_000
    assert "不适用" in score_of(of, both).parts[0].explanation


def test_a_failed_veto_caps_the_score_and_a_score_says_why():
    """S5: veto criteria; every part is explained."""
    of = template(criterion("pay", is_veto=True), weights={"institution": 1, "staff": 90})
    score = score_of(of, findings(of, pay=finding("pay", is_met=False)))
    assert (score.value, score.is_vetoed, score.vetoed_by) == (5900, True, ("pay",))
    assert score.uncapped > 9900
    assert next(part for part in score.parts if part.criterion == "pay").explanation == "未达到，得本项的 0‰"


def test_a_contradicted_declaration_earns_nothing_and_an_undeclared_number_is_not_held_against_the_office():
    """S5, O6.3a."""
    area = criterion("area", "premises", measure="number_vs_declared", declared_code="area", tolerance_permille=20)
    of = template(area)
    declared = DeclaredValueState(code="area", value=Decimal(300), source="reporting.report/1")

    def scored(number, told):
        found = visits.judged(area, Found("area", number=Decimal(number)), declared=told, by="a", at=now())
        return found, score_of(of, findings(of, area=found))

    found, score = scored(180, declared)
    assert (found.comparison, found.difference) == ("contradicts", Decimal(-120))
    assert score.value == 8571
    assert "实测 180，申报 300，与申报不符（相差 -120）" in score.parts[0].explanation
    found, score = scored(180, None)
    assert (found.comparison, score.value, score.parts[0].permille) == ("undeclared", 10_000, None)


_CODES = st.sampled_from(DIMENSIONS)


@given(
    st.lists(st.tuples(_CODES, st.integers(1, 9), st.sampled_from([True, False, None])), min_size=1, max_size=12),
    st.lists(st.integers(1, 50), min_size=7, max_size=7),
)
def test_a_score_equals_the_mean_of_means_counted_apart(rows, weights):
    """S2, S5: recomputable from the findings alone."""
    criteria = [criterion(f"x{number}", name, weight=weight) for number, (name, weight, _) in enumerate(rows)]
    of = template(*criteria, weights=dict(zip(DIMENSIONS, weights, strict=True)))
    met = {f"x{number}": told for number, (_, _, told) in enumerate(rows)}
    given_ = [
        finding(one.code, is_met=None, is_applicable=False, remark="无")
        if met.get(one.code, True) is None
        else finding(one.code, is_met=met.get(one.code, True))
        for one in of.criteria
    ]
    means, weighed = Fraction(0), 0
    for name, weight in zip(DIMENSIONS, weights, strict=True):
        inside = [one for one in of.criteria if one.dimension == name and met.get(one.code, True) is not None]
        if inside:
            whole = sum(one.weight for one in inside)
            means += weight * Fraction(sum(one.weight for one in inside if met.get(one.code, True)), whole)
            weighed += weight
    if weighed == 0:
        with pytest.raises(DomainError):
            score_of(of, given_)
        return
    score = score_of(of, given_)
    assert abs(Fraction(score.value) - means / weighed * 10_000) <= Fraction(1, 2)
    assert abs(sum(part.points for part in score.parts) - means / weighed * 1_000_000) <= len(score.parts)
    assert score_of(of, list(reversed(given_))) == score


@pytest.mark.parametrize(("of", "found"), [
    (criterion("a"), Found("a", number=Decimal(1))),
    (criterion("a"), Found("a")),
    (criterion("a"), Found("a", is_met=True, step="x")),
    (criterion("a", measure="number_vs_target", target=6), Found("a", is_met=True)),
    (criterion("a", measure="graded", steps=(GradeStepState(code="x", label="甲", permille=1),)), Found("a", step="y")),
    (criterion("a", evidence_required=1), Found("a", is_met=True)),
    (criterion("a"), Found("a", is_applicable=False)),
    (criterion("a"), Found("a", is_applicable=False, is_met=True, remark="不适用")),
])  # fmt: skip
def test_a_finding_that_does_not_fit_its_criterion_is_refused(of, found):
    """S5."""
    with pytest.raises(FindingUnfit) as refused:
        visits.judged(of, found, declared=None, by="a", at=now())
    assert refused.value.clause == "S5"


def test_inspectors_are_two_and_never_of_the_inspected_division():
    """S5: conflict rule; from the level above or from elsewhere is right."""
    a = InspectorState(account="a", division=CITY)
    beside = InspectorState(account="b", division="440306001000")
    visits.require_team((a, beside), TOWN)
    with pytest.raises(TeamTooSmall):
        visits.require_team((a, a), TOWN)
    for division in (TOWN, VILLAGE):
        with pytest.raises(InspectorConcerned):
            visits.require_team((a, InspectorState(account="c", division=division)), TOWN)


@given(st.lists(st.tuples(
    st.sampled_from(("record", "present", "reopen", "state", "sign_a", "sign_b", "withdraw")), st.integers(0, 6)
), max_size=14))  # fmt: skip
def test_whatever_is_done_a_visit_is_in_one_state_and_scored_only_by_two(acts):
    """S5: a model of the states; the office is heard or its days are over before anybody signs."""
    of, held = template(), visit()
    model, recorded, stated, signed, shown = "under_way", False, False, set(), None
    proof = (EvidenceState(title="照片", reference="1"),)
    start = now()
    day = 0
    for act, days in acts:
        day += days
        at = start + timedelta(days=day)
        is_heard = stated or (shown is not None and day > shown + 5)
        allowed = {
            "record": model == "under_way", "present": model == "under_way" and recorded,
            "reopen": model == "presented", "state": model == "presented" and not stated,
            "sign_a": model == "presented" and is_heard and "a" not in signed,
            "sign_b": model == "presented" and is_heard and "b" not in signed,
            "withdraw": model in ("under_way", "presented"),
        }[act]  # fmt: skip
        found = [Found(one.code, is_met=True, evidence=proof) for one in of.criteria]
        apply = {
            "record": lambda v, at=at, found=found: visits.recorded(v, of, found, by="a", at=at),
            "present": lambda v, at=at: visits.presented(v, of, at=at, statement_days=5),
            "reopen": visits.reopened,
            "state": lambda v, at=at: visits.stated(v, by="c", at=at, text="无异议", accepts=True),
            "sign_a": lambda v, at=at: visits.signed(v, of, by="a", at=at),
            "sign_b": lambda v, at=at: visits.signed(v, of, by="b", at=at),
            "withdraw": lambda v: visits.withdrawn(v, reason="中止"),
        }[act]
        if not allowed:
            with pytest.raises(DomainError):
                apply(held)
            continue
        held = held.model_copy(update=apply(held))
        if act == "record":
            recorded = True
        elif act == "present":
            model, shown = "presented", day
        elif act == "reopen":
            model, stated, signed, shown = "under_way", False, set(), None
        elif act == "state":
            stated = True
        elif act == "withdraw":
            model = "withdrawn"
        else:
            signed.add(act[-1])
            model = "signed_off" if len(signed) == 2 else model
        assert held.status == model
        assert (held.score is not None) == (model == "signed_off")


def test_findings_are_presented_only_when_every_criterion_has_one():
    """S5."""
    of = template()
    with pytest.raises(FindingsMissing):
        visits.presented(visit(findings=tuple(findings(of)[1:])), of, at=now(), statement_days=5)


def test_nobody_signs_before_the_office_has_spoken_or_its_days_are_over():
    """S5: statement of the inspected office."""
    of = template()
    held = visit(findings=tuple(findings(of)))
    held = held.model_copy(update=visits.presented(held, of, at=now(), statement_days=5))
    for days in (0, 5):
        with pytest.raises(StatementPending):
            visits.signed(held, of, by="a", at=now() + timedelta(days=days))
    assert len(visits.signed(held, of, by="a", at=now() + timedelta(days=6))["signatures"]) == 1
    heard = held.model_copy(update=visits.stated(held, by="c", at=now(), text="无异议", accepts=True))
    assert len(visits.signed(heard, of, by="a", at=now())["signatures"]) == 1
