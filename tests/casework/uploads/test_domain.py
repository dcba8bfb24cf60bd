"""Which files are taken: known by their content, measured before anything is made of them."""

import contextlib
import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.uploads.domain import MEDIA_TYPES, Limits, inspect_file, kind_of_media_type
from casework.uploads.errors import (
    FileDamaged,
    FileEmpty,
    FileTooLarge,
    FileTypeMismatch,
    FileTypeRefused,
    FileUnsafe,
)
from common.errors import DomainError

LIMITS = Limits(bytes_=3_000_000, pixels=1_000_000, entries=50, unfolded_bytes=5_000_000, ratio=100)


def inspect(content: bytes, declared: str = "docx") -> str:
    return inspect_file(io.BytesIO(content), declared=declared, limits=LIMITS)


def test_every_kind_is_known_by_its_content(files) -> None:
    """O4.2b: materials of an application that is made online."""
    for kind, content in files.good.items():
        assert inspect(content, kind) == kind


def test_what_is_declared_must_be_what_it_is(files) -> None:
    for kind, content in files.good.items():
        for declared in files.good.keys() - {kind}:
            with pytest.raises(FileTypeMismatch) as caught:
                inspect(content, declared)
            assert caught.value.clause == "O4.2b"


def test_a_media_type_is_read_without_its_parameters() -> None:
    for kind, media_type in MEDIA_TYPES.items():
        assert kind_of_media_type(f"{media_type.upper()}; charset=binary") == kind
    for refused in (None, "", "application/octet-stream", "text/html", "image/svg+xml", "application/pdfx"):
        with pytest.raises(FileTypeRefused):
            kind_of_media_type(refused)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", FileEmpty),
        (b"%PDF-1.7\n" + b"x" * 3_000_000, FileTooLarge),
        (b"<html><script>alert(1)</script></html>", FileTypeRefused),
        (b"MZ\x90\x00", FileTypeRefused),
        (b"GIF89a", FileTypeRefused),
        (b"\x00%PDF-1.7 %%EOF", FileTypeRefused),
        (b"%PDF-1.7\nno end", FileDamaged),
        (b"\xff\xd8\xff", FileDamaged),
        (b"\xff\xd8\xff\xd9", FileDamaged),
        (b"\xff\xd8\xff\xe0\x00\x01", FileDamaged),
        (b"\xff\xd8\xff\xe0\x00\x04abXX", FileDamaged),
        (b"\xff\xd8" + b"\xff" * 5_000, FileDamaged),
        (b"\x89PNG\r\n\x1a\n", FileDamaged),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, FileDamaged),
        (b"PK\x03\x04", FileDamaged),
        (b"PK\x03\x04" + b"x" * 100 + b"PK\x05\x06" + b"\0" * 18, FileDamaged),
    ],
)
def test_what_is_no_file_of_these_kinds_is_refused(content, error) -> None:
    with pytest.raises(error):
        inspect(content)


def test_an_image_with_too_many_pixels_is_refused_by_its_head_alone(files) -> None:
    """A picture of a few hundred bytes may unfold to gigabytes in whoever shows it."""
    for content in (files.png(100_000, 100_000), files.jpeg(65_000, 65_000), files.jpeg(2_000, 501, frame=0xC2)):
        with pytest.raises(FileUnsafe) as caught:
            inspect(content, "png")
        assert caught.value.facts["reason"] == "pixels"
    for content in (files.png(0, 5), files.jpeg(5, 0)):
        with pytest.raises(FileDamaged):
            inspect(content, "png")
    assert inspect(files.jpeg(1_000, 1_000), "jpeg") == "jpeg"


def patched(content: bytes, signature: bytes, offset: int, value: bytes) -> bytes:
    """The archive with other bytes at an offset behind the last such signature."""
    at = content.rfind(signature) + offset
    return content[:at] + value + content[at + len(value) :]


def with_zip64_end(content: bytes, entries: int) -> bytes:
    """The archive with an end record that tells fewer entries, and one of ZIP64 that tells the true ones."""
    at = content.rfind(b"PK\x05\x06")
    _, _, _, _, true, length, offset, _ = struct.unpack("<4s4H2LH", content[at:])
    end = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, true, true, length, offset)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    told = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, entries, entries, length, at + len(end + locator) - length, 0)
    return content[:at] + end + locator + told


def bombs(files) -> dict[str, tuple[bytes, type[DomainError], str | None]]:
    """Archives that do harm, and how they are refused."""
    word = files.archive(files.word)
    many = files.word | {f"word/{number}": b"" for number in range(60)}
    false = files.archive(files.word | {"word/big": b"\0" * 2_000_000})
    nested = files.archive({"a.zip": files.archive({"b": b"\0" * 1000})})
    twice = io.BytesIO()
    with zipfile.ZipFile(twice, "w") as file:
        for name in files.word:
            file.writestr(name, b"x")
        with pytest.warns(UserWarning, match="Duplicate"):
            file.writestr("word/document.xml", b"x")
    return {
        "too many entries": (files.archive(many), FileUnsafe, "entries"),
        "more than it may unfold to": (files.archive(files.word | {"a": bytes(range(256)) * 24_000}), FileUnsafe, None),
        "a ratio that no document has": (files.archive(files.word | {"a": b"\0" * 4_000_000}), FileUnsafe, "ratio"),
        "many entries declared": (patched(word, b"PK\x05\x06", 8, b"\xff\xff\xff\xff"), FileUnsafe, "entries"),
        "counts that disagree": (patched(word, b"PK\x05\x06", 8, b"\x01\x00"), FileDamaged, None),
        "a directory that is too long": (patched(word, b"PK\x05\x06", 12, struct.pack("<L", 10**6)), FileUnsafe, None),
        "a size that is not true": (patched(false, b"PK\x01\x02", 24, struct.pack("<L", 10)), FileDamaged, None),
        "a checksum that is not true": (patched(word, b"PK\x01\x02", 16, b"\0\0\0\0"), FileDamaged, None),
        "an encrypted entry": (patched(word, b"PK\x01\x02", 8, b"\x01\x00"), FileUnsafe, "encrypted"),
        "a method that nobody knows": (patched(word, b"PK\x01\x02", 10, b"\x63\x00"), FileUnsafe, "encrypted"),
        "a name that leads out": (files.archive(files.word | {"../../etc/passwd": b"x"}), FileUnsafe, "names"),
        "a name that leads to the root": (files.archive(files.word | {"/etc/passwd": b"x"}), FileUnsafe, "names"),
        "a name with a drive": (files.archive(files.word | {"C:\\x": b"x"}), FileUnsafe, "names"),
        "macros": (files.archive(files.word | {"word/vbaProject.bin": b"x"}), FileUnsafe, "programmes"),
        "a programme": (files.archive(files.word | {"word/embeddings/a.EXE": b"x"}), FileUnsafe, "programmes"),
        "an entry twice": (twice.getvalue(), FileDamaged, None),
        "an archive in an archive": (nested, FileTypeRefused, None),
        "two kinds at once": (files.archive(files.word | files.excel), FileTypeRefused, None),
        "cut off": (word[:-5], FileDamaged, None),
        "something behind it": (word + b"x", FileDamaged, None),
        "nothing in it": (b"PK\x03\x04" + files.archive({}), FileDamaged, None),
        "an end record of ZIP64": (with_zip64_end(files.archive(many), 3), FileUnsafe, "zip64"),
        "a directory elsewhere": (patched(word, b"PK\x05\x06", 16, b"\0\0\0\0"), FileDamaged, None),
        "something before it": (b"PK\x03\x04" + word, FileDamaged, None),
    }


def test_an_archive_that_does_harm_is_refused(files) -> None:
    """Must show 6: upload bombs."""
    for name, (content, error, reason) in bombs(files).items():
        with pytest.raises(error) as caught:
            inspect(content)
        assert reason is None or caught.value.facts["reason"] == reason, name


TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def relation(kind: str, target: str, mode: str = "External") -> str:
    told = f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    return RELATIONS.format(told.replace(' TargetMode=""', ""))


@pytest.mark.parametrize(
    ("part", "content", "reason"),
    [
        ("[Content_Types].xml", '<Override PartName="/word/x.bin" ContentType="application/vnd.ms-office.vbaProject"/>',
         "programmes"),
        ("[Content_Types].xml", '<Default ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>',
         "programmes"),
        ("[Content_Types].xml", '<Override PartName="/a" ContentType="application/vnd.ms-office.activeX+xml"/>',
         "programmes"),
        ("word/_rels/document.xml.rels", relation("oleObject", "embeddings/o.bin", ""), "programmes"),
        ("word/_rels/document.xml.rels",
         relation("x", "harmless.bin", "").replace(f"{OFFICE}/x", "http://schemas.microsoft.com/office/2006/relationships/vbaProject"),
         "programmes"),
        ("word/_rels/settings.xml.rels", relation("attachedTemplate", "https://evil.example/t.dotm"), "elsewhere"),
        ("word/_rels/settings.xml.rels", relation("attachedTemplate", "file:///C:/t.dotx", ""), "elsewhere"),
        ("WORD/_RELS/SETTINGS.XML.RELS", relation("attachedTemplate", r"\\evil\t.dotx", ""), "elsewhere"),
        ("word/_rels/document.xml.rels", relation("image", "http://evil.example/a.png"), "elsewhere"),
        ("xl/_rels/workbook.xml.rels", relation("externalLink", "https://evil.example/b.xlsx"), "elsewhere"),
        ("word/_rels/document.xml.rels", '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>', "doctype"),
    ],
)  # fmt: skip
def test_macros_and_templates_are_known_by_what_the_parts_are_and_not_by_their_names(files, part, content, reason):
    """Must show 6, O4.2b: a macro under another name, a template that is fetched when the file is opened."""
    told = TYPES.format(content) if part.startswith("[") else content
    with pytest.raises(FileUnsafe) as caught:
        inspect(files.archive(files.word | {part: told.encode()}))
    assert caught.value.facts["reason"] == reason


def test_a_document_with_links_to_click_and_declarations_of_its_kind_is_taken(files) -> None:
    """O4.2b: a hyperlink leads away only when somebody follows it."""
    plain = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    made = files.word | {
        "[Content_Types].xml": TYPES.format(
            f'<Override PartName="/word/document.xml" ContentType="{plain}"/>'
        ).encode(),
        "word/_rels/document.xml.rels": relation("hyperlink", "https://hrss.gd.gov.cn/").encode(),
        "_rels/.rels": relation("officeDocument", "word/document.xml", "").encode(),
    }
    assert inspect(files.archive(made)) == "docx"
    with pytest.raises(FileDamaged):
        inspect(files.archive(made | {"_rels/.rels": b"<Relationships>"}))


@given(
    content=st.binary(max_size=400), head=st.sampled_from([b"", b"%PDF-", b"\xff\xd8\xff", b"PK\x03\x04", b"\x89PNG"])
)
def test_no_content_whatever_is_more_than_refused(content: bytes, head: bytes) -> None:
    with contextlib.suppress(DomainError):
        assert inspect(head + content) == "docx"


@given(at=st.integers(0, 10_000), turned=st.integers(1, 255))
def test_a_document_with_one_byte_turned_is_the_same_kind_or_refused(files, at: int, turned: int) -> None:
    content = bytearray(files.good["docx"])
    content[at % len(content)] ^= turned
    with contextlib.suppress(DomainError):
        assert inspect(bytes(content)) == "docx"
