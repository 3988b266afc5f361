"""What of a row has no field of its own: written into the entry as lines `label：text`, and taken out again.

What partners may read goes below the description; what the office noted for itself goes where only it reads.
"""

import re

# untranslated: what the documents say, in the language of their readers
PUBLIC = {
    "subcategory": "子类",
    "summary": "简介",
    "audience": "适用对象",
    "when": "可用时段",
    "how": "办理方式",
    "time_limit": "时限",
    "industry": "所属行业",
    "business": "主营业务",
    "majors": "相关专业",
    "occupations": "相关职业",
    "event": "对接活动",
    "link": "来源链接",
}
# untranslated: as above
OFFICE = {
    "source": "来源",
    "collector": "收集人",
    "collected_on": "收集日期",
    "published_on": "发布时间",
    "taken_by": "承接单位",
    "progress": "对接进展",
    "result": "办理结果",
    "satisfaction": "满意度",
    "earlier": "合作过的单位",
    "all_categories": "所有分类",
    "note": "备注",
}
# untranslated: the head above the reasons for which rows are given back
REASON_HEAD = "错误原因"
# untranslated: the sign between a label and its text
COLON = "："
LONGEST_LABEL = 30
# untranslated: up to where a sentence ends
SENTENCE = re.compile("[^。；;！!？?\n]*")
LONGEST_TITLE = 40
Said = dict[str, str]


def one_line(text: str) -> str:
    return " ".join(text.split())


def labelled(said: Said, labels: dict[str, str]) -> Said:
    """By label, in the order of the labels; keys that have none are labels themselves and come first."""
    known = {labels[key]: one_line(said[key]) for key in labels if said.get(key)}
    others = {label_of(key): one_line(text) for key, text in said.items() if key not in labels and text}
    return {label: text for label, text in others.items() if label not in known} | known


def label_of(head: str) -> str:
    return one_line(head).replace(COLON, " ")[:LONGEST_LABEL]


def composed(content: str, lines: Said) -> str:
    told = [f"{label}{COLON}{text}" for label, text in lines.items()]
    return "\n".join([content, *told] if content else told)


def apart(text: str, labels: dict[str, str]) -> tuple[str, Said]:
    """The content and the lines that were put below it; nothing is taken apart that would not come together again."""
    content = text.replace("\r\n", "\n").split("\n")
    known, lines = set(labels.values()), []
    while content:
        label, sign, said = content[-1].partition(COLON)
        if not sign or label not in known or not said or said != one_line(said):
            break
        lines.append((label, said))
        content.pop()
    found = dict(reversed(lines))
    kept = "\n".join(content)
    if composed(kept, found) != text:
        return text, {}
    keys = {label: key for key, label in labels.items()}
    return kept, {keys[label]: told for label, told in found.items()}


def title_of(content: str) -> str:
    """A need is often one text without a name: its first sentence names it."""
    first = one_line(content[: SENTENCE.match(content).end()]) or one_line(content)  # type: ignore[union-attr]
    return first if len(first) <= LONGEST_TITLE else f"{first[: LONGEST_TITLE - 1]}…"
