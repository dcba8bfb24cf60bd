"""Files that are no sheets of ours: told by a stable code, nothing written, nothing of them unpacked to memory."""

import contextlib
import io
import struct
import time
import tracemalloc
import zipfile

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from common.errors import DomainError
from registry.sheets.domain.safety import MAX_FILE_BYTES, inspect_workbook, require_workbook
from registry.sheets.errors import FileBroken, FileEmpty, FileEncrypted, FileNotXlsx, FileOfOldFormat, FileTooLarge
from registry.sheets.service.reading import read_table

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def package(sheet: str | bytes, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A workbook of one sheet whose XML is this."""
    plain = io.BytesIO()
    book = xlsxwriter.Workbook(plain)
    book.add_worksheet("S")
    book.close()
    target = io.BytesIO()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(target, "w", compression) as parts:
        for name in source.namelist():
            parts.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else source.read(name))
    return target.getvalue()


def rows(inner: str) -> str:
    return f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{inner}</sheetData></worksheet>'


GOOD = package(
    rows('<row r="1"><c r="A1" t="inlineStr"><is><t>编号</t></is></c></row><row r="2"><c r="A2"><v>5</v></c></row>')
)


def lying(content: bytes) -> bytes:
    """The table of contents says that the sheet unpacks to ten bytes."""
    at = content.rindex(b"PK\x01\x02")
    return content[: at + 24] + struct.pack("<I", 10) + content[at + 28 :]


def bomb() -> bytes:
    """A quarter of a megabyte that unpacks to 256 megabytes."""
    return package(b"<worksheet>" + b" " * 4095 + b"x" * (256 * 1024 * 1024))


def test_the_bare_package_of_these_tests_is_a_sheet():
    table = read_table(GOOD, "S")
    assert (list(table.header), table.rows) == (["编号"], [(2, [5.0])])


FAR = "工作表"
BAD = {
    "nothing": (b"", FileEmpty),
    "a text": (b"id,name\n1,x\n", FileNotXlsx),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(200), FileNotXlsx),
    "an old .xls": (OLE + bytes(4096), FileOfOldFormat),
    "an encrypted workbook": (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600), FileEncrypted),
    "another zip": (package("<x/>").replace(b"xl/workbook.xml", b"yl/workbook.xml"), FileNotXlsx),
    "half a file": (GOOD[: len(GOOD) // 2], FileBroken),
    "a file with something behind it": (GOOD + b"more", FileBroken),
    "only the magic": (b"PK\x03\x04", FileBroken),
    "too many bytes": (GOOD + bytes(MAX_FILE_BYTES), FileTooLarge),
    "a broken stream": (GOOD.replace(GOOD[GOOD.index(b"sheet1.xml") + 12 :][:8], b"\xff" * 8, 1), FileBroken),
    "no xml": (package("no xml at all"), FileBroken),
    "unclosed xml": (package('<worksheet><sheetData><row r="1"><c r="A1"><v>1'), FileBroken),
    "a blank sheet": (package(rows("")), FileEmpty),
    "no header": (package(rows('<row r="3"><c r="A3"><v>1</v></c></row>')), FileEmpty),
    "the last row": (package(rows('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>')), FileTooLarge),
    "the last column": (package(rows('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>')), FileTooLarge),
    "the last column, other quotes": (package(rows("<row r='1'><c t='n'  r = 'XFD1'><v>1</v></c></row>")), FileTooLarge),
    "one column too many": (package(rows('<row r="1"><c r="CA1"><v>1</v></c></row>')), FileTooLarge),
    "one row too many": (package(rows('<row r="50000"><c r="A50000"><v>1</v></c></row>')), FileTooLarge),
    "a gap to slip through": (package(rows('<row r="1"><c r' + " " * 3_000_000 + '="XFD1"><v>1</v></c></row>')), FileBroken),
    "the same part twice": (GOOD.replace(b"xl/workbook.xml", b"xl/worksheets/s", 2), FileNotXlsx),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_sheet_is_refused(name):
    content, error = BAD[name]
    with pytest.raises(error):
        read_table(content, "S")


@pytest.mark.parametrize("is_lying", [False, True])
def test_a_file_that_unpacks_to_gigabytes_is_refused_in_little_memory(is_lying):
    content = lying(bomb()) if is_lying else bomb()
    assert len(content) < MAX_FILE_BYTES
    tracemalloc.start()
    began = time.perf_counter()
    with pytest.raises(FileTooLarge):
        inspect_workbook(content)
    seconds, (_, peak) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 32 * 1024 * 1024
    assert seconds < 20
    if not is_lying:
        with pytest.raises(FileTooLarge):
            require_workbook(content)


@settings(max_examples=150)
@given(st.data())
def test_a_file_with_any_bytes_changed_is_read_or_refused_and_never_worse(data):
    content = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(FileBroken, FileEmpty, FileTooLarge, FileNotXlsx, FileEncrypted, FileOfOldFormat):
        read_table(bytes(content), "S")


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(content):
    with pytest.raises(DomainError):
        require_workbook(content)
    with pytest.raises(DomainError):
        require_workbook(b"PK\x03\x04" + content)


def test_a_part_of_another_compression_is_refused():
    with pytest.raises(FileBroken):
        inspect_workbook(package(rows(""), zipfile.ZIP_BZIP2))


async def test_every_wrong_upload_is_a_clear_problem_and_leaves_nothing(clerk, small_desk, world):
    before = await clerk.counts()
    known = {
        "nothing": "registry.sheet-file-empty",
        "a text": "registry.sheet-file-not-xlsx",
        "an old .xls": "registry.sheet-file-old-format",
        "an encrypted workbook": "registry.sheet-file-encrypted",
        "another zip": "registry.sheet-file-not-xlsx",
        "half a file": "registry.sheet-file-broken",
        "too many bytes": "registry.sheet-file-too-large",
    }
    for name, code in known.items():
        answer = await clerk.upload(world.supervisor, "offices", BAD[name][0], file_name="机构.xlsx")
        assert (answer.status_code, answer.json()["code"]) == (400, code), name
    for name in ("the last row", "unclosed xml", "a blank sheet", "a broken stream"):
        job = await clerk.bring_in(world.supervisor, "offices", BAD[name][0])
        assert (job["state"], job["problem_code"]) == ("refused", BAD[name][1].code), name
        assert job["error_count"] == 0
    assert await clerk.counts() == before


async def test_wrong_requests_are_clear_problems(clerk, small_desk, world, tools):
    from common.testing.tokens import bearer

    url, sheet = "/registry/v1/sheets/imports", (await clerk.download("offices", division=world.HEPING_TOWN)).to_bytes()
    headers = {**bearer(world.supervisor), "Idempotency-Key": "k"}
    file = {"file": ("x.xlsx", sheet, tools.XLSX)}
    table = [
        ({"json": {"list": "offices"}}, 400, "registry.sheet-upload-malformed"),
        ({"data": {"list": "offices"}}, 400, "registry.sheet-upload-malformed"),
        ({"files": file}, 400, "registry.sheet-upload-malformed"),
        ({"data": {"list": "offices", "other": "x"}, "files": file}, 400, "registry.sheet-upload-malformed"),
        ({"data": {"list": "offices"}, "files": {**file, "file2": ("y", b"")}}, 400, "registry.sheet-upload-malformed"),
        ({"content": b"--x--", "headers": {"content-type": "multipart/form-data"}}, 400, "registry.sheet-upload-malformed"),
        ({"content": b"", "headers": {"content-type": "multipart/form-data; boundary=x"}}, 400, "registry.sheet-upload-malformed"),
        ({"data": {"list": "divisions"}, "files": file}, 400, "registry.sheet-not-importable"),
        ({"data": {"list": "小李"}, "files": file}, 400, "registry.sheet-not-importable"),
    ]  # fmt: skip
    for request, status, code in table:
        more = request.pop("headers", {})
        answer = await small_desk.client.post(url, headers={**headers, **more}, **request)
        assert (answer.status_code, answer.json()["code"]) == (status, code), request.keys()
    no_key = await small_desk.client.post(url, headers=bearer(world.supervisor), data={"list": "offices"}, files=file)
    assert (no_key.status_code, no_key.json()["code"]) == (428, "request.idempotency-key-required")
    nobody = await small_desk.client.post(url, headers={"Idempotency-Key": "k"}, data={"list": "offices"}, files=file)
    assert nobody.status_code == 401
    for actor in (world.clerk,):
        refused = await clerk.upload(actor, "offices", sheet)
        assert (refused.status_code, refused.json()["code"]) == (403, "auth.role-required")
    assert await small_desk.value("SELECT count(*) FROM sheet_imports") == 0
    large = await small_desk.client.post(url, headers=headers, content=bytes(MAX_FILE_BYTES + 200_000))
    assert (large.status_code, large.json()["code"]) == (413, "request.body-too-large")
    elsewhere = await small_desk.client.post("/registry/v1/offices", headers=headers, content=bytes(2 * 1024 * 1024))
    assert elsewhere.status_code == 413, "the larger limit is for uploads only"
