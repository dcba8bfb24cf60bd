"""Store and books stay together, whatever fails between them; files are given to cases."""

import asyncio
import hashlib
import os
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest

from casework.uploads.domain import MEDIA_TYPES
from casework.uploads.errors import (
    FileTooSlow,
    StoreForeign,
    StoreNotConfigured,
    SweepRefused,
    TooManyAtOnce,
    TooManyOfCase,
    TooManyPending,
    UploadAttached,
    UploadNotFound,
)
from casework.uploads.jobs import forgotten_job, store_job
from casework.uploads.schemas import receiving_of
from casework.uploads.service import (
    ReceivingCase,
    Tolerance,
    add_upload,
    attach_uploads,
    counted_reception,
    get_upload,
    kept,
    list_uploads,
    receive_file,
    remove_forgotten,
    remove_remnants,
    report_lost,
    sweep_store,
)
from casework.uploads.stores import FilesystemStore, NoStore
from common.auth import Actor, Role
from common.clock import today
from common.contracts.casework.online import UploadState
from common.divisions import Level
from common.ids import uuid7
from common.policy import parameter
from common.records.service import get_record
from common.testing.tokens import bearer

ANNA = Actor("anna", "测试群众", None, Level.VILLAGE, "", frozenset({Role.CITIZEN}))
BERT = replace(ANNA, subject="bert")
OFFICE = UUID(int=1_004)
SOME = Tolerance(percent=20)


class Broken(Exception):
    """Anything that goes wrong after the file was kept."""


@pytest.fixture
def store(tmp_path: Path) -> FilesystemStore:
    return FilesystemStore(tmp_path / "store")


@pytest.fixture
def hand_in(context, cipher, store, files, world):
    """Hands a file in as an actor; `fails` makes the transaction fail at its end."""

    async def pieces():
        yield files.good["pdf"]

    async def work(actor: Actor = ANNA, *, fails: bool = False, into=store) -> UploadState:
        rules = receiving_of(context.settings)
        async with (
            receive_file(pieces(), declared=MEDIA_TYPES["pdf"], cipher=cipher, rules=rules) as received,
            kept(into, received),
            context.uow(actor) as uow,
        ):
            made = await add_upload(uow, cipher=cipher, received=received, division=world.VILLAGE, max_pending=3)
            if fails:
                raise Broken
        return made

    return work


async def keys(store) -> set[str]:
    return {file.key async for file in store.list()}


def age(folder: Path, days: float) -> None:
    """Lets what is kept be some days old."""
    then = time.time() - timedelta(days=days).total_seconds()
    for place, _, names in os.walk(folder):
        for name in names:
            os.utime(Path(place) / name, (then, then))


# --- both ways ---------------------------------------------------------------------------------------------------


async def test_a_failure_after_the_store_leaves_no_row_and_the_sweep_takes_the_file(
    context, store, hand_in, window, tmp_path
):
    await hand_in()
    with pytest.raises(Broken):
        await hand_in(fails=True)
    assert await window.value("SELECT count(*) FROM upload_files") == 1
    assert len(await keys(store)) == 2
    assert await sweep_store(context.db, store, SOME) == 0, "it might belong to a request under way"
    age(tmp_path / "store", 2)
    assert await sweep_store(context.db, store, SOME) == 1
    assert await keys(store) == {row["key"] for row in await window.rows("SELECT key FROM upload_files")}


async def test_a_store_that_refuses_leaves_no_row(hand_in, window):
    with pytest.raises(StoreNotConfigured):
        await hand_in(into=NoStore())
    assert await window.value("SELECT count(*) FROM records") == 0
    assert await window.value("SELECT count(*) FROM upload_files") == 0


async def test_a_row_without_its_file_is_told_once_and_taken_back_when_it_is_there_again(
    context, store, hand_in, window, tmp_path
):
    made, other = await hand_in(), await hand_in(BERT)
    key = await window.value(f"SELECT key FROM upload_files WHERE upload_id = '{made.id}'")
    (path,) = [path for path in (tmp_path / "store").rglob("*") if path.name == key]
    content = path.read_bytes()
    path.unlink()
    assert await report_lost(context.uow, context.db, store, SOME) == 1
    assert await report_lost(context.uow, context.db, store, SOME) == 0
    async with context.uow() as uow:
        assert (await get_record(uow.session, UploadState, made.id)).lost_at is not None
        assert (await get_record(uow.session, UploadState, other.id)).lost_at is None
    path.write_bytes(content)
    assert await report_lost(context.uow, context.db, store, SOME) == 0
    async with context.uow() as uow:
        assert (await get_record(uow.session, UploadState, made.id)).lost_at is None


async def test_what_was_never_used_is_removed_after_some_days(context, cipher, store, hand_in, window, tmp_path):
    old, young, used = await hand_in(), await hand_in(), await hand_in(BERT)
    await window.rows("UPDATE records SET state = jsonb_set(state, '{changed_at}', '\"2026-01-01T00:00:00+08:00\"') "
                      "WHERE id = ANY($1::uuid[])", [old.id, used.id])  # fmt: skip
    async with context.uow(BERT) as uow:
        case = ReceivingCase(uuid7(), used.division, OFFICE)
        await attach_uploads(uow, cipher=cipher, case=case, files=[(used.id, "身份证")])
    async with context.uow() as uow:
        assert await remove_forgotten(uow, older_than_days=7) == 1
    async with context.uow() as uow:
        states = [(await get_record(uow.session, UploadState, one.id)).status for one in (old, young, used)]
        assert states == ["removed", "uploaded", "attached"]
    age(tmp_path / "store", 2)
    assert await sweep_store(context.db, store, SOME) == 1
    assert len(await keys(store)) == 3, "two files and the marker"


def test_the_worker_has_both_sweeps(window):
    assert callable(forgotten_job(window.context))
    assert callable(store_job(window.context))


async def test_another_place_than_our_store_is_not_swept(context, hand_in, store, window, tmp_path):
    """A volume that is not mounted loses nothing, a foreign bucket keeps what it has; the first sweep marks the own."""
    made = await hand_in()
    assert await sweep_store(context.db, store, SOME) == 0
    assert len(await keys(store)) == 2, "the file and the marker"
    foreign = FilesystemStore(tmp_path / "foreign")
    source = tmp_path / "something"
    source.write_bytes(b"somebody's")
    await foreign.put(hashlib.sha256(b"somebody's").hexdigest(), source)
    age(tmp_path / "foreign", 2)
    for other in (FilesystemStore(tmp_path / "unmounted"), foreign):
        with pytest.raises(StoreForeign):
            await sweep_store(context.db, other, SOME)
        with pytest.raises(StoreForeign):
            await report_lost(context.uow, context.db, other, SOME)
    assert len(await keys(foreign)) == 1
    async with context.uow() as uow:
        assert (await get_record(uow.session, UploadState, made.id)).lost_at is None


async def test_a_store_that_was_never_ours_is_not_taken_for_ours(context, hand_in, store, window, tmp_path):
    """Before the first sweep too: full of unknown files, or empty while the books have some."""
    await hand_in()
    foreign = FilesystemStore(tmp_path / "foreign")
    with pytest.raises(StoreForeign):
        await sweep_store(context.db, foreign, SOME)
    source = tmp_path / "something"
    source.write_bytes(b"somebody's")
    await foreign.put(hashlib.sha256(b"somebody's").hexdigest(), source)
    with pytest.raises(StoreForeign):
        await report_lost(context.uow, context.db, foreign, SOME)
    assert await window.value("SELECT count(*) FROM upload_files") == 1


async def test_a_sweep_that_finds_too_much_wrong_does_nothing(context, hand_in, store, window, tmp_path):
    none = Tolerance(percent=20, few=1)
    assert await sweep_store(context.db, store, none) == 0
    made = [await hand_in() for _ in range(3)]
    for _ in range(2):
        with pytest.raises(Broken):
            await hand_in(BERT, fails=True)
    age(tmp_path / "store", 2)
    before = await keys(store)
    with pytest.raises(SweepRefused):
        await sweep_store(context.db, store, none)
    assert await keys(store) == before
    for row in await window.rows(
        "SELECT key FROM upload_files WHERE upload_id = ANY($1::uuid[])", [made[0].id, made[1].id]
    ):
        await store.remove(row["key"])
    with pytest.raises(SweepRefused):
        await report_lost(context.uow, context.db, store, none)
    async with context.uow() as uow:
        assert [(await get_record(uow.session, UploadState, one.id)).lost_at for one in made] == [None] * 3
    assert await report_lost(context.uow, context.db, store, SOME) == 2


# --- given to a case ---------------------------------------------------------------------------------------------


async def test_a_file_given_to_a_case_is_seen_by_its_office_and_given_once(context, cipher, hand_in, world, window):
    made, case = await hand_in(), ReceivingCase(uuid7(), world.VILLAGE, OFFICE)
    async with context.uow(ANNA) as uow:
        (given,) = await attach_uploads(uow, cipher=cipher, case=case, files=[(made.id, "身份证复印件")])
    assert (given.status, given.case_id, given.material, given.version) == ("attached", case.id, "身份证复印件", 2)
    async with context.uow() as uow:
        for reader in (ANNA, world.AGENT, world.SUPERVISOR):
            seen = await get_upload(uow.session, cipher=cipher, actor=reader, upload_id=made.id)
            assert seen.case_id == case.id
        listed = await list_uploads(uow.session, cipher=cipher, actor=ANNA, case_id=None, after=None, limit=None)
        assert [one.id for one in listed] == [made.id]
        with pytest.raises(UploadNotFound):
            await get_upload(uow.session, cipher=cipher, actor=world.STRANGER, upload_id=made.id)
    async with context.uow(ANNA) as uow:
        with pytest.raises(UploadAttached):
            await attach_uploads(uow, cipher=cipher, case=case, files=[(made.id, "身份证复印件")])
    gone = await window.client.post(
        f"/casework/v1/uploads/{made.id}/removal", headers={**bearer(ANNA), "If-Match": '"2"'}
    )
    assert gone.json()["code"] == "casework.upload.attached"


async def test_nobody_gives_away_what_is_not_theirs_and_then_nothing_is_given(context, cipher, hand_in, world):
    mine, hers = await hand_in(BERT), await hand_in(ANNA)
    case = ReceivingCase(uuid7(), world.VILLAGE, OFFICE)
    with pytest.raises(UploadNotFound):
        async with context.uow(BERT) as uow:
            await attach_uploads(uow, cipher=cipher, case=case, files=[(mine.id, "甲"), (hers.id, "乙")])
    async with context.uow() as uow:
        assert (await get_record(uow.session, UploadState, mine.id)).status == "uploaded"


async def test_a_file_that_takes_too_long_is_given_up(context, cipher, tmp_path):
    async def never():
        yield b"%PDF-"
        await asyncio.sleep(60)

    rules = replace(receiving_of(context.settings), seconds=0.05)
    with pytest.raises(FileTooSlow):
        async with receive_file(never(), declared=MEDIA_TYPES["pdf"], cipher=cipher, rules=rules):
            pytest.fail("it never came")
    assert list((tmp_path / "spool").iterdir()) == []


async def test_few_files_are_looked_into_at_once(context, cipher, files, monkeypatch):
    """A process is not brought down by many who send archives together."""
    now_in, most = 0, 0

    def look(*_: object) -> None:
        nonlocal now_in, most
        now_in += 1
        most = max(most, now_in)
        time.sleep(0.02)
        now_in -= 1

    async def pieces():
        yield files.good["pdf"]

    async def receive() -> None:
        rules = receiving_of(context.settings)
        async with receive_file(pieces(), declared=MEDIA_TYPES["pdf"], cipher=cipher, rules=rules):
            pass

    monkeypatch.setattr("casework.uploads.service.receiving._look", look)
    await asyncio.gather(*(receive() for _ in range(8)))
    assert most <= 2


async def test_what_is_refused_after_all_is_taken_out_of_the_store_again(context, store, hand_in, window):
    """O4.2b: a refusal is no orphan; what ended in a way that nobody knows waits for the sweep."""
    for _ in range(3):
        await hand_in()
    with pytest.raises(TooManyPending):
        await hand_in()
    assert await keys(store) == {row["key"] for row in await window.rows("SELECT key FROM upload_files")}


async def test_remnants_of_killed_receptions_go_and_what_is_under_way_stays(context):
    """O4.2b: `.part` files of a process that was killed in the middle."""
    rules = receiving_of(context.settings)
    rules.spool.mkdir(parents=True, exist_ok=True)
    old, young, other = (rules.spool / name for name in ("a.part", "b.part", "notes.txt"))
    for path in (old, young, other):
        path.write_bytes(b"x")
    then = time.time() - rules.seconds - 3_600
    os.utime(old, (then, then))
    os.utime(other, (then, then))
    assert remove_remnants(rules) == 1
    assert (old.exists(), young.exists(), other.exists()) == (False, True, True)


def test_an_account_sends_so_many_files_at_once_and_others_are_not_kept_from_it(context):
    """O4.2b: a cap on what runs in parallel for one account."""
    rules = replace(receiving_of(context.settings), at_once=2)
    with counted_reception("anna", rules), counted_reception("anna", rules):
        with pytest.raises(TooManyAtOnce), counted_reception("anna", rules):
            pass
        with counted_reception("bert", rules):
            pass
    with counted_reception("anna", rules):
        pass


async def test_a_case_has_so_many_files_at_most(context, cipher, hand_in, world, monkeypatch):
    """O4.2b: as many as the parameter of the day says."""
    assert parameter("case_files_most", on=today()).number == 200
    two = SimpleNamespace(number=2)
    monkeypatch.setattr("casework.uploads.service.uploading.parameter", lambda code, on: two)
    made, case = [await hand_in() for _ in range(3)], ReceivingCase(uuid7(), world.VILLAGE, OFFICE)
    async with context.uow(ANNA) as uow:
        await attach_uploads(uow, cipher=cipher, case=case, files=[(one.id, "材料") for one in made[:2]])
    with pytest.raises(TooManyOfCase):
        async with context.uow(ANNA) as uow:
            await attach_uploads(uow, cipher=cipher, case=case, files=[(made[2].id, "材料")])
