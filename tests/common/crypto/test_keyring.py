"""The keyring on disk: whole, private, and refused when anything is wrong with it."""

import json
import stat
from dataclasses import dataclass
from pathlib import Path

import pytest

from common.crypto import FieldCipher, Keyring, KeyringRefused, Suite, generate_keyring, open_cipher, rotated


@dataclass
class Settings:
    crypto_keys_file: Path | None
    crypto_suite: str = "aes-gcm-sha256"


def test_saved_and_loaded_it_is_the_same_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    ring = rotated(generate_keyring(), "sm4-gcm-sm3")
    path = tmp_path / "keys.json"
    ring.save(path)
    assert Keyring.load(path) == ring
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_no_representation_shows_a_key() -> None:
    ring = generate_keyring()
    shown = f"{ring!r}{FieldCipher(ring)!r}"
    for secret in (ring.active_key.encryption_key, ring.active_key.index_key):
        assert repr(secret)[2:-1] not in shown
        assert secret.hex() not in shown


def test_keys_made_on_one_day_have_different_names() -> None:
    ring = rotated(rotated(generate_keyring()))
    assert len({key.id for key in ring.keys}) == 3
    assert ring.active == ring.keys[0].id


def broken(**changes: object) -> object:
    document = generate_keyring().to_document()
    document["keys"][0] |= changes.pop("key", {})
    return document | changes


@pytest.mark.parametrize(
    "document",
    [
        [],
        None,
        {},
        {"active": "x"},
        {"active": "x", "keys": []},
        {"active": "x", "keys": {}},
        broken(active="other"),
        broken(keys=[*generate_keyring().to_document()["keys"] * 2]),
        broken(key={"suite": "des"}),
        broken(key={"suite": "sm4-gcm-sm3"}),
        broken(key={"encryption_key": "c2hvcnQ="}),
        broken(key={"encryption_key": "!!!"}),
        broken(key={"index_key": None}),
        broken(key={"id": "with blank"}),
        broken(key={"id": "x" * 33}),
    ],
)
def test_a_broken_keyring_is_refused_without_its_content(document: object, tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(document))
    with pytest.raises(KeyringRefused) as refusal:
        Keyring.load(path)
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000])
def test_a_file_that_is_no_json_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(content)
    with pytest.raises(KeyringRefused):
        Keyring.load(path)


def test_a_service_opens_only_a_keyring_of_its_suite(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    generate_keyring(Suite.SM4_GCM_SM3).save(path)
    assert open_cipher(Settings(path, "sm4-gcm-sm3")).decrypt is not None
    for settings in (Settings(path), Settings(None), Settings(tmp_path / "absent")):
        with pytest.raises(KeyringRefused):
            open_cipher(settings)
