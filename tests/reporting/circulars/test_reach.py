"""Whom a circular reaches, and what stands when something was wrong in it. Source: S5, O6.3b, G1."""

import importlib.util
from datetime import datetime
from pathlib import Path

from common.clock import today
from common.testing.problems import problem

_SPEC = importlib.util.spec_from_file_location("circulars_world", Path(__file__).with_name("conftest.py"))
world = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(world)
PROVINCE, SHENZHEN, HEYUAN = world.PROVINCE, world.SHENZHEN, world.HEYUAN
DRAFTER, SIGNER = world.DRAFTER, world.SIGNER


async def published_correction(office, state):
    made = (await office.correction(state, {"otherwise": "补报"})).json()
    made = await office.step(made, "submission", DRAFTER)
    made = await office.step(made, "signature", SIGNER, {})
    return await office.step(made, "publication", DRAFTER)


async def test_when_a_correction_is_withdrawn_what_it_corrected_stands_again_and_can_be_corrected(
    office, figures, desk
):
    """O6.3b, S0: a wrong circular is never left beyond repair."""
    state = await office.published()
    figures.values[HEYUAN] = "15.0"
    first = await published_correction(office, state)
    await office.step(first, "withdrawal", SIGNER, {"reason": "更正有误"})
    again = await office.read(f"/{state['id']}")
    assert (again["status"], again["corrected_by"]) == ("published", None)
    rows = await desk.rows(
        "SELECT state -> 'dispatch' ->> 'title' AS title FROM records WHERE id = $1::uuid", state["id"]
    )
    assert rows[0]["title"].startswith("〔更正已撤回〕")
    second = await published_correction(office, state)
    assert (await office.read(f"/{state['id']}"))["corrected_by"] == second["id"]


async def test_numbers_of_what_is_withdrawn_are_told_no_more(office, get):
    """O6.3b: neither the tables nor the numbers of the text."""
    state = await office.step(await office.published(), "withdrawal", SIGNER, {"reason": "数据有误"})
    for path in ("tables", "numbers"):
        problem(await get(f"/circulars/{state['id']}/{path}", DRAFTER), 409, "reporting.circular.withdrawn")


async def test_a_correction_reaches_everybody_who_could_read_what_was_wrong(office, figures, send):
    """O6.3b, G1: as public, and down to the same level at least."""
    state = await office.published(down_to="county")
    figures.values[HEYUAN] = "15.0"
    made = (await office.correction(state, {"otherwise": "补报"})).json()
    for changes in ({"is_public": True, "down_to": "county"}, {"down_to": "city"}):
        answer = await send("PUT", f"/circulars/{made['id']}", DRAFTER, world.body(**changes), version=made["version"])
        problem(answer, 422, "reporting.circular.correction-reaches-less", "O6.3b")
    answer = await send("PUT", f"/circulars/{made['id']}", DRAFTER, world.body(down_to="town"), version=made["version"])
    assert answer.status_code == 200, answer.text


async def test_all_tables_of_a_snapshot_are_of_one_moment_whatever_is_accepted_meanwhile(
    office, desk, figures, monkeypatch
):
    """O6.3b: parts, their whole and the other tables belong together."""
    moments = []

    async def counted(question):
        count = await question.conn.fetchval("SELECT count(*) FROM circular_marks")
        await desk.rows("INSERT INTO circular_marks (mark, division) VALUES ($1, $2)", question.query.code, SHENZHEN)
        moments.append(question.moment)
        return world.Found((world.Column("value", "个数"),), {SHENZHEN: (world.Cell(str(count)),)})

    monkeypatch.setitem(world.SOURCES, "indicator", counted)
    queries = [{"code": code, "kind": "indicator", "title": "个数"} for code in ("one", "two")]
    text = world.words(blocks=[{"kind": "paragraph", "text": "情况如下。"}], attachments=[])
    state = await office.step(
        await office.draft(queries=queries, words=text, on=today().isoformat()), "snapshot", DRAFTER
    )
    tables = (await office.read(f"/{state['id']}/tables"))["tables"]
    first, second = ([row["cells"][0]["value"] for row in table["rows"]] for table in tables)
    assert first == second
    assert len(set(moments)) == 1
    kept = await desk.value("SELECT convert_from(content, 'UTF8')::jsonb ->> 'moment' FROM circular_snapshots")
    assert datetime.fromisoformat(kept) == moments[0]
    assert state["frozen_at"] == kept


async def test_figures_that_were_asked_for_another_version_are_not_frozen(office, send, figures, monkeypatch):
    """O6.3b: of a draft that changes while its figures are asked."""
    state = await office.draft()
    source = figures.source

    async def slow(question):
        answer = await send("PUT", f"/circulars/{state['id']}", DRAFTER, world.body(on="2011-11-30"), version=1)
        assert answer.status_code == 200, answer.text
        return await source(question)

    monkeypatch.setitem(world.SOURCES, "indicator", slow)
    answer = await send("POST", f"/circulars/{state['id']}/snapshot", DRAFTER, version=2)
    problem(answer, 412, "request.if-match-stale")
