"""The words of a circular: where its placeholders stand, what they mean, and whether they may stand there. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from common.contracts.reporting.circulars import AttachmentState, BlockState, QueryState, WordsState
from reporting.circulars.domain.snapshot import Number
from reporting.circulars.errors import PlaceholderEmpty, PlaceholderUnknown, QueryUnknown, SecretDocument

_PLACEHOLDER = re.compile(r"\{\{\s*(n\.([a-z0-9]+(?:-[a-z0-9]+)*)\.[1-9][0-9]{11}(?:\.[a-z][a-z_-]*)?)\s*\}\}")
_BRACES = re.compile(r"\{\{[^}]*\}*|\{%[^%]*%?\}?|\}\}|%\}|\{#")


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of a circular, and where it stands, for people."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A number that the text tells."""

    place: str
    number: Number


def passages_of(words: WordsState) -> Iterator[Passage]:
    """Every text that may hold placeholders.

    Source: O6.3b.
    """
    yield Passage("标题", words.title)
    yield from _of_blocks("正文", words.blocks)
    for position, attachment in enumerate(words.attachments, 1):
        yield Passage(f"附件{position}标题", attachment.title)
        yield from _of_blocks(f"附件{position}", attachment.blocks)
    if words.note is not None:
        yield Passage("附注", words.note)


def require_form(words: WordsState, queries: tuple[QueryState, ...]) -> None:
    """Every placeholder and every table names a query of the circular; nothing in it is a state secret.

    The title holds none: it names the circular in lists, in dispatches and in corrections.

    Source: O6.3b; standards.md §9 (GB/T 9704-2012).

    Raises:
        PlaceholderUnknown, QueryUnknown: with the place.
        SecretDocument: every state of a circular is told to other offices by the platform, so secrets have no place.
    """
    codes = {query.code for query in queries}
    for passage in passages_of(words):
        for name, code in _names_in(passage):
            if code not in codes or passage.text is words.title:
                raise PlaceholderUnknown(place=passage.place, placeholder=name)
    for blocks in (words.blocks, *(attachment.blocks for attachment in words.attachments)):
        for block in blocks:
            if block.kind == "table" and block.text not in codes:
                raise QueryUnknown(query=block.text)
    if any(mark is not None for mark in (words.secrecy, words.secrecy_years, words.copy_number)):
        raise SecretDocument


def links_of(words: WordsState, numbers: Mapping[str, Number]) -> list[Link]:
    """Every number that the text tells, in the order in which it stands there.

    Source: O6.3b.

    Raises:
        PlaceholderUnknown, PlaceholderEmpty: with the place.
    """
    found = []
    for passage in passages_of(words):
        for name, _ in _names_in(passage):
            number = numbers.get(name)
            if number is None:
                raise PlaceholderUnknown(place=passage.place, placeholder=name)
            if number.cell.value is None:
                raise PlaceholderEmpty(place=passage.place, placeholder=name)
            found.append(Link(passage.place, number))
    return found


def filled(words: WordsState, numbers: Mapping[str, Number]) -> WordsState:
    """The words with their numbers.

    Source: O6.3b.

    Raises:
        PlaceholderUnknown, PlaceholderEmpty: with the place.
    """
    links_of(words, numbers)
    changes = {
        "title": _fill(words.title, numbers),
        "blocks": _fill_blocks(words.blocks, numbers),
        "attachments": tuple(
            AttachmentState(title=_fill(one.title, numbers), blocks=_fill_blocks(one.blocks, numbers))
            for one in words.attachments
        ),
        "note": None if words.note is None else _fill(words.note, numbers),
    }
    return words.model_copy(update=changes)


def _names_in(passage: Passage) -> Iterator[tuple[str, str]]:
    """(name, query) of each placeholder; braces that are no placeholder are refused."""
    rest = _PLACEHOLDER.sub("", passage.text)
    if stray := _BRACES.search(rest):
        raise PlaceholderUnknown(place=passage.place, placeholder=stray.group()[:100])
    for found in _PLACEHOLDER.finditer(passage.text):
        yield found.group(1), found.group(2)


def _of_blocks(where: str, blocks: tuple[BlockState, ...]) -> Iterator[Passage]:
    for position, block in enumerate(blocks, 1):
        if block.kind != "table":
            yield Passage(f"{where}第{position}段", block.text)


def _fill(text: str, numbers: Mapping[str, Number]) -> str:
    return _PLACEHOLDER.sub(lambda found: numbers[found.group(1)].cell.value or "", text)


def _fill_blocks(blocks: tuple[BlockState, ...], numbers: Mapping[str, Number]) -> tuple[BlockState, ...]:
    return tuple(
        block if block.kind == "table" else BlockState(kind=block.kind, text=_fill(block.text, numbers))
        for block in blocks
    )
