"""One contract for all stores; what is particular to each."""

import hashlib
import os
import re
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from casework.uploads.errors import StoreNotConfigured, StoreUnavailable, UploadLost
from casework.uploads.stores import FilesystemStore, NoStore, S3Keys, S3Store, Store, open_store, path_of
from casework.uploads.stores.signing import EMPTY_SHA256, Request, signed_headers

from .s3_server import ACCESS, BUCKET, REGION, SECRET, S3Server, s3_server

KEYS = S3Keys(ACCESS, SECRET)


@pytest.fixture
def server():
    with s3_server() as running:
        yield running


@pytest.fixture
async def s3() -> AsyncIterator[Callable[..., S3Store]]:
    """Makes adapters, and closes them."""
    opened: list[S3Store] = []

    def make(server: S3Server, **changes: Any) -> S3Store:
        values = {"endpoint": server.endpoint, "bucket": BUCKET, "region": REGION, "keys": KEYS} | changes
        opened.append(S3Store(**values))
        return opened[-1]

    yield make
    for store in opened:
        await store.aclose()


@pytest.fixture(params=["filesystem", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path, server: S3Server, s3: Callable[..., S3Store]) -> Store:
    return s3(server) if request.param == "s3" else FilesystemStore(tmp_path / "store")


def file(folder: Path, content: bytes) -> tuple[str, Path]:
    path = folder / uuid4().hex
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest(), path


async def content_of(store: Store, key: str) -> bytes:
    return b"".join([piece async for piece in store.get(key)])


# --- the contract ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 1_000, 600_000])
async def test_what_is_put_is_there_until_it_is_removed(store, tmp_path, size) -> None:
    content = os.urandom(size)
    key, path = file(tmp_path, content)
    assert not await store.has(key)
    await store.put(key, path)
    assert path.exists()
    assert await store.has(key)
    assert await content_of(store, key) == content
    await store.put(key, path)
    assert [found.key async for found in store.list()] == [key]
    await store.remove(key)
    await store.remove(key)
    assert not await store.has(key)
    with pytest.raises(UploadLost):
        await content_of(store, key)


async def test_all_files_are_listed_with_their_time(store, tmp_path) -> None:
    assert [found async for found in store.list()] == []
    put = [file(tmp_path, f"content {number}".encode()) for number in range(5)]
    for key, path in put:
        await store.put(key, path)
    listed = [found async for found in store.list()]
    assert {found.key for found in listed} == {key for key, _ in put}
    assert all(abs(datetime.now(UTC) - found.stored_at) < timedelta(minutes=5) for found in listed)


@pytest.mark.parametrize("name", ["../../etc/passwd", "A" * 64, "a" * 63, "", "a" * 64 + "\n", "/" + "a" * 63])
async def test_nothing_but_a_key_becomes_a_path(store, tmp_path, name) -> None:
    """Names are never used as paths."""
    _, path = file(tmp_path, b"x")
    for act in (store.put(name, path), store.has(name), store.remove(name), content_of(store, name)):
        with pytest.raises(ValueError, match="not a key"):
            await act
    with pytest.raises(ValueError, match="not a key"):
        path_of(name)


# --- the filesystem ----------------------------------------------------------------------------------------------


async def test_a_file_of_the_folder_is_its_owners_alone_and_lies_by_its_content(tmp_path) -> None:
    key, path = file(tmp_path, b"sealed")
    await FilesystemStore(tmp_path / "store").put(key, path)
    kept = tmp_path / "store" / key[:2] / key[2:4] / key
    assert kept.read_bytes() == b"sealed"
    assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)


async def test_a_write_that_fails_leaves_nothing(tmp_path, monkeypatch) -> None:
    key, path = file(tmp_path, b"sealed")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    store = FilesystemStore(tmp_path / "store")
    with pytest.raises(StoreUnavailable):
        await store.put(key, path)
    assert [name for _, _, names in os.walk(tmp_path / "store") for name in names] == []
    assert not await store.has(key)


async def test_what_a_write_left_that_was_cut_off_goes_after_a_day(tmp_path) -> None:
    key, path = file(tmp_path, b"sealed")
    store = FilesystemStore(tmp_path / "store")
    await store.put(key, path)
    folder = tmp_path / "store" / key[:2] / key[2:4]
    old, young, foreign = folder / f".{key}.1", folder / f".{key}.2", folder / "readme"
    for one in (old, young, foreign):
        one.write_bytes(b"x")
    long_ago = (datetime.now(UTC) - timedelta(days=2)).timestamp()
    for one in (old, foreign, folder / key):
        os.utime(one, (long_ago, long_ago))
    assert [found.key async for found in store.list()] == [key]
    assert (old.exists(), young.exists(), foreign.exists()) == (False, True, True)


# --- S3 ----------------------------------------------------------------------------------------------------------


def test_the_signature_is_that_of_the_published_example() -> None:
    """The example "GET Object" of the AWS General Reference."""
    request = Request(
        "GET", "/test.txt", {}, {"Host": "examplebucket.s3.amazonaws.com", "Range": "bytes=0-9"}, EMPTY_SHA256
    )
    keys = S3Keys("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    headers = signed_headers(request, keys=keys, region="us-east-1", at=datetime(2013, 5, 24, tzinfo=UTC))
    found = re.search(r"Signature=(\w+)", headers["authorization"])
    assert found is not None
    assert found[1] == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    assert "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date" in headers["authorization"]
    assert "wJalr" not in repr(keys)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"keys": S3Keys(ACCESS, "another secret")}, "SignatureDoesNotMatch"),
        ({"keys": S3Keys("somebody", SECRET)}, "InvalidAccessKeyId"),
        ({"region": "elsewhere"}, "InvalidAccessKeyId"),
    ],
)
async def test_the_server_refuses_whoever_signs_wrongly(server, s3, tmp_path, changes, reason) -> None:
    key, path = file(tmp_path, b"sealed")
    store = s3(server, **changes)
    for act in (store.put(key, path), content_of(store, key), store.has(key), store.remove(key)):
        with pytest.raises(StoreUnavailable):
            await act
    assert set(server.refused) == {reason}
    assert server.objects == {}


async def test_bytes_that_are_not_the_keys_are_refused_by_the_store(server, s3, tmp_path) -> None:
    key, _ = file(tmp_path, b"sealed")
    _, other = file(tmp_path, b"altered")
    with pytest.raises(StoreUnavailable):
        await s3(server).put(key, other)
    assert server.refused == ["XAmzContentSHA256Mismatch"]


async def test_a_store_that_stumbles_is_asked_again_and_one_that_falls_is_told(server, s3, tmp_path) -> None:
    key, path = file(tmp_path, b"sealed")
    store = s3(server)
    server.fail_next = [503, 500]
    await store.put(key, path)
    server.fail_next = [503]
    assert await store.has(key)
    server.fail_next = [500, 500, 500]
    with pytest.raises(StoreUnavailable):
        await store.has(key)
    assert server.objects[f"uploads/{path_of(key)}"][0] == b"sealed"


@pytest.mark.parametrize("status", [301, 304, 307, 308])
async def test_what_is_no_success_is_none(server, s3, tmp_path, status) -> None:
    """A redirection keeps nothing: a file that was not stored must not pass for one that was."""
    key, path = file(tmp_path, b"sealed")
    store = s3(server)
    for act in (store.put(key, path), store.has(key), store.remove(key), content_of(store, key)):
        server.fail_next = [status]
        with pytest.raises(StoreUnavailable):
            await act
    server.fail_next = [status]
    with pytest.raises(StoreUnavailable):
        assert [found async for found in store.list()]


async def test_a_store_that_is_away_is_told(s3) -> None:
    with s3_server() as gone:
        pass
    store = s3(gone)
    with pytest.raises(StoreUnavailable):
        await store.has("a" * 64)
    with pytest.raises(StoreUnavailable):
        await content_of(store, "a" * 64)


# --- which one ---------------------------------------------------------------------------------------------------


async def test_the_settings_choose_the_store(make_settings, tmp_path) -> None:
    keys = tmp_path / "s3.json"
    keys.write_text('{"access_key": "a", "secret_key": "b"}', encoding="utf-8")
    url = "postgresql:///x"
    assert isinstance(open_store(make_settings(url)), FilesystemStore)
    assert isinstance(open_store(make_settings(url, uploads_dir=None)), NoStore)
    there = {"uploads_s3_endpoint": "https://s3.test", "uploads_s3_bucket": "b", "uploads_s3_keys_file": keys}
    assert isinstance(open_store(make_settings(url, uploads_dir=None, **there)), S3Store)
    with pytest.raises(ValueError, match="one place"):
        make_settings(url, **there)
    with pytest.raises(ValueError, match="come together"):
        make_settings(url, uploads_dir=None, **(there | {"uploads_s3_bucket": None}))
    with pytest.raises(ValueError, match="origin"):
        make_settings(url, uploads_dir=None, **(there | {"uploads_s3_endpoint": "https://s3.test/bucket"}))
    keys.write_text("{}", encoding="utf-8")
    with pytest.raises(StoreNotConfigured):
        open_store(make_settings(url, uploads_dir=None, **there))


async def test_without_a_store_every_act_says_so(tmp_path) -> None:
    store = NoStore()
    for act in (store.put("a", tmp_path), store.has("a"), store.remove("a"), content_of(store, "a")):
        with pytest.raises(StoreNotConfigured):
            await act
