"""Personal data at rest: readable only in its place, findable only with the key."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.crypto import CiphertextRefused, FieldCipher, Keyring, Suite, generate_keyring, normalised, rotated

NUMBER = "11010519491231002X"
PLACE = "casework.case.applicant_id_number:0190"
COLUMN = "casework.case.applicant_id_number"
RINGS = {suite: generate_keyring(suite) for suite in Suite}


@pytest.fixture(params=list(Suite), ids=str)
def ring(request: pytest.FixtureRequest) -> Keyring:
    return RINGS[request.param]


@given(text=st.text(max_size=200), suite=st.sampled_from(Suite))
def test_every_text_comes_back(text: str, suite: Suite) -> None:
    cipher = FieldCipher(RINGS[suite])
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    assert cipher.decrypt(cipher.encrypt(text, context=PLACE), context=PLACE) == text


def test_equal_numbers_look_different_and_hide_their_digits(ring: Keyring) -> None:
    cipher = FieldCipher(ring)
    first, second = (cipher.encrypt(NUMBER, context=PLACE) for _ in range(2))
    assert first != second
    assert NUMBER.encode() not in first


def test_a_field_moved_to_another_row_does_not_open(ring: Keyring) -> None:
    cipher = FieldCipher(ring)
    stored = cipher.encrypt(NUMBER, context=PLACE)
    with pytest.raises(CiphertextRefused):
        cipher.decrypt(stored, context=PLACE + "1")


def test_any_flipped_bit_is_noticed(ring: Keyring) -> None:
    cipher = FieldCipher(ring)
    stored = cipher.encrypt(NUMBER, context=PLACE)
    for place in range(len(stored)):
        altered = bytearray(stored)
        altered[place] ^= 1
        with pytest.raises(CiphertextRefused) as refusal:
            cipher.decrypt(bytes(altered), context=PLACE)
        assert NUMBER not in f"{refusal.value}{refusal.value.__cause__}{refusal.value.facts}"


@pytest.mark.parametrize("length", [0, 1, 2, 5, 20, 40])
def test_truncated_and_foreign_bytes_are_refused(ring: Keyring, length: int) -> None:
    cipher = FieldCipher(ring)
    with pytest.raises(CiphertextRefused):
        cipher.decrypt(cipher.encrypt(NUMBER, context=PLACE)[:length], context=PLACE)
    with pytest.raises(CiphertextRefused):
        cipher.decrypt(secrets.token_bytes(length), context=PLACE)


def test_another_keyring_opens_nothing(ring: Keyring) -> None:
    stored = FieldCipher(ring).encrypt(NUMBER, context=PLACE)
    with pytest.raises(CiphertextRefused):
        FieldCipher(generate_keyring(ring.active_key.suite)).decrypt(stored, context=PLACE)


def test_the_index_of_one_person_is_the_same_however_it_was_typed(ring: Keyring) -> None:
    cipher = FieldCipher(ring)
    index = cipher.blind_index(NUMBER, context=COLUMN)
    assert len(index) == 32
    for typed in ("11010519491231002x", " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２Ｘ"):
        assert cipher.blind_index(typed, context=COLUMN) == index
    assert cipher.blind_index("110105194912310021", context=COLUMN) != index
    assert cipher.blind_index(NUMBER, context="casework.case.agent_id_number") != index
    assert FieldCipher(generate_keyring(ring.active_key.suite)).blind_index(NUMBER, context=COLUMN) != index


def test_rotation_writes_new_reads_old_and_finds_both(ring: Keyring) -> None:
    old = FieldCipher(ring)
    turned = rotated(ring, Suite.SM4_GCM_SM3)
    new = FieldCipher(turned)
    stored = old.encrypt(NUMBER, context=PLACE)
    assert new.decrypt(stored, context=PLACE) == NUMBER
    assert new.needs_rotation(stored)
    assert not new.needs_rotation(new.encrypt(NUMBER, context=PLACE))
    assert new.blind_indexes(NUMBER, context=COLUMN) == [
        new.blind_index(NUMBER, context=COLUMN),
        old.blind_index(NUMBER, context=COLUMN),
    ]
    with pytest.raises(CiphertextRefused):
        old.decrypt(new.encrypt(NUMBER, context=PLACE), context=PLACE)


def test_the_two_suites_are_what_they_say() -> None:
    """Known answers: HMAC over `context NUL value` with OpenSSL's digests, computed outside of the cipher."""
    import hashlib
    import hmac

    for suite, digest in ((Suite.AES_GCM_SHA256, "sha256"), (Suite.SM4_GCM_SM3, "sm3")):
        if digest not in hashlib.algorithms_available:
            continue
        key = RINGS[suite].active_key
        expected = hmac.new(key.index_key, COLUMN.encode() + b"\0" + NUMBER.encode(), digest).digest()
        assert FieldCipher(RINGS[suite]).blind_index(NUMBER, context=COLUMN) == expected


typed = st.text([chr(code) for code in (*range(0x20, 0x7F), *range(0xFF01, 0xFF5F), 0x3000, 0xA0, 0x9)])


@given(typed)
def test_what_was_normalised_is_half_width_capital_and_without_blanks(text: str) -> None:
    shown = normalised(text)
    assert normalised(shown) == shown
    assert shown.isascii()
    assert not any(character.isspace() or character.islower() for character in shown)
