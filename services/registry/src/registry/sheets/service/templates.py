"""Templates: the headers of a list, its columns explained, its codes with their labels."""

from collections.abc import Iterator, Sequence
from typing import IO

from common.clock import today
from common.workbooks import WorkbookWriter
from registry.sheets.domain.cells import Choice, Choices
from registry.sheets.domain.columns import headers_of, looks_of
from registry.sheets.service.importer import Importable

COMMON_NOTES = (
    "第1行是列名，请勿修改；列的次序可以变动。一个文件中只要有一处错误，全部不写入，请按错误清单改正后重新导入。",
    "区划代码、统一社会信用代码等长数字须为文本格式（模板已设置），否则末几位会丢失。",
    "有代码和名称两列的，填其中一列即可；两列都填时须一致。",
    "不得填写居民身份证号码等个人信息。",
)


def write_template(list_: Importable) -> IO[bytes]:
    """An empty sheet to be filled in, and a sheet of notes; blocking."""
    with WorkbookWriter(made_on=today()) as book:
        needed = [column.header for column in list_.columns if column.is_required]
        book.add_sheet(list_.title, headers_of(list_.columns), looks_of(list_.columns), needed=needed)
        book.add_notes("填表说明", _notes(list_), (24, 12, 60, 60))
        book.add_notes("代码表", _codes(list_), (24, 30, 40))
        return book.finish()


def _notes(list_: Importable) -> Iterator[Sequence[str]]:
    for note in (*list_.notes, *COMMON_NOTES):
        yield ("", "", note, "")
    yield ("列名", "是否必填", "填写方法", "说明")
    for column in list_.columns:
        must = "必填" if column.is_required else "只供查看" if column.is_shown_only else "可不填"
        hint = "见代码表" if isinstance(column.kind, Choice | Choices) else column.kind.hint
        yield (column.header, must, hint, column.help)


def _codes(list_: Importable) -> Iterator[Sequence[str]]:
    yield ("列名", "代码", "名称")
    for column in list_.columns:
        if isinstance(column.kind, Choice | Choices):
            for code, label in column.kind.labels.items():
                yield (column.header, code, label)
