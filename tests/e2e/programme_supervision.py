"""Inspections and circulars of the 2011-2012 story, each number of theirs counted once more by hand."""

import hashlib
import io
import zipfile
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from common.auth import Role
from common.testing.tokens import make_actor

PROVINCE = "440000000000"
ORGANISER = make_actor(PROVINCE, Role.BUREAU_SUPERVISOR, subject="organiser")
FIRST = make_actor(PROVINCE, Role.BUREAU_SUPERVISOR, subject="first-inspector")
SECOND = make_actor(PROVINCE, Role.BUREAU_SUPERVISOR, subject="second-inspector")
DRAFTER = make_actor(PROVINCE, Role.STATISTICIAN, subject="drafter")
SIGNER = make_actor(PROVINCE, Role.OFFICE_HEAD, subject="signer")
PROOF = [{"title": "现场照片", "reference": "督导2012-1"}]
DECLARED = ("floor-area-per-office", "office-staff")
"""What the packaged template compares with numbers found on site."""
Table = Mapping[str, list[str | None]]


# --- inspections ------------------------------------------------------------------------------------------------------


async def draw(stage: Any, operating: Mapping[str, str], **told: Any) -> Any:
    """An inspection with its sample, drawn once more here: SHA-256 of seed, line feed and office id, first of each stratum.

    Args:
        operating: town → stratum of the offices that operate, by the history.
    """
    plan = {
        "purpose": "检查基层服务平台建设", "is_announced": False,
        "inspectors": [{"account": one.subject, "division": PROVINCE} for one in (FIRST, SECOND)], **told,
    }  # fmt: skip
    made = await stage.act("/inspections", ORGANISER, plan)
    made = await stage.act(f"/inspections/{made['id']}/sample", ORGANISER, None, made["version"])
    frame = await stage.items(f"/inspections/{made['id']}/frame", ORGANISER)
    assert {one["division"]: one["stratum"] for one in frame} == operating
    digest = hashlib.sha256()
    for one in sorted(frame, key=lambda office: office["office_id"]):
        digest.update(f"{one['office_id']}|{one['division']}|{one['kind']}|{one['stratum']}\n".encode())
    assert (made["frame_size"], made["frame_digest"]) == (len(frame), digest.hexdigest())
    drawn = []
    for stratum in sorted(set(operating.values())):
        keys = sorted(
            (hashlib.sha256(f"{told['seed']}\n{one['office_id']}".encode()).hexdigest(), one["division"])
            for one in frame
            if one["stratum"] == stratum
        )
        drawn += [division for _, division in keys[: told["size"]]]
    assert [one["division"] for one in made["sample"]] == drawn
    again = await stage.get(f"/inspections/{made['id']}/sample/redraw", ORGANISER)
    assert (again["is_same_frame"], again["is_same_sample"]) == (True, True)
    return made


async def visit(
    stage: Any, inspection: Any, template: Any, town: str, known: Mapping[str, str | None], *, contradicts: bool
) -> Any:
    """One office, on site: its area and staff against what is known of it; what fails becomes orders, which are closed."""
    declared = {code: value for code, value in known.items() if value is not None}
    begun = {"division": town, "team": [FIRST.subject, SECOND.subject]}
    found = await stage.act(f"/inspections/{inspection['id']}/visits", FIRST, begun)
    assert {one["code"]: one["value"] for one in found["declared"]} == declared
    where = f"/inspections/visits/{found['id']}"
    size, staff = Decimal(declared["floor-area-per-office"]), declared.get("office-staff")
    area = (size / 2).quantize(Decimal("0.1")) if contradicts else size
    told = [_finding(one, area, staff or "6", fails=contradicts) for one in template["criteria"]]
    found = await stage.act(f"{where}/findings", FIRST, {"findings": told}, found["version"], method="PUT")
    seen = {one["criterion"]: one for one in found["findings"]}
    assert seen["staff-number"]["comparison"] == ("undeclared" if staff is None else "agrees")
    seen = seen["floor-area"]
    assert (seen["comparison"], Decimal(seen["difference"])) == (
        "contradicts" if contradicts else "agrees", area - size,
    )  # fmt: skip
    found = await stage.act(f"{where}/presentation", FIRST, None, found["version"])
    local = make_actor(town, Role.OFFICE_HEAD)
    found = await stage.act(f"{where}/statement", local, {"accepts": True, "text": "属实。"}, found["version"])
    for who in (FIRST, SECOND):
        found = await stage.act(f"{where}/signatures", who, None, found["version"])
    failed = {"floor-area": "O2.2a", "window": "O2.2b"} if contradicts else {}
    assert found["score"]["value"] == score(template, dict.fromkeys(failed, 0), set() if staff else {"staff-number"})
    await _close_orders(stage, found, local, failed)
    return found


def _finding(criterion: Any, area: Decimal, staff: str, *, fails: bool) -> Any:
    told = {"criterion": criterion["code"], "evidence": PROOF}
    if criterion["code"] == "floor-area":
        return {**told, "number": str(area)}
    if criterion["code"] == "staff-number":
        return {**told, "number": staff}
    if criterion["measure"] == "yes_no":
        return {**told, "is_met": not (fails and criterion["code"] == "window")}
    if criterion["measure"] == "graded":
        return {**told, "step": criterion["steps"][0]["code"]}
    return {**told, "number": 6}


def score(template: Any, earned: Mapping[str, int], undeclared: set[str]) -> int:
    """In hundredths of a point: dimensions by their weights, criteria by theirs; what nobody declared is left out."""
    criteria = [one for one in template["criteria"] if one["code"] not in undeclared]
    weights = {one["dimension"]: one["weight"] for one in template["weights"]}
    total = Fraction(0)
    for one in criteria:
        whole = sum(other["weight"] for other in criteria if other["dimension"] == one["dimension"])
        share = Fraction(weights[one["dimension"]] * one["weight"], sum(weights.values()) * whole)
        total += share * earned.get(one["code"], 1000)
    return floor(total * 10 + Fraction(1, 2))


async def _close_orders(stage: Any, found: Any, local: Any, failed: Mapping[str, str]) -> None:
    orders = [one for one in await stage.items("/orders", local) if one["about_id"] == found["id"]]
    assert sorted(one["clause"] for one in orders) == sorted(failed.values())
    assert {one["id"] for one in orders} == set(found["orders"])
    for order in orders:
        where = f"/orders/records/{order['id']}"
        told = await stage.act(f"{where}/answers", local, {"text": "已整改。", "evidence": PROOF}, order["version"])
        told = await stage.act(f"{where}/closure", ORGANISER, {"remark": "复查合格"}, told["version"])
        assert (told["status"], told["closed_on_time"]) == ("closed", True)


async def publish_result(stage: Any, inspection: Any, scores: Mapping[str, int]) -> None:
    """Concluded and published: the ranking holds exactly the scores."""
    held = await stage.get(f"/inspections/{inspection['id']}", ORGANISER)
    held = await stage.act(f"/inspections/{held['id']}/conclusion", ORGANISER, None, held["version"])
    held = await stage.act(f"/inspections/{held['id']}/publication", ORGANISER, {"scope": [PROVINCE]}, held["version"])
    seen = await stage.get(f"/inspections/{held['id']}", make_actor(min(scores), Role.OFFICE_HEAD))
    expected = {town: (1 + sum(other > value for other in scores.values()), value) for town, value in scores.items()}
    assert {one["division"]: (one["rank"], one["score"]) for one in seen["result"]["ranking"]} == expected


# --- circulars --------------------------------------------------------------------------------------------------------


def words(title: str, number: str, tables: list[str]) -> Any:
    """A circular with one number in its text and every table behind it."""
    return {
        "issuer": "广东省人力资源和社会保障厅",
        "number_mark": "粤人社函",
        "title": title,
        "addressees": ["各地级以上市人力资源和社会保障局"],
        "blocks": [{"kind": "paragraph", "text": f"全省完成率为{{{{ n.{number}.{PROVINCE} }}}}%。"}],
        "attachments": [{"title": "各市进展情况", "blocks": [{"kind": "table", "text": code} for code in tables]}],
        "printed_by": "广东省人力资源和社会保障厅办公室",
    }


async def publish(stage: Any, told: Any) -> Any:
    """Drafted, frozen, reviewed, signed by another account, published."""
    made = await stage.act("/circulars", DRAFTER, told)
    made = await stage.act(f"/circulars/{made['id']}/snapshot", DRAFTER, None, made["version"])
    return await _to_publication(stage, made)


async def _to_publication(stage: Any, made: Any) -> Any:
    where = f"/circulars/{made['id']}"
    made = await stage.act(f"{where}/submission", DRAFTER, None, made["version"])
    own = await stage.answer("POST", f"{where}/signature", DRAFTER, {}, made["version"])
    assert own.status_code == 403, "a drafter does not sign"
    made = await stage.act(f"{where}/signature", SIGNER, {}, made["version"])
    return await stage.act(f"{where}/publication", DRAFTER, None, made["version"])


async def read(stage: Any, circular: Any) -> bytes:
    """Its document, twice the same bytes, with the digest that was signed."""
    where = f"/circulars/{circular['id']}/document"
    content = await stage.document(where, SIGNER)
    assert content == await stage.document(where, make_actor("440300000000", Role.BUREAU_SUPERVISOR))
    assert hashlib.sha256(content).hexdigest() == circular["document_digest"]
    return content


def text_of(content: bytes) -> str:
    """What stands in a document."""
    return zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()


async def check_tables(stage: Any, circular: Any, expected: Mapping[str, Table], ranked: set[str]) -> None:
    """Every cell and every rank of every table is the one counted by hand; the document holds them."""
    told = await stage.get(f"/circulars/{circular['id']}/tables", SIGNER)
    assert [one["query"]["code"] for one in told["tables"]] == list(expected)
    document = text_of(await read(stage, circular))
    for table in told["tables"]:
        code = table["query"]["code"]
        cells = {row["division"]: [cell["value"] for cell in row["cells"]] for row in table["rows"]}
        assert cells == expected[code], code
        places = {row["division"]: row["rank"] for row in table["rows"] if row["rank"] is not None}
        assert places == (ranks_of(expected[code]) if code in ranked else {}), code
        assert all(cell in document for row in cells.values() for cell in row if cell is not None), code


def ranks_of(table: Table) -> dict[str, int]:
    """Of the cities by the first column, higher first; equals share a rank."""
    values = {city: Fraction(row[0]) for city, row in table.items() if row[0] is not None and city != PROVINCE}
    return {city: 1 + sum(other > value for other in values.values()) for city, value in values.items()}


def numbers_of(
    tables: Mapping[str, Table], columns: Mapping[str, list[str]], ranked: set[str]
) -> dict[str, str | None]:
    """Every number by the name that the document gives it."""
    found: dict[str, str | None] = {}
    for code, table in tables.items():
        for division, row in table.items():
            found |= {f"n.{code}.{division}.{name}": cell for name, cell in zip(columns[code], row, strict=True)}
        if code in ranked:
            found |= {f"n.{code}.{city}.rank": str(rank) for city, rank in ranks_of(table).items()}
    return found


async def correct(stage: Any, circular: Any, changed: Mapping[str, tuple[str | None, str | None]]) -> Any:
    """Verification fails with exactly the numbers that changed, offers a correction, and the correction names them."""
    where = f"/circulars/{circular['id']}"
    before = await read(stage, circular)
    found = await stage.get(f"{where}/verification", DRAFTER)
    assert (found["holds"], found["is_snapshot_intact"], found["is_document_intact"]) == (False, True, True)
    assert {one["name"]: (one["old"], one["new"]) for one in found["differences"]} == changed
    assert found["correction"] == {"method": "POST", "href": f"/reporting/v1{where}/corrections"}
    made = await stage.act(f"{where}/corrections", DRAFTER, {"otherwise": "复核发现一所未达标"})
    assert {one["name"]: (one["old"], one["new"]) for one in made["changes"]} == changed
    made = await _to_publication(stage, made)
    assert await stage.document(f"{where}/document", SIGNER) == before
    now = await stage.get(where, SIGNER)
    assert (now["status"], now["corrected_by"]) == ("corrected", made["id"])
    await verify(stage, made)
    assert circular["number"] in text_of(await read(stage, made))
    return made


async def verify(stage: Any, circular: Any) -> None:
    """What was published is still what the facts say."""
    found = await stage.get(f"/circulars/{circular['id']}/verification", DRAFTER)
    assert (found["holds"], found["differences"], found["correction"]) == (True, [], None)


def timeliness(quarter: Any, cities: list[str]) -> dict[str, list[str | None]]:
    """Of a quarter that was over on the circular's day."""
    found: dict[str, list[str | None]] = {}
    for city in cities:
        told = quarter.told.get(city)
        late = 0 if told is None else max(0, told.after - 7)
        on_time = int(told is not None and not late)
        found[city] = [f"{100 * on_time}.00", "1", str(int(told is not None)), str(on_time), str(late)]
    expected, reported, on_time, late = quarter.rates()
    hundredths = floor(Fraction(100 * 100 * on_time, expected) + Fraction(1, 2))
    rate = f"{hundredths // 100}.{hundredths % 100:02d}"
    found[PROVINCE] = [rate, str(expected), str(reported), str(on_time), str(late)]
    return found


def filings(cells: Mapping[str, list[str | None]]) -> dict[str, list[str | None]]:
    """Of each city, and the province in counts."""
    order = ("已备案", "已报", "退回补正", "待报", "逾期未补正", "逾期未报")
    counts = Counter(row[0] for row in cells.values())
    told = "，".join(f"{label}{counts[label]}个" for label in order if counts[label])
    return {**cells, PROVINCE: [told, None, None]}


def results(scores: Mapping[str, int], cities: list[str]) -> dict[str, list[str | None]]:
    """Average, number and lowest of the inspected offices, without a veto in this story."""
    found: dict[str, list[str | None]] = {}
    for place in [*cities, PROVINCE]:
        theirs = [value for town, value in scores.items() if place in {town[:4] + "00000000", PROVINCE}]
        mean = floor(Fraction(sum(theirs), len(theirs)) + Fraction(1, 2)) if theirs else None
        texts = [None if one is None else f"{one // 100}.{one % 100:02d}" for one in (mean, min(theirs, default=None))]
        found[place] = [texts[0], str(len(theirs)), texts[1], "0"]
    return found
