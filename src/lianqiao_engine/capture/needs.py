"""Clauses that say what somebody lacks, wants or asks for, and those that only seem to."""

import re

from .layout import Line
from .lexicon import first_of, patterns_of

# 另, 同时, 并: what follows is another need, not more of the one before.
ANOTHER = re.compile(
    "^(?:另外?|此外|还|同时|并且?|也|以及|再就是|其次|第[二三四五]|一是|二是|三是|四是|而且|且)"
)
ABOUT_BEFORE = re.compile(
    "^(?:目前|现|现在|如今|均|都|业|全部)?已|^(?:该|这个?|上述|此|以上)(?:问题|需求|困难|诉求|事项?|难题|缺口|岗位)|^问题|^[^，。]{2,10}的(?:事情?|问题|需求|难题)(?:目前|现在)?[已均都]"
)
STAFF = re.compile(
    r"^(?:其中|另|还有|急|再要|要|和)?[\u4e00-\u9fffA-Za-z（）/]{1,14}?(?:工|师|员|手|司机|师傅|会计|学徒|主管|助理|实习生|文员|客服|出纳|销售|保安|阿姨|大学生|毕业生|本科生|研究生|岗)\s*[:：]?(?:\d+|[一二两三四五六七八九十]+)(?:[—~-]\d+)?\s*[个名人位]"
)
HAS_STAFF = re.compile("现有|共有|拥有|已有|在职|目前有|员工|职工|参加|参会|安排|选派|派出")
INSTRUCTION = re.compile(
    "(?:需|须|请)[^，。]{0,6}(?:携带|提交|填写|填报|报送|提前|准备好|报名|登记|签到|注意|遵守|佩戴|出示|扫码|回复|加盖|上报|反馈|接龙|戴口罩|自备|按时)"
)
FOR_OTHERS = re.compile("^我(?:来|去|再|先)?(?:帮[^，。]{0,4}?)?问")
BY_OTHERS = re.compile(
    "(?:满足|了解|梳理|收集|征集|围绕|聚焦|针对|解决|回应|对接|摸清|掌握|根据|结合|按照|发布|汇总|听取)[^，。]{0,14}(?:需求|诉求|问题|困难|难题|需要|缺口|急需)"
)


def cue_of(clause: str, line: Line, who_kind: str, *, quoted: bool) -> str:
    """The kind of need that a clause says (missing, wish, problem ...), or nothing."""
    if INSTRUCTION.search(clause) or FOR_OTHERS.match(clause) or first_of("closed.tsv", clause):
        return ""
    stated = line.section == "need" or line.chat
    if (
        STAFF.match(clause)
        and not HAS_STAFF.search(clause)
        and (stated or who_kind in ("enterprise", "group"))
    ):
        return "staff"
    for cue, pattern in patterns_of("needs.tsv"):
        match = pattern.search(clause)
        if match and _is_own(cue, clause, match, line, who_kind, quoted):
            return cue
    return ""


def _is_own(cue: str, clause: str, match: re.Match[str], line: Line, who_kind: str, quoted: bool) -> bool:
    if _is_empty(clause) or BY_OTHERS.search(clause[: match.end() + 8]):
        return False
    stated = line.section == "need" or line.chat
    if who_kind in ("office", "association", "chain_party"):
        return (cue == "asking" and line.chat) or (cue in ("missing", "hiring") and "我" in clause)
    if who_kind in ("school", "college", "institute"):
        return cue in ("wish", "wanted", "missing", "asking", "together") and not re.search(
            "培养|社会|时代|国家", clause[:6]
        )
    if who_kind in ("enterprise", "group"):
        return cue != "asking" or bool(line.label) or quoted or stated
    if cue in ("problem", "suggest"):
        return stated
    if cue == "asking":
        return line.chat or stated
    return (
        stated
        or quoted
        or (cue in ("hiring", "missing") and bool(re.search(r"\d|[一二三四五六七八九十]+[名个人]", clause)))
    )


def _is_empty(clause: str) -> bool:
    return any(name == "wish" and pattern.search(clause) for name, pattern in patterns_of("empty.tsv"))


def closes(clause: str) -> str:
    """`before` when the clause says that the need before it is met, `itself` when it speaks of another that is none."""
    what = first_of("closed.tsv", clause)
    if what == "solved":
        return "before" if ABOUT_BEFORE.match(clause) or len(clause) <= 6 else "itself"
    return "itself" if what else ""
