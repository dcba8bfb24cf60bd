"""How a person is sealed, found and named by a pseudonym."""

import hashlib
import hmac
import json
import stat
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from common.crypto import FieldCipher, normalised
from registry.staff.domain import Person, ServiceTerm
from registry.staff.errors import PersonKeyRefused
from registry.staff.models import StaffPerson

INDEX_CONTEXT = "registry.staff_person.id_number"
KEY_BYTES_MIN = 32
_KEY_BYTES_MAX = 4096
_DISTINCT_BYTES_MIN = 8
_PURPOSE = b"jiceng.registry.person-pseudonym.v1\0"
_FINGERPRINT_PURPOSE = b"jiceng.registry.person-pseudonym-key.v1"
_OPEN_TO_OTHERS = stat.S_IRWXO | stat.S_IWGRP


@dataclass(frozen=True, slots=True)
class PseudonymKey:
    """The province's key: every site of the province has the same bytes. Source: O1.4g.

    The hash is HMAC-SHA-256 whatever the site's own suite is: with two hashes in one province nobody would be found
    twice, and nothing would tell.
    """

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Raises PersonKeyRefused where the bytes cannot be random ones of the length."""
        is_long = KEY_BYTES_MIN <= len(self.secret) <= _KEY_BYTES_MAX
        if not is_long or len(set(self.secret)) < _DISTINCT_BYTES_MIN:
            raise PersonKeyRefused("密钥应为32字节以上的随机数")

    @classmethod
    def load(cls, path: Path) -> "PseudonymKey":
        """Reads the file.

        Raises:
            PersonKeyRefused: it cannot be read, others may read it or its group write it, or it holds no such key.
        """
        try:
            mode, secret = path.stat().st_mode, path.read_bytes()
        except OSError:
            raise PersonKeyRefused("密钥文件无法读取") from None
        if mode & _OPEN_TO_OTHERS:
            raise PersonKeyRefused("密钥文件的权限过宽，应为0600或0440")
        return cls(secret)

    @property
    def fingerprint(self) -> str:
        """Tells whether two sites have the same key, and nothing else of it."""
        return hmac.new(self.secret, _FINGERPRINT_PURPOSE, hashlib.sha256).hexdigest()[:16]

    def pseudonym_of(self, id_number: str) -> str:
        """64 hexadecimal digits, equal for one person in the whole province.

        Source: O1.4g.
        """
        return hmac.new(self.secret, _PURPOSE + normalised(id_number).encode(), hashlib.sha256).hexdigest()


class PersonVault:
    """Seals and opens persons; the only place that has both keys."""

    def __init__(self, cipher: FieldCipher, key: PseudonymKey) -> None:
        self._cipher = cipher
        self._key = key

    def pseudonym_of(self, id_number: str) -> str:
        """The province's name for the person with this number."""
        return self._key.pseudonym_of(id_number)

    def indexes_of(self, id_number: str) -> list[bytes]:
        """What the number looks like in the table, under every key."""
        return self._cipher.blind_indexes(id_number, context=INDEX_CONTEXT)

    def seal(self, person_id: UUID, version: int, person: Person) -> dict[str, Any]:
        """The person as values of a row."""
        return {
            "id": person_id,
            "version": version,
            "pseudonym": self.pseudonym_of(person.id_number),
            "id_number_index": self._cipher.blind_index(person.id_number, context=INDEX_CONTEXT),
            "id_number": self._sealed("id_number", person_id, person.id_number),
            "name": self._sealed("name", person_id, person.name),
            "phone": None if person.phone is None else self._sealed("phone", person_id, person.phone),
            "qualifications": self._sealed("qualifications", person_id, _to_json(person)),
        }

    def open(self, row: StaffPerson) -> Person:
        """The person in clear.

        Raises:
            CiphertextRefused: a field was moved here from another row, altered, or written under an unknown key.
        """
        told = json.loads(self._opened("qualifications", row.id, row.qualifications))
        return Person(
            name=self._opened("name", row.id, row.name),
            id_number=self._opened("id_number", row.id, row.id_number),
            phone=None if row.phone is None else self._opened("phone", row.id, row.phone),
            education=told["education"],
            certificates=tuple(told["certificates"]),
            service_terms=tuple(_term(term) for term in told["service_terms"]),
        )

    def _sealed(self, name: str, person_id: UUID, text: str) -> bytes:
        return self._cipher.encrypt(text, context=_context(name, person_id))

    def _opened(self, name: str, person_id: UUID, sealed: bytes) -> str:
        return self._cipher.decrypt(sealed, context=_context(name, person_id))


def _context(name: str, person_id: UUID) -> str:
    return f"registry.staff_person.{name}:{person_id}"


def _to_json(person: Person) -> str:
    terms = [
        {
            "group": term.group,
            "starts_on": term.starts_on.isoformat(),
            "ends_on": term.ends_on.isoformat(),
            "certificate": term.certificate,
        }
        for term in person.service_terms
    ]
    told = {"education": person.education, "certificates": list(person.certificates), "service_terms": terms}
    return json.dumps(told, ensure_ascii=False)


def _term(told: dict[str, str]) -> ServiceTerm:
    days = (date.fromisoformat(told["starts_on"]), date.fromisoformat(told["ends_on"]))
    return ServiceTerm(told["group"], *days, certificate=told["certificate"])
