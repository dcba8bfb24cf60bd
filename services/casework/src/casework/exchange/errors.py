"""What can end an exchange."""

from common.errors import NotFound, Rejected


class DocumentInvalid(Rejected):
    """A document does not fit the schema of its form, or holds no case."""

    code = "casework.exchange.document-invalid"
    title = "交换文件不符合标准"


class NothingToExport(NotFound):
    """None of the cases asked for exists or may be seen."""

    code = "casework.exchange.nothing-to-export"
    title = "没有可以导出的办件"


class ImportRefused(Rejected):
    """Some documents of a file cannot become cases; none of them does then."""

    code = "casework.exchange.import-refused"
    title = "文件中有不能导入的办件，全部未导入"
