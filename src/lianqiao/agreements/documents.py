"""An agreement as a Word document, and templates that people uploaded: both in a process of their own."""

import json
import subprocess
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import Any, BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianqiao.agreements.defaults import defaults_of
from lianqiao.agreements.fields import LISTS, OF_PARTY, OWN, REQUIRED, SIDES, Field, every_name
from lianqiao.agreements.library import asks_of
from lianqiao.agreements.models import AgreementTemplate, AgreementVersion
from lianqiao.agreements.text import values_for_word
from lianqiao.agreements.word.making import made
from lianqiao.core import bounded
from lianqiao.core.refusals import Refused
from lianqiao.lists.files import OFFICE_XML, check_office_file

DOCX = f"{OFFICE_XML}wordprocessingml.document"
CHECKING, FILLING = "lianqiao.agreements.word.checking", "lianqiao.agreements.word.filling"
MEMORY, SECONDS = 512 * 1024**2, 20
PARTS: dict[str, str | Promise] = {
    "document": _("正文"),
    "table": _("表格"),
    "header": _("页眉"),
    "footer": _("页脚"),
    "footnotes": _("脚注"),
}
# What a person does about it stands in each sentence.
PROBLEMS: dict[str, str | Promise] = {
    "unknown_field": _("没有“%(what)s”这个字段，请对照字段表改正。"),
    "missing": _("缺少“%(what)s”，没有它就不成协议，请从默认模板里照抄过来。"),
    "unclosed": _("字段的花括号没有成对：%(what)s"),
    "wide_brackets": _("“%(what)s”用了全角括号，请改成英文的 {{ 和 }}。"),
    "two_in_a_paragraph": _("一段里只能有一个循环或条件标记，请分成几段。"),
    "text_beside_tag": _("循环或条件标记要单独成段，这一段里还有别的文字：%(what)s"),
    "no_such_list": _("不能对“%(what)s”循环，只能对条款、段落和签署方循环。"),
    "list_as_field": _("“%(what)s”是一组内容，要用循环逐个写出。"),
    "not_allowed": _("这里有不能用的写法（%(what)s），模板里只能用字段、条件和循环。"),
    "broken": _("标记写错了，多半是循环或条件没有结尾（endfor、endif）。"),
    "cannot_be_filled": _("试填时出错（%(what)s），请从默认模板重新改起。"),
    "active_content": _("文件里带有宏、控件或嵌入对象（%(what)s），请另存为不带这些内容的 .docx。"),
    "outside_content": _("文件引用了文件之外的内容（%(what)s），请删去后再上传。"),
    "too_large": _("文件展开后过大。"),
    "unreadable": _("文件打不开，请用 Word 或 WPS 另存为 .docx 再上传。"),
}


class NotFilled(Refused):
    code = "not_filled"
    sentence = _("用这个模板不能生成文档，请管理处检查模板。")


@dataclass(frozen=True)
class Flaw:
    """One thing that is wrong in a template, and where."""

    code: str
    what: str = ""
    part: str = ""
    paragraph: int = 0
    text: str = ""

    def __str__(self) -> str:
        return str(PROBLEMS[self.code]) % {"what": self.what}

    @property
    def place(self) -> str:
        return str(PARTS.get(self.part, ""))


@dataclass(frozen=True)
class Report:
    fields: list[str] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.flaws


def checked_template(name: str, content: bytes, kind: str) -> Report:
    """Raises WrongFile where it is no .docx at all, or brings macros."""
    check_office_file(name, "word/", content)
    run = ran(CHECKING, BytesIO(content), {"words": words_of(kind), "required": REQUIRED})
    if run.returncode:
        return Report(flaws=[Flaw("unreadable")])
    told = json.loads(run.stdout)
    return Report(told["fields"], [flaw_of(each) for each in told["problems"]])


def flaw_of(told: dict[str, Any]) -> Flaw:
    return Flaw(told["code"], told["what"], **(told["place"] or {}))


def word_of(
    template: AgreementTemplate | None, kind: str, version: AgreementVersion, fields: dict[str, Field]
) -> bytes:
    """The version in the office's template, or in the product's. Raises NotFilled."""
    content = default_template() if template is None else content_of(template)
    values = dict.fromkeys(every_name(asks_of(kind)), "") | values_for_word(version.clauses, fields)
    run = ran(FILLING, BytesIO(content), {"words": words_of(kind), "values": values})
    if run.returncode:
        raise NotFilled
    return run.stdout


def content_of(template: AgreementTemplate) -> bytes:
    with template.file.open("rb") as file:
        return bytes(file.read())


def default_template() -> bytes:
    return made(defaults_of("document")["lines"])


def words_of(kind: str) -> dict[str, Any]:
    return {"fields": sorted(every_name(asks_of(kind))), "lists": LISTS}


def clause_fields(kind: str) -> dict[str, list[str]]:
    """What may stand in a clause of this kind, by what it is about."""
    sides = [name for side in SIDES[:3] for name in (side, *(side + each for each in OF_PARTY.values()))]
    return {"own": list(OWN.values()), "parties": sides, "asked": asks_of(kind)}


def field_table(kind: str) -> dict[str, list[str]]:
    """The same for a template, which has the lists too."""
    return clause_fields(kind) | {name: [name, *items] for name, items in LISTS.items()}


def ran(program: str, content: BinaryIO, beside: dict[str, Any]) -> subprocess.CompletedProcess[bytes]:
    """A file handle of its own carries the content: a pipe would fill up before the other side reads."""
    with NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as facts, TemporaryFile() as file:
        json.dump(beside, facts, ensure_ascii=False)
        facts.flush()
        file.write(content.read())
        file.seek(0)
        return bounded.opened(program, facts.name, file=file, memory=MEMORY, seconds=SECONDS)


def file_name(title: str, number: str, suffix: str) -> str:
    """Without what a file system minds."""
    kept = "".join(
        "_" if character in '\\/:*?"<>|' else character for character in f"{number} {title}".strip()
    )
    return f"{Path(kept).name[:100]}.{suffix}"
