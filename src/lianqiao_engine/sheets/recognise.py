"""Which field a column holds: by what its head says, exactly or nearly, and by its cells where the head says nothing."""

import re
from collections.abc import Mapping, Sequence

from .fields import comparable, names_of, not_ours
from .heads import spoken
from .model import Kind

NEARLY = 75  # percent of likeness below which a head is not understood
# What any head may begin or end with, and nouns that say too little alone: 成立日期, 员工人数.
TRIM_BEGIN = re.compile(
    "^(?:(?:本|贵|该)?(?:企业|公司|单位|需求|资源|服务|项目|技术|主要|具体|拟|预计|计划))+"
)
TRIM_END = re.compile("(?:名称|信息|情况|全称|栏)$")
# 服务内容及标准 is the 服务内容.
AND_MORE = re.compile("(?<=..)[及和与].+$")
GENERIC = frozenset(
    [
        "日期",
        "时间",
        "人数",
        "数量",
        "类型",
        "要求",
        "项目",
        "问题",
        "事项",
        "单位",
        "部门",
        "状态",
        "结果",
        "条件",
        "规模",
        "企业",
        "公司",
    ]
)
Found = tuple[str | None, float]


def by_heads(
    texts: Sequence[tuple[str, ...]], kind: Kind, remembered: Mapping[str, str | None]
) -> list[Found]:
    """The key and certainty of each column; a key is given once, to the surest column, the first of equals."""
    found = [_by_head(parts, kind, remembered) for parts in texts]
    order = sorted(range(len(found)), key=lambda number: (-found[number][1], number))
    taken: set[str] = set()
    for number in order:
        key, _ = found[number]
        if key in taken:
            found[number] = _another(texts[number], kind, taken)
            if key == "content" and found[number][0] is None:
                _name_before_content(found, number)
            key = found[number][0]
        if key:
            taken.add(key)
    return found


def _name_before_content(found: list[Found], second: int) -> None:
    """Of two columns that both tell what it is about, where no third one does, the first names it: 难题, 描述."""
    if any(key == "name" for key, _ in found):
        return
    first = next(number for number, (key, _) in enumerate(found) if key == "content")
    found[second] = ("content", 0.8)
    found[min(first, second)], found[max(first, second)] = ("name", 0.8), ("content", 0.8)


def _by_head(parts: tuple[str, ...], kind: Kind, remembered: Mapping[str, str | None]) -> Found:
    names = names_of(kind)
    said = [form for text in spoken(parts) for form in comparable(text)]
    for form in said:
        if form in remembered:
            return remembered[form], 1.0
    for form in said:
        if form in names:
            return names[form]
        if form in not_ours():
            return None, 1.0
    return _nearly([form for form in said if 2 <= len(form) <= 40], kind)


def _another(parts: tuple[str, ...], kind: Kind, taken: set[str]) -> Found:
    """A second column of one name may be another field where its head of two rows says more."""
    said = [form for text in spoken(parts) for form in comparable(text)]
    for form in said:
        key, certainty = names_of(kind).get(form, (None, 0.0))
        if key and key not in taken:
            return key, certainty
    return None, 0.0


def _nearly(said: list[str], kind: Kind) -> Found:
    """A head that is not known as it stands: without the words that go with any head, by its end, by likeness."""
    names = {name: key for name, (key, _) in names_of(kind).items() if len(name) > 1 and key != "kind"}
    for form in said:
        core = TRIM_END.sub("", TRIM_BEGIN.sub("", form))
        for part in (core, AND_MORE.sub("", core), AND_MORE.sub("", form)):
            if part in names:
                return names[part], 0.9
    for form in said:
        # Chinese heads end in their noun: 法人联系电话 is a 联系电话, 电话费 is none.
        ends = (name for name in (*names, *not_ours()) if form.endswith(name) and name not in GENERIC)
        if ending := max(ends, key=len, default=""):
            return names.get(ending), 0.85 if len(ending) * 2 >= len(form) else 0.7
    return _alike(said, names)


def _alike(said: list[str], names: Mapping[str, str]) -> Found:
    if not said:
        return None, 0.0
    # Loaded only when a head is not known as it stands.
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    choices = [*names, *not_ours()]
    best: Found = (None, 0.0)
    for form in said:
        for name, score, _ in process.extract(form, choices, scorer=fuzz.ratio, limit=1, score_cutoff=NEARLY):
            if score / 100 * 0.9 > best[1]:
                best = (names.get(name), score / 100 * 0.9)
    return best
