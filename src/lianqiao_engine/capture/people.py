"""Who of the people in a text belongs to which organisation."""

import re
from collections.abc import Sequence
from functools import cache

from .layout import Line
from .lexicon import any_of
from .mentions import Mention
from .organisations import Directory

NAME = "[\u4e00-\u9fff]{2,4}?"
NOT_NAMES = re.compile(
    "^在|[县市]$|坦言|直言|进驻|表示|介绍|参加|代表|主持|一行|相关|有关|以及|及其|带队|分别|一致|纷纷|负责|在会|出席|发言|就|对|向"
)


def people_in(text: str, lines: Sequence[Line], directory: Directory) -> dict[str, str]:
    """Each person by name, and as people are called (钱总, 赵院长) where only one can be meant."""
    people: dict[str, str] = {}
    called: dict[str, set[str]] = {}
    for line in lines:
        if line.role == "noise":
            continue
        for one in directory.within(line.begin, line.end):
            found = _after(text, one, line) or _before(text, one, line)
            if found:
                name, title = found
                organisation = directory.speaker_of(directory.name_of(one))
                people.setdefault(name, organisation)
                for form in _forms(name, title):
                    called.setdefault(form, set()).add(people[name])
    return people | {form: next(iter(of)) for form, of in called.items() if len(of) == 1}


def _after(text: str, one: Mention, line: Line) -> tuple[str, str] | None:
    """某公司（人事部）总经理 钱国华说 and 某公司 钱国华（总经理）."""
    match = _title_name().match(text, one.end, line.end) or _name_title().match(text, one.end, line.end)
    if match and not NOT_NAMES.search(match["name"]):
        return match["name"], match["title"] or ""
    return None


def _before(text: str, one: Mention, line: Line) -> tuple[str, str] | None:
    """钱国华（某公司总经理）."""
    before = re.search(rf"({NAME})\s*[（(，,]\s*$", text[max(line.begin, one.begin - 8) : one.begin])
    if not before:
        return None
    name = re.split(r"[\s、，；：]", before[1])[-1]
    title = _title().match(text, one.end, line.end)
    closed = re.match(r"[^（）()，。、]{0,12}[）)]", text[one.end : min(line.end, one.end + 14)])
    if len(name) >= 2 and (title or closed) and not re.search("简称|单位|公司|学院", name):
        return name, title["title"] if title else ""
    return None


@cache
def _name_title() -> re.Pattern[str]:
    """某学院 杨帆 教授, 某局 洪志强、: a space before the name, and what follows ends it."""
    titles = any_of("titles.tsv", "title").pattern
    return re.compile(
        rf"\s+(?P<name>[\u4e00-\u9fff]{{2,3}}?)(?:\s*[（(]?\s*(?P<title>{titles})|(?=[、，；。\s]|$))"
    )


def _forms(name: str, title: str) -> list[str]:
    forms = [name[0] + title] if title else []
    if title.endswith("总经理") or title in ("总裁", "董事长", "总监", "总工程师"):
        forms += [name[0] + "总", name[0] + "总工" if "工程师" in title else name[0] + "董"]
    if title.startswith("副"):
        forms.append(name[0] + title[1:])
    for ending in ("经理", "主任", "院长", "书记", "局长", "处长", "会长", "校长", "老师", "工程师"):
        if title.endswith(ending):
            forms.append(name[0] + ending)
    if title in ("教授", "副教授", "讲师", "教师", "院长", "副院长", "主任", "博士"):
        forms.append(name[0] + "老师")
    return forms


@cache
def _title() -> re.Pattern[str]:
    parts, titles = any_of("titles.tsv", "part").pattern, any_of("titles.tsv", "title").pattern
    return re.compile(
        rf"\s*(?:的|党委|党总支|党支部)?(?:{parts})?(?:[^与和、，。的（）：\s]{{0,6}}?)(?P<title>{titles})"
    )


@cache
def _title_name() -> re.Pattern[str]:
    says = any_of("titles.tsv", "say").pattern
    return re.compile(
        rf"{_title().pattern}(?:兼[^，。]{{2,12}}?)?[、\s]*(?P<name>{NAME})(?={says}|[，。、；：（\s”]|等|在|就|代表|签|共|现场|率|带|主持|向|对|与|和|一行|出席|分别|$)"
    )
