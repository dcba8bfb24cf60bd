"""What can be wrong with a spreadsheet as a whole; what is wrong with its cells is told in the error sheet."""

from common.errors import Conflict, Invalid, NotFound, Unavailable


class FilterUnknown(Invalid):
    """The list knows no such filter: leaving it out silently would export too much."""

    code = "registry.sheet-filter-unknown"
    title = "该清单不支持此筛选条件"


class ListNotImportable(Invalid):
    """The list can be exported only."""

    code = "registry.sheet-not-importable"
    title = "该清单只能导出，不能导入"


class UploadMalformed(Invalid):
    """The request is no form with one file and the name of the list."""

    code = "registry.sheet-upload-malformed"
    title = "上传内容须为表单，含 list（清单名称）和 file（一个文件）"


class FileEmpty(Invalid):
    """There is nothing in the file."""

    code = "registry.sheet-file-empty"
    title = "文件为空"


class FileTooLarge(Invalid):
    """The file, or what it unpacks to, is larger than any sheet of this service."""

    code = "registry.sheet-file-too-large"
    title = "文件过大"


class FileEncrypted(Invalid):
    """Only its password opens it."""

    code = "registry.sheet-file-encrypted"
    title = "文件设有密码，请取消密码后再上传"


class FileOfOldFormat(Invalid):
    """An .xls of before 2007."""

    code = "registry.sheet-file-old-format"
    title = "文件是旧版 .xls 格式，请另存为 .xlsx 后再上传"


class FileNotXlsx(Invalid):
    """Something else, whatever its name says."""

    code = "registry.sheet-file-not-xlsx"
    title = "文件不是 .xlsx 工作簿"


class FileBroken(Invalid):
    """It begins like a workbook and cannot be read to the end."""

    code = "registry.sheet-file-broken"
    title = "文件已损坏，无法读取"


class ImportNotFound(NotFound):
    """No such import, or somebody else's."""

    code = "registry.sheet-import-not-found"
    title = "导入任务不存在"


class ImportWithoutErrors(Conflict):
    """Only a refused import has an error sheet."""

    code = "registry.sheet-import-without-errors"
    title = "该导入任务没有错误清单"


class ImportPurged(Conflict):
    """The file is kept for some days only."""

    code = "registry.sheet-import-purged"
    title = "上传的文件已过保存期并已清除，请重新导入"


class ExportsBusy(Unavailable):
    """This process writes as many sheets at once as it may."""

    code = "registry.sheet-exports-busy"
    title = "正在导出的清单较多，请稍后重试"
