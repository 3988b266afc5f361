"""A text as the engine understands it, opened in a bounded process."""

import json
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianqiao.core import bounded
from lianqiao.core.refusals import Refused

PROGRAM = "lianqiao_engine.capture"
MEMORY = 512 * 1024**2
SECONDS = 30  # of processor time; 200,000 characters take five
LARGEST_FILE = 20 * 1024**2
LONGEST_TEXT = 200_000
BAD = 2
REASONS: dict[str, str | Promise] = {
    "nothing in it": _("文件中没有文字。"),
    "too long": _("超过 20 万字，请分成几份。"),
    "too large": _("文件展开后过大，请分成几份，或只把文字复制过来。"),
    "not a text": _("这个文件不是文字文件，请存为 .docx 或 .txt，或把文字复制过来。"),
    "web page": _("这是网页文件，请把网页上的文字复制过来。"),
    "old word": _("这是旧格式的 Word 文件（.doc），请另存为 .docx 再上传。"),
    "pdf": _("这是 PDF 文件，请把里面的文字复制过来。"),
    "password": _("文件设有密码，请先取消密码再上传。"),
    "damaged": _("文件已损坏，请用 Word 或 WPS 打开并另存后再上传。"),
    "document type": _("文件里带有外部文档定义，不能读取；请用 Word 或 WPS 另存后再上传。"),
    "encoding": _("文字既不是 UTF-8 也不是 GB18030 编码，请另存为 UTF-8 后再上传。"),
}


class UnreadableText(Refused):
    """`code` is a key of `REASONS`."""

    status = 422

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code

    def __str__(self) -> str:
        return str(REASONS[self.code])


def read(content: bytes, *, known: list[tuple[str, str, str]], today: date) -> dict[str, Any]:
    """`text`, `found` and `readable` as the program tells them; `known` are (name, code, kind). Raises UnreadableText."""
    with NamedTemporaryFile() as file, TemporaryFile() as names:
        Path(file.name).write_bytes(content)
        names.write(json.dumps(known).encode())
        names.seek(0)
        done = bounded.opened(
            PROGRAM, file.name, today.isoformat(), file=names, memory=MEMORY, seconds=SECONDS
        )
    if done.returncode == BAD:
        code = str(json.loads(done.stdout)["refused"])
        raise UnreadableText(code if code in REASONS else "damaged")
    if done.returncode:
        raise UnreadableText("too large")
    told: dict[str, Any] = json.loads(done.stdout)
    return told
