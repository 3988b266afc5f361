"""What an attached file is, told by its content: its name says what somebody wished it were."""

import zipfile
from io import BytesIO
from pathlib import PurePath

from django.utils.translation import gettext_lazy as _

from lianqiao.core.refusals import Refused

OFFICE_XML = "application/vnd.openxmlformats-officedocument."
TYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".docx": f"{OFFICE_XML}wordprocessingml.document",
    ".xlsx": f"{OFFICE_XML}spreadsheetml.sheet",
    ".pptx": f"{OFFICE_XML}presentationml.presentation",
    ".txt": "text/plain; charset=utf-8",
}
BEGINNINGS = {
    ".pdf": b"%PDF-",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
}
FOLDERS = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/"}
PART = b"PK\x01\x02"
MOST_PARTS = 5000


class WrongFile(Refused):
    code = "wrong_file"
    sentence = _("只能附 PDF、图片（PNG、JPG）、docx、xlsx、pptx 和 txt 文件；旧格式请先另存为新格式或 PDF。")


class OtherContent(WrongFile):
    code = "other_content"
    sentence = _("“%(name)s”的内容不是它的扩展名所说的那种文件，或文件已加密、已损坏。")


class HasMacros(WrongFile):
    code = "has_macros"
    sentence = _("“%(name)s”带有宏，请另存为不带宏的文件再上传。")


def type_of(name: str, content: bytes) -> str:
    """The content type. Raises WrongFile, OtherContent, HasMacros."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in TYPES:
        raise WrongFile
    if suffix in FOLDERS:
        check_office_file(name, FOLDERS[suffix], content)
    elif suffix == ".txt":
        if b"\0" in content or not is_utf8(content):
            raise OtherContent(name=name)
    elif not content.startswith(BEGINNINGS[suffix]):
        raise OtherContent(name=name)
    return TYPES[suffix]


def is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def check_office_file(name: str, folder: str, content: bytes) -> None:
    """By the names of its parts alone: nothing is unpacked. Raises OtherContent, HasMacros."""
    # Counted first: to list a million parts costs the memory of the whole server.
    if content.count(PART) > MOST_PARTS:
        raise OtherContent(name=name)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise OtherContent(name=name) from error
    if any(part.lower().endswith("vbaproject.bin") for part in parts):
        raise HasMacros(name=name)
    if "[Content_Types].xml" not in parts or not any(part.startswith(folder) for part in parts):
        raise OtherContent(name=name)
