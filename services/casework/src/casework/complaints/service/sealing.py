"""What is sealed beside a complaint: what was written, and apart from it who wrote it. And the secret of its number."""

import base64
import json
from collections.abc import Iterable, Mapping
from uuid import UUID

from common.crypto import FieldCipher
from common.records.service import seal

_SECRET_BYTES = 7
_SECRET_LENGTH = 10
_ACCESS = "casework.complaint.access"
_GIVEN = "casework.complaint.secret"
COMPLAINANT = "complainant"


def seal_complaint(
    cipher: FieldCipher, complaint_id: UUID, texts: Mapping[str, str | None], who: Mapping[str, str | None] | None
) -> bytes:
    """The texts as one document; who wrote them is encrypted once more within it, under a context of its own.

    Source: O4.3f (protected identity); standards.md §9.
    """
    inner = None
    if who is not None:
        plain = json.dumps(dict(who), ensure_ascii=False)
        inner = base64.b64encode(cipher.encrypt(plain, context=_context(complaint_id))).decode("ascii")
    return seal(cipher, complaint_id, {**texts, COMPLAINANT: inner})


def open_complainant(
    cipher: FieldCipher, complaint_id: UUID, opened: Mapping[str, str | None]
) -> dict[str, str | None] | None:
    """Who wrote it, out of the opened document; None for an anonymous one."""
    inner = opened.get(COMPLAINANT)
    if inner is None:
        return None
    found: dict[str, str | None] = json.loads(cipher.decrypt(base64.b64decode(inner), context=_context(complaint_id)))
    return found


def join_ids(ids: Iterable[UUID]) -> str | None:
    """Ids as one sealed member; None of none."""
    return ",".join(map(str, ids)) or None


def split_ids(joined: str | None) -> list[UUID]:
    """The ids of a sealed member, in their order."""
    return [UUID(one) for one in joined.split(",")] if joined else []


def secrets_of(cipher: FieldCipher, complaint_id: UUID, key: str) -> list[str]:
    """The secret that goes with a number, made from the filing's own key under every key of ours, newest first.

    Ten characters that nobody stores: they can be told again to whoever files the same under the same key.
    """
    made = cipher.blind_indexes(f"{complaint_id}:{key}", context=_GIVEN)
    return [base64.b32encode(one[:_SECRET_BYTES]).decode("ascii")[:_SECRET_LENGTH] for one in made]


def access_index(cipher: FieldCipher, number: str, secret: str) -> bytes:
    """What is stored of number and secret together."""
    return cipher.blind_index(_access(number, secret), context=_ACCESS)


def access_indexes(cipher: FieldCipher, number: str, secret: str) -> list[bytes]:
    """The same under every key, for looking it up."""
    return cipher.blind_indexes(_access(number, secret), context=_ACCESS)


def _access(number: str, secret: str) -> str:
    return f"{number}:{secret.replace('-', '')}"


def _context(complaint_id: UUID) -> str:
    return f"casework.complaint.complainant:{complaint_id}"
