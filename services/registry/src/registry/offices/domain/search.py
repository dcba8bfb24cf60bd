"""What people type to find an office, and what an office is found by. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from registry.offices.naming_data import PLACE_READINGS, TAIL_WORDS

CODE_DIGITS = 12
HOME = "44"
"""With this begin the codes of all divisions of the register (Guangdong); other digits can only begin a USCC."""


class WordKind(StrEnum):
    """As what a typed word is looked for."""

    NAME = "name"
    CHARACTER = "character"
    READING = "reading"
    CODE = "code"
    USCC = "uscc"


@dataclass(frozen=True, slots=True)
class Word:
    """One typed word; an office has to answer to all of them."""

    kind: WordKind
    text: str


def words_of(typed: str) -> tuple[Word, ...]:
    """What the typed words mean: digits a division (or a USCC), letters a reading or its initials, else the name.

    Full-width letters and digits count as plain ones, capitals as small ones, ü as v, and an apostrophe between
    syllables as nothing (xi'an).

    Source: O4.2b.
    """
    return tuple(_word(one) for one in typed.split())


def _word(typed: str) -> Word:
    plain = unicodedata.normalize("NFKC", typed).lower().replace("ü", "v")
    if re.fullmatch(r"[0-9]+", plain):
        is_code = len(plain) <= CODE_DIGITS and plain[:2] == HOME[: len(plain)]
        return Word(WordKind.CODE if is_code else WordKind.USCC, plain)
    if re.fullmatch(r"[a-z]+(?:['’][a-z]+)*", plain):
        return Word(WordKind.READING, re.sub(r"['’]", "", plain))
    if re.fullmatch(r"[0-9a-z]+", plain):
        return Word(WordKind.USCC, plain.upper())
    return Word(WordKind.CHARACTER if len(typed) == 1 else WordKind.NAME, typed)


def local_reading(name: str, syllables: Sequence[str]) -> list[str]:
    """The syllables of a name, corrected where Guangdong reads a place name in another way.

    Source: O4.2b.

    Args:
        syllables: one for each character of the name.
    """
    read = list(syllables)
    for place in PLACE_READINGS:
        at = name.find(place.text)
        while at >= 0:
            read[at : at + len(place.text)] = place.syllables
            at = name.find(place.text, at + len(place.text))
    return read


def search_terms(name: str, readings: Iterable[Sequence[str]]) -> list[str]:
    """What a reading of the name may begin with: from any character of the place, from any word of the rest.

    Found by the beginning of a term, so `heping`, `hepingzh`, `pingzhen`, `hpz`, `fws` all find 和平镇…服务所.

    Source: O4.2b.

    Args:
        readings: of the whole name, one syllable for each character; both the local and the common one.
    """
    terms = set()
    for read in readings:
        for at in _starts(name):
            terms |= {"".join(read[at:]), "".join(syllable[:1] for syllable in read[at:])}
    return sorted(terms - {""})


def _starts(name: str) -> list[int]:
    first = min((name.find(word) for word in TAIL_WORDS if name.find(word) > 0), default=len(name))
    tail = {name.rfind(word) for word in TAIL_WORDS} - {-1}
    return sorted(set(range(first)) | tail)
