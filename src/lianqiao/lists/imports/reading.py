"""A workbook as the engine's reader tells it, opened in a bounded process; what it told is kept beside the upload."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianqiao.core import bounded
from lianqiao.core.refusals import Refused
from lianqiao.registry.uploads import TOKEN, uploads

PROGRAM = "lianqiao_engine.sheets"
MEMORY = 512 * 1024**2
# Of processor time. What is known to be bad is refused in a second; 200,000 good rows take some.
SECONDS = 30
BAD = 2
LINES = '{"lines"'
LARGEST_FILE = 50 * 1024**2
LONGEST_NAME = 60
REASONS: dict[str, str | Promise] = {
    "not a workbook": _("这个文件不是 Excel、WPS 表格、ODS 或 CSV，请另存为 .xlsx 后再上传。"),
    "password": _("工作簿设有密码，请先取消密码再上传。"),
    "damaged": _("工作簿已损坏，请用 Excel 或 WPS 打开并另存后再上传。"),
    "document type": _("工作簿里带有外部文档定义，不能读取；请用 Excel 或 WPS 另存后再上传。"),
    "too large": _("工作簿展开后过大，请分成几份上传。"),
    "too many rows": _("超过 20 万行，请分成几份上传。"),
    "too many columns": _("超过 200 列，请删去无关的列。"),
    "cell too long": _("有单元格超过 32767 个字。"),
    "encoding": _("文件既不是 UTF-8 也不是 GB18030 编码，请另存为 CSV UTF-8 后再上传。"),
    "web page": _("这个文件是网页，只是用了表格的扩展名；请用 Excel 或 WPS 打开并另存为 .xlsx。"),
    "nothing in it": _("文件是空的。"),
    "upload gone": _("上传的文件已不在（只保留一天），请重新上传。"),
}


class Unreadable(Refused):
    """`code` is a key of `REASONS`."""

    status = 422

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code

    def __str__(self) -> str:
        return str(REASONS[self.code])


@dataclass
class Book:
    """What was read: `sheets` as the reader understood them, what it remarked, and its lines one by one."""

    sheets: list[dict[str, Any]] = field(default_factory=list)
    remarks: list[list[Any]] = field(default_factory=list)
    told: Path = Path()
    count: int = 0

    def pieces(self) -> Iterator[dict[str, Any]]:
        with self.told.open(encoding="utf-8", errors="surrogatepass") as told:
            for text in told:
                if text.startswith(LINES):
                    yield json.loads(text)["lines"]


def read(token: str, name: str, *, today: date, remembered: dict[str, Any]) -> Book:
    """Raises Unreadable."""
    told = uploads() / f"{token}.told"
    with told.open("wb") as out:
        run("read", token, name, today.isoformat(), json.dumps(remembered, ensure_ascii=False), out=out)
    return again(token)


def again(token: str) -> Book:
    """What the last `read` told. Raises Unreadable."""
    book = Book(told=uploads() / f"{token}.told")
    try:
        with book.told.open(encoding="utf-8", errors="surrogatepass") as told:
            for text in told:
                if text.startswith('{"sheet"'):
                    book.sheets.append(json.loads(text)["sheet"])
                elif text.startswith('{"remark"'):
                    book.remarks.append(json.loads(text)["remark"])
                elif text.startswith(LINES):
                    book.count += len(json.loads(text)["lines"]["rows"])
    except FileNotFoundError as error:
        raise Unreadable("upload gone") from error
    return book


def cells(token: str, name: str) -> Iterator[dict[str, Any]]:
    """Sheets and rows as they stand. Raises Unreadable."""
    told = uploads() / f"{token}.cells"
    with told.open("wb") as out:
        run("cells", token, name, out=out)
    with told.open(encoding="utf-8", errors="surrogatepass") as lines:
        yield from map(json.loads, lines)
    told.unlink()


def run(verb: str, token: str, name: str, *more: str, out: BinaryIO) -> None:
    upload = uploads() / token
    if not TOKEN.fullmatch(token) or not upload.exists():
        raise Unreadable("upload gone")
    with TemporaryDirectory() as folder:
        # A .csv has no name of its sheet but its own.
        file = Path(folder, named(name))
        file.symlink_to(upload)
        done = bounded.opened(PROGRAM, verb, str(file), *more, out=out, memory=MEMORY, seconds=SECONDS)
    if done.returncode:
        raise Unreadable(why(done, out.name))


def named(name: str) -> str:
    return PurePath(name.replace("\0", "").replace("\\", "/")).name[-LONGEST_NAME:].lstrip(".") or "sheet"


def why(done: "subprocess.CompletedProcess[bytes]", told: str) -> str:
    """It said so itself, or the system ended it for what it asked for."""
    if done.returncode == BAD:
        last = Path(told).read_text(encoding="utf-8", errors="surrogatepass").splitlines()[-1]
        code = str(json.loads(last)["refused"])
        return code if code in REASONS else "damaged"
    return "too large"
