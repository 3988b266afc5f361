"""A workbook as the engine's reader tells it, opened in a bounded process; what it told is kept beside the upload."""

import json
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
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
LINES = b'{"lines"'
MOMENT = 0.02
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


Reader = Future["subprocess.CompletedProcess[bytes]"]


@dataclass
class Book:
    """What was read: `sheets` as the reader understood them, what it remarked, and its lines one by one."""

    told: Path
    # While it still tells.
    reader: Reader | None = None
    sheets: list[dict[str, Any]] = field(default_factory=list)
    remarks: list[list[Any]] = field(default_factory=list)

    def take_head(self) -> None:
        for text in self.lines():
            if text.startswith(LINES):
                break
            one = json.loads(text)
            if "sheet" in one:
                self.sheets.append(one["sheet"])
            elif "remark" in one:
                self.remarks.append(one["remark"])

    def pieces(self) -> Iterator[dict[str, Any]]:
        """Raises Unreadable where the reader fails before its end."""
        for text in self.lines():
            if text.startswith(LINES):
                yield json.loads(text)["lines"]

    def lines(self) -> Iterator[bytes]:
        """Each as soon as it is told in full."""
        with self.told.open("rb") as told:
            begun = b""
            while True:
                is_over = self.reader is None or self.reader.done()
                for text in told:
                    begun += text
                    if begun.endswith(b"\n"):
                        yield begun
                        begun = b""
                if is_over:
                    break
                time.sleep(MOMENT)
        if self.reader and (done := self.reader.result()).returncode:
            raise Unreadable(why(done, self.told))


@contextmanager
def read(token: str, name: str, *, today: date, remembered: dict[str, Any]) -> Iterator[Book]:
    """The workbook, to be read along while its reader is at it. Raises Unreadable, as does reading along."""
    told = uploads() / f"{token}.told"
    more = today.isoformat(), json.dumps(remembered, ensure_ascii=False)
    with told.open("wb") as out, at_work("read", token, name, *more, out=out) as reader:
        book = Book(told, reader)
        book.take_head()
        yield book


def again(token: str) -> Book:
    """What the last `read` told. Raises Unreadable."""
    book = Book(uploads() / f"{token}.told")
    try:
        book.take_head()
    except FileNotFoundError as error:
        raise Unreadable("upload gone") from error
    return book


def cells(token: str, name: str) -> Iterator[dict[str, Any]]:
    """Sheets and rows as they stand. Raises Unreadable."""
    told = uploads() / f"{token}.cells"
    with told.open("wb") as out, at_work("cells", token, name, out=out) as reader:
        yield from map(json.loads, Book(told, reader).lines())
    told.unlink()


@contextmanager
def at_work(verb: str, token: str, name: str, *more: str, out: BinaryIO) -> Iterator[Reader]:
    upload = uploads() / token
    if not TOKEN.fullmatch(token) or not upload.exists():
        raise Unreadable("upload gone")
    with TemporaryDirectory() as folder, ThreadPoolExecutor(1) as beside:
        # A .csv has no name of its sheet but its own.
        file = Path(folder, named(name))
        file.symlink_to(upload)
        yield beside.submit(
            bounded.opened, PROGRAM, verb, str(file), *more, out=out, memory=MEMORY, seconds=SECONDS
        )


def named(name: str) -> str:
    return PurePath(name.replace("\0", "").replace("\\", "/")).name[-LONGEST_NAME:].lstrip(".") or "sheet"


def why(done: "subprocess.CompletedProcess[bytes]", told: Path) -> str:
    """It said so itself, or the system ended it for what it asked for."""
    if done.returncode == BAD:
        last = told.read_text(encoding="utf-8", errors="surrogatepass").splitlines()[-1]
        said = str(json.loads(last)["refused"])
        return said if said in REASONS else "damaged"
    return "too large"
