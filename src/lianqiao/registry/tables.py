"""Reading a reference table from a CSV or Excel file: every row checked, every problem told with its place."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianqiao.core import bounded
from lianqiao.core.refusals import Refused
from lianqiao.core.text import validate_plain
from lianqiao.registry import workbooks
from lianqiao.registry.models import Edition

Kind = Edition.Kind
LARGEST_FILE = 20 * 1024 * 1024
LARGEST_UNPACKED = 10 * LARGEST_FILE
MOST_ROWS = 200_000
MOST_PROBLEMS = 50
LONGEST = {"code": 20, "name": 160, "parent": 20, "level": 30}
# untranslated: what the heads of real tables say, in whatever language they were made
HEADS = {
    "code": "code 代码 编码 行业代码 专业代码 职业编码 职业代码 区划代码 行政区划代码",
    "name": "name 名称 行业名称 专业名称 职业名称 区划名称 单位名称 节日 说明",
    "level": "level 级别 层级 层次",
    "parent": "parent 上级 上级代码 父级代码",
    "date": "date 日期",
    "is_workday": "is_workday 工作日 是否工作日 是否上班",
}
MEANING = {word: name for name, words in HEADS.items() for word in words.split()}
# Columns of published tables that name the rows above: (code, name, level) from the top.
ABOVE = {
    Kind.MAJOR: [("category_code", "category", "category"), ("class_code", "class", "class")],
    Kind.OCCUPATION: [(name, "", name) for name in ("major_group", "mid_group", "small_group")],
}
# The level of a table's own rows, where the published file does not say it.
LOWEST = {Kind.OCCUPATION: "occupation"}
# Columns that may be there and are not needed.
PASSED_OVER = {
    Kind.INDUSTRY: {"section"},
    Kind.MAJOR: {"national_control", "edition", "provenance"},
    Kind.REGION: {"kind"},
    Kind.WORKDAYS: {"source"},
}
# untranslated: values of real tables, as above
YES = {"1", "true", "yes", "是", "工作日", "上班"}
# untranslated: values of real tables, as above
NO = {"0", "false", "no", "否", "休息", "放假"}


@dataclass(frozen=True)
class Row:
    code: str
    name: str
    parent: str = ""
    level: str = ""
    facts: dict[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where; row 1 is the line of heads, 0 the file as a whole."""

    row: int
    column: str
    code: str
    text: str | Promise

    def __str__(self) -> str:
        place = {"row": self.row, "column": self.column, "text": self.text}
        if not self.row:
            return str(self.text)
        return str(_("第 %(row)s 行“%(column)s”：%(text)s")) % place


class BadTable(Refused):
    """The file as a whole is refused; `problems` are the first of what is wrong in it."""

    code = "bad_table"
    sentence = _("文件有 %(count)s 处问题，没有导入任何内容。")
    status = 422

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(count=len(problems))
        self.problems = problems


def read_table(kind: str, name: str, content: bytes) -> list[Row]:
    """The rows of the file, with the rows above them that it names. Raises BadTable."""
    heads, lines = cells_of(name, content)
    return Reader(kind, heads).rows(lines)


def refuse(code: str, text: str | Promise, /, **facts: Any) -> BadTable:
    return BadTable([Problem(0, "", code, str(text) % facts if facts else text)])


def cells_of(name: str, content: bytes) -> tuple[list[str], Iterator[list[Any]]]:
    """The heads and, lazily, the lines below."""
    if len(content) > LARGEST_FILE:
        raise refuse("too_large", _("文件超过 %(limit)s MB。"), limit=LARGEST_FILE // 1024 // 1024)
    suffix = Path(name).suffix.lower()
    if suffix == ".xlsx":
        lines = excel_lines(content)
    elif suffix == ".csv":
        lines = iter(csv.reader(StringIO(decoded(content), newline="")))
    else:
        raise refuse("kind_of_file", _("只能导入 .csv 和 .xlsx 文件。"))
    try:
        heads = [str(head).strip().lower() for head in next(lines, [])]
    except csv.Error as error:
        raise refuse("not_csv", _("不是有效的 CSV 文件。")) from error
    if not any(heads):
        raise refuse("empty", _("文件是空的。"))
    return heads, lines


def decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refuse("encoding", _("文件既不是 UTF-8 也不是 GB18030 编码，请另存为 CSV UTF-8 后再导入。"))


def excel_lines(content: bytes) -> Iterator[list[Any]]:
    with TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        opened = bounded.opened(workbooks.__name__, str(LARGEST_UNPACKED), str(MOST_ROWS), file=file)
    if opened.returncode == workbooks.NOT_EXCEL:
        raise refuse("not_excel", _("无法打开此工作簿，请用 Excel 另存为 .xlsx 后再导入。"))
    if opened.returncode:
        # It said so itself, or the system ended it for what it asked for.
        raise refuse("too_large", _("工作簿展开后过大。"))
    return map(json.loads, opened.stdout.splitlines())


class Reader:
    """Turns the lines of one kind of table into rows; knows which columns that kind has."""

    def __init__(self, kind: str, heads: list[str]) -> None:
        self.kind = kind
        self.problems: list[Problem] = []
        self.columns: dict[str, int] = {}
        self.heads: dict[str, str] = {}  # what the file itself calls a column
        self.above = [levels for levels in ABOVE.get(Kind(kind), []) if levels[0] in heads]
        taken = {part for levels in self.above for part in levels[:2]} | PASSED_OVER.get(Kind(kind), set())
        for place, head in enumerate(heads):
            meaning = MEANING.get(head, head)
            if head and meaning not in MEANING.values() and meaning not in taken:
                self.problem(1, head, "unknown_head", _("不认识这一列，请删去或改名。"))
            elif head and meaning in self.columns:
                self.problem(1, head, "same_head", _("这一列出现了两次。"))
            elif head:
                self.columns[meaning], self.heads[meaning] = place, head
        for needed in ("date", "is_workday") if kind == Kind.WORKDAYS else ("code", "name"):
            if needed not in self.columns:
                self.problem(1, needed, "missing_head", _("缺少这一列。"))
        if self.problems:
            raise BadTable(self.problems)

    def rows(self, lines: Iterator[list[Any]]) -> list[Row]:
        found: dict[str, Row] = {}
        at: dict[str, int] = {}
        number = 1
        try:
            for number, line in enumerate(lines, start=2):
                if number > MOST_ROWS + 1:
                    raise refuse("too_many", _("超过 %(limit)s 行。"), limit=MOST_ROWS)
                if not any(str(cell).strip() for cell in line):
                    continue
                self.take(line, number, found, at)
        except csv.Error as error:
            raise BadTable([Problem(number, "", "not_csv", _("这一行不是有效的 CSV。"))]) from error
        for code, row in found.items():
            if row.parent and row.parent not in found:
                self.problem(
                    at[code], "parent", "bad_parent", _("表里没有上级代码 %(code)s。"), code=row.parent
                )
        if not found and not self.problems:
            self.problem(0, "", "empty", _("文件里只有表头，没有内容。"))
        if self.problems:
            raise BadTable(self.problems)
        return list(found.values())

    def take(self, line: list[Any], number: int, found: dict[str, Row], at: dict[str, int]) -> None:
        row = self.day(line, number) if self.kind == Kind.WORKDAYS else self.item(line, number, found)
        if row is None:
            return
        if row.code in at:
            self.problem(
                number,
                "code",
                "same_code",
                _("代码 %(code)s 在第 %(row)s 行已有。"),
                code=row.code,
                row=at[row.code],
            )
            return
        found[row.code], at[row.code] = row, number

    def item(self, line: list[Any], number: int, found: dict[str, Row]) -> Row | None:
        values = {name: self.text(line, name, number) for name in ("code", "name", "parent", "level")}
        if None in values.values():
            return None
        for needed in ("code", "name"):
            if not values[needed]:
                self.problem(number, needed, "blank", _("不能为空。"))
                return None
        parent = ""
        for code_column, name_column, level in self.above:
            code = self.text(line, code_column, number) or ""
            if code and code != values["code"]:
                name = (self.text(line, name_column, number) or "") if name_column else ""
                known = found.setdefault(code, Row(code, name, parent, level))
                if known.name != name:
                    facts = {"code": code, "name": known.name}
                    self.problem(
                        number, code_column, "two_names", _("代码 %(code)s 前面叫“%(name)s”。"), **facts
                    )
                parent = code
        level = values["level"] or ("" if "level" in self.columns else LOWEST.get(Kind(self.kind), ""))
        return Row(str(values["code"]), str(values["name"]), values["parent"] or parent, level)

    def day(self, line: list[Any], number: int) -> Row | None:
        day = as_date(self.cell(line, "date"))
        if day is None:
            self.problem(number, "date", "bad_date", _("不是日期，请写成 2024-10-24。"))
            return None
        said = str(self.cell(line, "is_workday")).strip().lower().removesuffix(".0")
        if said not in YES | NO:
            self.problem(number, "is_workday", "bad_answer", _("请填 1（上班）或 0（休息）。"))
            return None
        name = self.text(line, "name", number)
        return None if name is None else Row(day.isoformat(), name, facts={"is_workday": said in YES})

    def cell(self, line: list[Any], column: str) -> Any:
        place = self.columns.get(column)
        return line[place] if place is not None and place < len(line) else ""

    def text(self, line: list[Any], column: str, number: int) -> str | None:
        """The cell as clean text, None when it is refused."""
        value = self.cell(line, column)
        if isinstance(value, float | int) and not isinstance(value, bool):
            if column == "code" and self.kind in (Kind.INDUSTRY, Kind.MAJOR):
                self.problem(
                    number, column, "number", _("存成了数字，开头的 0 可能已丢失，请把这一列设为文本。")
                )
                return None
            value = int(value) if float(value).is_integer() else value
        text = str(value if value is not None else "").strip()
        limit = LONGEST.get(column, 160)
        if len(text) > limit:
            self.problem(
                number,
                column,
                "too_long",
                _("有 %(count)s 个字，最多 %(limit)s 个。"),
                count=len(text),
                limit=limit,
            )
            return None
        try:
            validate_plain(text)
        except ValidationError as error:
            self.problem(number, column, str(error.code), error.messages[0])
            return None
        return text

    def problem(self, row: int, column: str, code: str, text: str | Promise, /, **facts: Any) -> None:
        told = str(text) % facts if facts else text
        self.problems.append(Problem(row, self.heads.get(column, column), code, told))
        if len(self.problems) >= MOST_PROBLEMS:
            raise BadTable(self.problems)


def as_date(value: Any) -> date | None:
    # untranslated: a date as Chinese tables write it
    text = str(value).strip().replace("/", "-").replace("年", "-").replace("月", "-").removesuffix("日")
    try:
        year, month, day = (int(part) for part in text.split("-"))
        return date(year, month, day)
    except ValueError:
        return None
