"""All evidence of a project as one archive: an index workbook, and the files under their numbers.

It is sent while it is made: no copy of it lies anywhere, and no server holds it in memory.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import PurePath

from django.utils.formats import localize
from django.utils.translation import gettext as _

from lianqiao.core.spreadsheet import workbook
from lianqiao.projects.models import Evidence

BLOCK = 256 * 1024
# What no file system takes, and what would lead out of the folder.
UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


class Outlet(io.RawIOBase):
    """What the archive writes is taken away piece by piece; it cannot go back."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.length = 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.pieces.append(bytes(data))
        self.length += len(data)
        return len(data)

    def tell(self) -> int:
        return self.length

    def taken(self) -> bytes:
        found, self.pieces = b"".join(self.pieces), []
        return found


def pack(rows: list[Evidence]) -> Iterator[bytes]:
    names = dict(zip((row.pk for row in rows), names_of(rows), strict=True))
    outlet = Outlet()
    with zipfile.ZipFile(outlet, "w") as archive:
        archive.writestr(f"{_('佐证材料目录')}.xlsx", index(rows, names))
        yield outlet.taken()
        for row in rows:
            with archive.open(names[row.pk], "w") as inside, row.file.open("rb") as file:
                while block := file.read(BLOCK):
                    inside.write(block)
                    yield outlet.taken()
    yield outlet.taken()


def names_of(rows: Iterable[Evidence]) -> Iterator[str]:
    """`1-1-22-1 方案1套.pdf`; a name that is there already gets a number."""
    used: set[str] = set()
    for row in rows:
        wanted = UNSAFE.sub("_", f"{row.code} {row.name}".strip()).strip(". ") or str(row.pk)
        stem, suffix, number = PurePath(wanted).stem, PurePath(wanted).suffix, 1
        while wanted.lower() in used:
            number += 1
            wanted = f"{stem} ({number}){suffix}"
        used.add(wanted.lower())
        yield wanted


def index(rows: Iterable[Evidence], names: dict[int, str]) -> bytes:
    heads = [
        _("佐证编号"), _("佐证材料"), _("文件"), _("项目节点"), _("成果"), _("大小（字节）"),
        _("上传时间"), _("上传人"), _("指纹（SHA-256）"),
    ]  # fmt: skip
    table = (
        [
            row.code, PurePath(row.name).stem, names[row.pk], row.milestone.title if row.milestone else "",
            outcome_told(row), row.size, row.at, row.by_label, row.sha256,
        ]
        for row in rows
    )  # fmt: skip
    return workbook(_("佐证材料目录"), heads, table)


def outcome_told(row: Evidence) -> str:
    if row.outcome is None:
        return ""
    return f"{row.outcome.kind.label} {amount_told(row.outcome.amount)} {row.outcome.kind.unit_label}"


def amount_told(amount: object) -> str:
    """Without the noughts that nobody typed: 30, 12000.5."""
    text = f"{amount:f}"
    return str(localize(text.rstrip("0").rstrip(".") if "." in text else text))
