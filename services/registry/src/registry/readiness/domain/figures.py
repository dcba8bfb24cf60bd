"""The figures of an office on a day, out of the very picture that its criteria judge. Pure.

What nobody has told is absent, never zero: an office without records of its staff has no `staff_total`, one whose last
worker has left has `staff_total` 0.
"""

from collections import Counter
from collections.abc import Iterator

from common.contracts.registry.readiness import FigureUnit, OfficeFigure
from registry.equipment.domain import required_kinds, working_pieces
from registry.offices.domain import OfficeKind, OfficeStatus, runs_on
from registry.premises.domain import Place, counted_area
from registry.premises.domain import judge_area as judge_floor_area
from registry.premises.errors import AreaUnknown, SharedAreaTooLarge
from registry.readiness.domain.findings import basis_on
from registry.readiness.domain.picture import Picture
from registry.staffing.domain import override_on, required_range
from registry.surveys.domain import QUESTIONS
from registry.training.domain import recency_days, recency_gaps

Figures = Iterator[tuple[str, int, FigureUnit]]
_SURVEY_UNITS: dict[str, FigureUnit] = {"人": "person", "平方分米": "dm2", "分": "fen"}


def figures_of(picture: Picture) -> tuple[OfficeFigure, ...]:
    """Everything countable of an office, by code; of a closed one nothing.

    Source: S1, S2, S3, O1.4b, O2.1c, O2.2a, O2.2b, O2.3, O3.2a, O5.1a.
    """
    if OfficeStatus(picture.office.status) is OfficeStatus.CLOSED:
        return ()
    parts = (_places, _equipment, _people, _needs, _identity, _money, _baseline)
    found = [one for part in parts for one in part(picture)]
    return tuple(OfficeFigure(code=code, value=value, unit=unit) for code, value, unit in sorted(found))


def _places(picture: Picture) -> Figures:
    if not picture.premises:
        return
    yield "windows", sum(len(one.windows) for one in picture.premises), "count"
    yield "public_windows", sum(window.is_public for one in picture.premises for window in one.windows), "count"
    try:
        counted = sum(counted_area(one).dm2 for one in picture.premises)
    except (AreaUnknown, SharedAreaTooLarge):
        return
    office = picture.office
    place = Place(kind=office.kind, status=office.status, form=office.form, platform=office.platform)
    ruled = judge_floor_area(picture.premises, place, on=picture.on, rules_on=picture.rules_on).counted_dm2
    whole = sum(one.certified_area_dm2 or one.measured_area_dm2 or 0 for one in picture.premises)
    shared = sum(one.shared_area_dm2 for one in picture.premises)
    yield "floor_area_counted", counted if ruled is None else ruled, "dm2"
    yield "floor_area_own", whole - shared, "dm2"
    yield "floor_area_shared", shared, "dm2"


def _equipment(picture: Picture) -> Figures:
    if not picture.equipment:
        return
    working, present = working_pieces(picture.equipment), Counter[str]()
    for one in picture.equipment:
        if one.condition != "scrapped":
            present[one.kind] += one.quantity
    kinds = [option.code for option in required_kinds(on=picture.rules_on)]
    for kind in kinds:
        yield f"equipment_{kind}", present[kind], "count"
        yield f"equipment_{kind}_working", working[kind], "count"
    yield "equipment_kinds_present", sum(present[kind] > 0 for kind in kinds), "count"
    yield "equipment_kinds_working", sum(working[kind] > 0 for kind in kinds), "count"


def _people(picture: Picture) -> Figures:
    if not picture.posts_ever:
        return
    persons = {post.pseudonym for post in picture.staff}
    yield "staff_total", len(persons), "person"
    by_type: dict[str, set[str]] = {}
    for post in picture.staff:
        by_type.setdefault(post.staff_type, set()).add(post.pseudonym)
    for staff_type, held in by_type.items():
        yield f"staff_{staff_type}", len(held), "person"
    yield "posts", len(picture.staff), "count"
    least = basis_on("duties_per_post_min", picture.rules_on)
    if least is not None:
        yield "posts_multi_duty", sum(len(post.duties) >= least.number for post in picture.staff), "count"
    if recency_days(picture.rules_on) is not None:
        gaps = recency_gaps(picture.posts_ever, picture.trainings, on=picture.on, rules_on=picture.rules_on)
        yield "staff_trained", len(persons - {gap.post.pseudonym for gap in gaps}), "person"


def _needs(picture: Picture) -> Figures:
    if picture.establishment is not None:
        yield "established_posts", picture.establishment.quota, "count"
    state = picture.staffing
    if state is None:
        return
    if state.served_persons is not None:
        yield "served_persons", state.served_persons, "person"
    if state.resident_population is not None:
        yield "residents", state.resident_population, "person"
    if state.area_hectares is not None:
        yield "area_hectares", state.area_hectares, "hectare"
    if state.employer_count is not None:
        yield "employers", state.employer_count, "count"
    needed = required_range(state.served_persons, on=picture.rules_on)
    if needed is not None:
        decided = override_on(state, on=picture.on)
        low, high = (decided, decided) if decided is not None and decided > needed[1] else needed
        yield "required_staff_low", low, "person"
        yield "required_staff_high", high, "person"


def _identity(picture: Picture) -> Figures:
    office = picture.office
    duties = basis_on("duties", picture.rules_on)
    if office.duties is not None and duties is not None:
        yield "duties_covered", len(set(office.duties) & set(duties.option_codes)), "count"
    if office.sign_installed_on is not None:
        yield "sign_installed", int(office.sign_installed_on <= picture.on), "flag"
    is_station = OfficeKind(office.kind) is OfficeKind.SERVICE_STATION
    running = [one for one in picture.contracts if runs_on(one, picture.on)]
    if picture.contracts or (is_station and office.provision_mode is not None):
        yield "purchase_contract", int(bool(running)), "flag"
    if running:
        yield "purchase_contract_fen", sum(one.amount_fen for one in running), "fen"


def _money(picture: Picture) -> Figures:
    line = next((one for one in picture.budget_lines if one.year == picture.on.year), None)
    if line is not None:
        yield "in_county_budget", int(line.is_listed), "flag"
        if line.amount_fen is not None:
            yield "budget_amount_fen", line.amount_fen, "fen"
    supplement = next((one for one in picture.supplements if one.year == picture.on.year), None)
    if supplement is not None:
        yield "town_supplement", int(supplement.amount_fen > 0), "flag"
        yield "town_supplement_fen", supplement.amount_fen, "fen"
    if picture.aid_grants:
        yield "aid_granted_fen", sum(one.amount_fen for one in picture.aid_grants), "fen"
        yield "aid_spent_fen", sum(one.spent_fen for one in picture.aid_grants), "fen"


def _baseline(picture: Picture) -> Figures:
    survey = picture.survey
    if survey is None:
        return
    yield "shared_systems", len(survey.shared_systems), "count"
    yield "community_centre", int(survey.community_centre is not None), "flag"
    for code, answer in survey.findings.items():
        question = QUESTIONS.get(code)
        if question is None or isinstance(answer, str):
            continue
        unit: FigureUnit = "flag" if isinstance(answer, bool) else _SURVEY_UNITS.get(question.unit or "", "count")
        yield f"baseline_{code}", int(answer), unit
