"""Reads the committed divisions of Guangdong; needs neither Node nor a network."""

import csv
import gzip
import io
from importlib.resources import files

from common.divisions import Level
from registry.data.rows import DivisionKind, DivisionRow

FILE_NAME = "guangdong-2023.csv.gz"


def read_divisions() -> list[DivisionRow]:
    """All rows of the file, top level first and by code within a level, so that a parent precedes its children."""
    packed = files("registry.data").joinpath(FILE_NAME).read_bytes()
    text = io.StringIO(gzip.decompress(packed).decode("utf-8"), newline="")
    return [
        DivisionRow(line["code"], Level(line["level"]), line["name"], DivisionKind(line["kind"]))
        for line in csv.DictReader(text)
    ]
