"""Files over HTTP: handed in, kept sealed outside the database, seen by whom they concern."""

import asyncio
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import httpx
import pytest

from casework.uploads.domain import MEDIA_TYPES
from common.auth import Actor, Role
from common.divisions import Level
from common.ids import uuid7
from common.testing.databases import OPEN_TRANSACTIONS
from common.testing.problems import problem
from common.testing.tokens import bearer, make_actor

UPLOADS = "/casework/v1/uploads"


def citizen(subject: str) -> Actor:
    return Actor(subject, "测试群众", None, Level.VILLAGE, "", frozenset({Role.CITIZEN}))


ANNA, BERT = citizen("anna"), citizen("bert")


async def send(
    window, content: bytes, kind: str = "pdf", *, actor: Actor, division: str, key: str | None = None, **headers: str
) -> httpx.Response:
    return await window.client.post(
        UPLOADS,
        params={"division": division},
        content=content,
        headers={
            **bearer(actor), "Content-Type": MEDIA_TYPES[kind], "Idempotency-Key": key or str(uuid7()), **headers
        },
    )  # fmt: skip


async def sent(window, content: bytes, kind: str = "pdf", **options: Any) -> dict[str, Any]:
    answer = await send(window, content, kind, **options)
    assert answer.status_code == 201, answer.text
    return answer.json()


def kept(folder: Path) -> list[Path]:
    return [Path(place) / name for place, _, names in os.walk(folder) for name in names]


async def totals(window, tmp_path) -> tuple[int, ...]:
    tables = ("records", "upload_files", "outbox", "audit_entries", "idempotency_keys")
    counts = [await window.value(f"SELECT count(*) FROM {table}") for table in tables]
    return (*counts, len(kept(tmp_path / "store")), len(kept(tmp_path / "spool")))


# --- handing in --------------------------------------------------------------------------------------------------


async def test_a_citizen_hands_in_a_file_of_every_kind_and_gets_it_back(window, world, files, tmp_path, make_settings):
    """O4.2b: what an online application needs."""
    for number, (kind, content) in enumerate(files.good.items()):
        who = citizen(f"anna {number}")
        made = await send(window, content, kind, actor=who, division=world.VILLAGE)
        upload = made.json()
        assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
        assert (upload["kind"], upload["size_bytes"]) == (kind, len(content))
        assert (upload["status"], upload["status_label"], upload["case_id"]) == ("uploaded", "已上传", None)
        assert upload["sha256"] == hashlib.sha256(content).hexdigest()
        read = await window.client.get(f"{made.headers['Location']}/content", headers=bearer(who))
        assert (read.status_code, read.content) == (200, content)
        assert read.headers["content-disposition"].startswith(f'attachment; filename="{upload["id"]}.')
        assert read.headers["x-content-type-options"] == "nosniff"
        assert read.headers["content-type"] == MEDIA_TYPES[kind]
        assert read.headers["content-length"] == str(len(content))
        assert "default-src 'none'" in read.headers["content-security-policy"]


async def test_what_is_kept_is_sealed_and_what_is_told_names_nobody(window, world, files, tmp_path):
    """Standards.md §9: personal data at rest."""
    content = files.good["pdf"] + "测试甲 110105194912310021".encode() + b"%%EOF"
    upload = await sent(window, content, actor=ANNA, division=world.VILLAGE)
    (stored,) = kept(tmp_path / "store")
    assert stored.name == hashlib.sha256(stored.read_bytes()).hexdigest()
    assert stored.name != upload["sha256"]
    for secret in (b"%PDF", "测试甲".encode(), b"110105"):
        assert secret not in stored.read_bytes()
    assert kept(tmp_path / "spool") == []
    (event,) = await window.rows("SELECT data FROM outbox")
    assert "anna" not in str(event["data"])
    assert json.loads(event["data"])["is_submitted"] is False


async def test_a_large_file_goes_through_in_pieces(window, world, files, tmp_path):
    content = b"%PDF-1.7\n" + os.urandom(250_000) + b"%%EOF"
    upload = await sent(window, content, actor=ANNA, division=world.VILLAGE)
    read = await window.client.get(f"{UPLOADS}/{upload['id']}/content", headers=bearer(ANNA))
    assert read.content == content


async def test_a_file_that_is_too_large_is_refused_whether_it_says_so_or_not(window, world, tmp_path):
    """Must show 6: 413 by the declared length, and while it arrives."""
    large = b"%PDF-1.7\n" + b"x" * 400_000
    problem(await send(window, large, actor=ANNA, division=world.VILLAGE), 413, "request.body-too-large")

    async def endless():
        for _ in range(1_000):
            yield b"%PDF-" * 1_000

    answer = await window.client.post(
        UPLOADS,
        params={"division": world.VILLAGE},
        content=endless(),
        headers={**bearer(ANNA), "Content-Type": MEDIA_TYPES["pdf"], "Idempotency-Key": "k"},
    )
    problem(answer, 413, "request.body-too-large")
    assert await totals(window, tmp_path) == (0,) * 7


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (b"", "pdf", "casework.upload.empty"),
        (b"<svg onload='alert(1)'/>", "png", "casework.upload.type-refused"),
        (b"%PDF-1.7\n%%EOF", "png", "casework.upload.type-mismatch"),
        (b"%PDF-1.7\n", "pdf", "casework.upload.damaged"),
    ],
)
async def test_what_is_refused_leaves_nothing_anywhere(window, world, tmp_path, content, kind, code):
    problem(await send(window, content, kind, actor=ANNA, division=world.VILLAGE), 422, code, "O4.2b")
    assert await totals(window, tmp_path) == (0,) * 7


async def test_a_bomb_is_refused_and_nothing_of_it_stays(window, world, files, tmp_path):
    """Must show 6: upload bombs."""
    bomb = files.archive(files.word | {"word/a": b"\0" * 20_000_000})
    refused = await send(window, bomb, "docx", actor=ANNA, division=world.VILLAGE)
    assert problem(refused, 422, "casework.upload.unsafe")["reason"] == "ratio"
    picture = files.png(60_000, 60_000)
    assert problem(
        await send(window, picture, "png", actor=ANNA, division=world.VILLAGE), 422, "casework.upload.unsafe"
    )["reason"] == "pixels"  # fmt: skip
    assert await totals(window, tmp_path) == (0,) * 7


async def test_a_declared_type_that_is_not_taken_is_refused(window, world, tmp_path):
    for declared in ("application/octet-stream", "text/html", "multipart/form-data; boundary=x"):
        answer = await send(window, b"x", actor=ANNA, division=world.VILLAGE, **{"Content-Type": declared})
        problem(answer, 422, "casework.upload.type-refused")


async def test_a_name_is_never_a_path(window, world, files, tmp_path):
    """A file's name counts for nothing, whatever header brings it."""
    named = {"Content-Disposition": 'attachment; filename="../../../etc/passwd"', "X-File-Name": "/etc/passwd"}
    await sent(window, files.good["pdf"], actor=ANNA, division=world.VILLAGE, **named)
    assert [path.relative_to(tmp_path).parts[0] for path in kept(tmp_path)].count("store") == 1
    assert "passwd" not in str(kept(tmp_path))


async def test_who_may_hand_in_and_where(window, world, files):
    pdf = files.good["pdf"]
    problem(await send(window, pdf, actor=world.SUPERVISOR, division=world.VILLAGE), 403, "auth.role-required")
    problem(await send(window, pdf, actor=world.ADMINISTRATOR, division=world.VILLAGE), 403, "auth.role-required")
    problem(await send(window, pdf, actor=world.AGENT, division=world.NEIGHBOUR), 403, "auth.out-of-scope")
    for place, code in (
        (world.RETIRED, "directory.division-retired"),
        (world.OFFICELESS, "directory.office-unknown"),
        (world.SUSPENDED, "directory.office-not-operating"),
    ):
        problem(await send(window, pdf, actor=ANNA, division=place), 422, code)
    nobody = await window.client.post(UPLOADS, params={"division": world.VILLAGE}, content=pdf)
    problem(nobody, 401, "auth.token-missing")


# --- once --------------------------------------------------------------------------------------------------------


async def test_a_file_sent_twice_under_one_key_is_kept_once(window, world, files, tmp_path):
    first = await send(window, files.good["pdf"], actor=ANNA, division=world.VILLAGE, key="same")
    before = await totals(window, tmp_path)
    again = await send(window, files.good["pdf"], actor=ANNA, division=world.VILLAGE, key="same")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    other = await send(window, files.good["png"], "png", actor=ANNA, division=world.VILLAGE, key="same")
    problem(other, 409, "request.idempotency-key-reused")
    assert await totals(window, tmp_path) == before
    keyless = await window.client.post(
        UPLOADS, params={"division": world.VILLAGE}, content=b"x",
        headers={**bearer(ANNA), "Content-Type": MEDIA_TYPES["pdf"]},
    )  # fmt: skip
    problem(keyless, 428, "request.idempotency-key-required")


async def test_of_many_at_once_under_one_key_one_is_kept(window, world, files, tmp_path):
    answers = await asyncio.gather(
        *(send(window, files.good["pdf"], actor=ANNA, division=world.VILLAGE, key="one") for _ in range(5))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len(kept(tmp_path / "store")) == 1


async def test_a_citizen_cannot_fill_the_store(window, world, files, tmp_path):
    """At most so many files that belong to no case, also when they come at once."""
    answers = await asyncio.gather(
        *(send(window, files.good["pdf"], actor=ANNA, division=world.VILLAGE) for _ in range(6))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 201, 201, 409, 409, 409]
    problem(await send(window, files.good["pdf"], actor=ANNA, division=world.VILLAGE), 409,
            "casework.upload.too-many-pending")  # fmt: skip
    assert len(kept(tmp_path / "store")) == 3
    await sent(window, files.good["pdf"], actor=BERT, division=world.VILLAGE)


async def test_what_came_within_a_day_counts_whatever_became_of_it(window, world, files):
    """Handing in and removing again fills the store no less; a day later it is forgotten."""
    for _ in range(3):
        upload = await sent(window, files.good["pdf"], actor=ANNA, division=world.VILLAGE)
        gone = await window.client.post(
            f"{UPLOADS}/{upload['id']}/removal", headers={**bearer(ANNA), "If-Match": '"1"'}
        )
        assert gone.status_code == 200
    problem(await send(window, files.good["pdf"], actor=ANNA, division=world.VILLAGE), 409,
            "casework.upload.too-many-pending")  # fmt: skip
    await window.rows("UPDATE records SET id = ('0190' || substr(id::text, 5))::uuid")
    await sent(window, files.good["pdf"], actor=ANNA, division=world.VILLAGE)


async def test_a_slow_sender_holds_no_connection(window, world, files):
    """The body comes before the transaction: as many slow senders as the pool has connections stop nobody."""
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly():
        yield b"%PDF-1.7\n"
        begun.set()
        await go_on.wait()
        yield b"%%EOF"

    def slow(number: int):
        headers = {**bearer(citizen(f"slow {number}")), "Content-Type": MEDIA_TYPES["pdf"],
                   "Idempotency-Key": f"slow-{number}"}  # fmt: skip
        return window.client.post(UPLOADS, params={"division": world.VILLAGE}, content=slowly(), headers=headers)

    senders = [asyncio.create_task(slow(number)) for number in range(6)]
    await begun.wait()
    async with asyncio.timeout(10):
        await sent(window, files.good["pdf"], actor=ANNA, division=world.VILLAGE)
    go_on.set()
    assert [answer.status_code for answer in await asyncio.gather(*senders)] == [201] * 6


async def test_a_slow_store_holds_no_connection(window, world, files, monkeypatch):
    """O4.2b: no transaction is open while the store keeps a file; who waits for the store waits alone."""
    store, busy = window.app.state.uploads, []
    put = store.put

    async def slow(key, source):
        busy.append(await window.value(OPEN_TRANSACTIONS))
        await put(key, source)

    monkeypatch.setattr(store, "put", slow)
    made = await sent(window, files.good["pdf"], actor=ANNA, division=world.VILLAGE)
    assert busy == [0]
    assert made["sha256"] == hashlib.sha256(files.good["pdf"]).hexdigest()


async def test_what_is_told_of_the_content_identifies_no_document(window, world, files):
    """ADR 0005: neither the event nor another's look tells a hash that somebody who has the document could compare."""
    made = [await sent(window, files.good["pdf"], actor=who, division=world.VILLAGE) for who in (ANNA, BERT)]
    bare = hashlib.sha256(files.good["pdf"]).hexdigest()
    told = [json.loads(row["data"])["sha256"] for row in await window.rows("SELECT data FROM outbox")]
    assert len({bare, *told}) == 3, "two people's same document is not the same"
    seen = await window.client.get(f"{UPLOADS}/{made[0]['id']}", headers=bearer(ANNA))
    assert (seen.status_code, seen.json()["sha256"]) == (200, None)


async def test_the_bare_hash_of_a_document_is_stored_nowhere(window, world, files):
    """ADR 0005: not even beside the subject, with the answer that is kept under the key."""
    content, key = files.good["pdf"], str(uuid7())
    first, again = [await send(window, content, actor=ANNA, division=world.VILLAGE, key=key) for _ in range(2)]
    bare = hashlib.sha256(content).hexdigest()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.json() == again.json()
    assert first.json()["sha256"] == bare
    assert first.headers["Location"] == again.headers["Location"]
    assert first.headers["ETag"] == again.headers["ETag"]
    for table in ("idempotency_keys", "upload_files", "records", "outbox", "audit_entries"):
        assert not [row for row in await window.rows(f"SELECT t::text AS t FROM {table} t") if bare in row["t"]], table
    stored = await window.value("SELECT convert_from(body, 'UTF8') FROM idempotency_keys")
    assert json.loads(stored)["sha256"] is None


# --- who sees what -----------------------------------------------------------------------------------------------


async def test_a_citizens_file_is_the_citizens_alone(window, world, files):
    """Also of somebody whose account differs in its capitals only."""
    upload = await sent(window, files.good["pdf"], actor=ANNA, division=world.VILLAGE)
    address = f"{UPLOADS}/{upload['id']}"
    for other in (BERT, citizen("ANNA"), citizen("anna "), world.AGENT, world.SUPERVISOR):
        problem(await window.client.get(address, headers=bearer(other)), 404, "casework.upload.not-found")
        content = await window.client.get(f"{address}/content", headers=bearer(other))
        assert content.status_code == (403 if other.division else 404)
        listed = await window.client.get(UPLOADS, headers=bearer(other))
        assert listed.json()["items"] == []
        gone = await window.client.post(f"{address}/removal", headers={**bearer(other), "If-Match": '"1"'})
        assert gone.status_code in {403, 404}
    for role in (world.AUDITOR, world.ADMINISTRATOR):
        problem(await window.client.get(f"{address}/content", headers=bearer(role)), 403, "auth.role-required")
    (own,) = (await window.client.get(UPLOADS, headers=bearer(ANNA))).json()["items"]
    assert own["id"] == upload["id"]


async def test_what_an_office_takes_in_is_seen_in_its_subtree(window, world, files):
    upload = await sent(window, files.good["pdf"], actor=world.AGENT, division=world.VILLAGE)
    address = f"{UPLOADS}/{upload['id']}"
    for reader in (world.AGENT, world.CLERK, world.SUPERVISOR):
        assert (await window.client.get(address, headers=bearer(reader))).status_code == 200
        listed = await window.client.get(UPLOADS, headers=bearer(reader))
        assert [one["id"] for one in listed.json()["items"]] == [upload["id"]]
    for stranger in (world.STRANGER, ANNA):
        problem(await window.client.get(address, headers=bearer(stranger)), 404, "casework.upload.not-found")


async def test_what_an_office_takes_in_is_read_for_a_reason(window, world, files):
    """ADR 0005: by who took it in, a clerk or a head; every look is an act."""
    upload = await sent(window, files.good["pdf"], actor=world.AGENT, division=world.VILLAGE)
    path, body = f"{UPLOADS}/{upload['id']}/content-disclosures", {"reason": "核对材料"}
    for actor, status in (
        (world.AGENT, 200), (world.CLERK, 200), (world.SUPERVISOR, 403), (world.STRANGER, 404), (ANNA, 403),
        (make_actor(world.VILLAGE, Role.STATION_AGENT, subject="another"), 403),
    ):  # fmt: skip
        answer = await window.client.post(path, json=body, headers=bearer(actor))
        assert answer.status_code == status, actor.subject
        assert status != 200 or answer.content == files.good["pdf"]
    unnamed = await window.client.post(path, json={"reason": "110105194912310021"}, headers=bearer(world.CLERK))
    problem(unnamed, 422, "casework.reason-holds-personal-data")
    acts = await window.rows("SELECT actor, reason FROM audit_entries WHERE action = 'casework.upload.disclose'")
    assert {tuple(row) for row in acts} == {(world.AGENT.subject, "核对材料"), (world.CLERK.subject, "核对材料")}


async def test_a_citizen_with_a_place_and_another_role_sees_as_a_citizen(window, world, files):
    """Roles say who somebody is, not the division of their token."""
    upload = await sent(window, files.good["pdf"], actor=world.AGENT, division=world.VILLAGE)
    both = make_actor(world.TOWN, Role.CITIZEN, Role.AUDITOR)
    problem(await window.client.get(f"{UPLOADS}/{upload['id']}", headers=bearer(both)), 404,
            "casework.upload.not-found")  # fmt: skip
    own = await sent(window, files.good["pdf"], actor=both, division=world.VILLAGE)
    listed = await window.client.get(UPLOADS, headers=bearer(both))
    assert [one["id"] for one in listed.json()["items"]] == [own["id"]]


async def test_every_look_at_a_file_leaves_a_trace(window, world, files):
    upload = await sent(window, files.good["pdf"], actor=ANNA, division=world.VILLAGE)
    for _ in range(2):
        await window.client.get(f"{UPLOADS}/{upload['id']}/content", headers=bearer(ANNA))
    found = await window.rows(
        "SELECT actor, object_id, division FROM audit_entries WHERE action = 'casework.upload.read'"
    )
    assert [tuple(row) for row in found] == [("anna", upload["id"], world.VILLAGE)] * 2


# --- removing ----------------------------------------------------------------------------------------------------


async def test_a_removed_file_is_gone_for_everybody(window, world, files):
    upload = await sent(window, files.good["pdf"], actor=ANNA, division=world.VILLAGE)
    address = f"{UPLOADS}/{upload['id']}"
    problem(await window.client.post(f"{address}/removal", headers=bearer(ANNA)), 428, "request.if-match-required")
    stale = await window.client.post(f"{address}/removal", headers={**bearer(ANNA), "If-Match": '"7"'})
    problem(stale, 412, "request.if-match-stale")
    gone = await window.client.post(f"{address}/removal", headers={**bearer(ANNA), "If-Match": '"1"'})
    assert (gone.json()["status"], gone.headers["ETag"]) == ("removed", '"2"')
    problem(await window.client.get(f"{address}/content", headers=bearer(ANNA)), 409, "casework.upload.removed")
    again = await window.client.post(f"{address}/removal", headers={**bearer(ANNA), "If-Match": '"2"'})
    problem(again, 409, "casework.upload.removed")
    assert (await window.client.get(UPLOADS, headers=bearer(ANNA))).json()["items"] == []


async def test_a_file_that_the_store_lost_or_altered_is_not_sent(window, world, files, tmp_path):
    upload = await sent(window, files.good["pdf"], actor=ANNA, division=world.VILLAGE)
    (stored,) = kept(tmp_path / "store")
    content = bytearray(stored.read_bytes())
    content[60] ^= 1
    stored.write_bytes(content)
    address = f"{UPLOADS}/{upload['id']}/content"
    problem(await window.client.get(address, headers=bearer(ANNA)), 503, "crypto.ciphertext-refused")
    stored.unlink()
    problem(await window.client.get(address, headers=bearer(ANNA)), 503, "casework.upload.lost")
