"""The lines of a text: which are content, under which heading, and whose words they are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .lexicon import first_of
from .tables import Row, rows_of

TIME = r"(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s*|\d{1,2}月\d{1,2}日\s*|\d{1,2}[-/]\d{1,2}\s+|昨天\s*|今天\s*|星期.\s*|周.\s*)?(?:上午|下午|晚上|中午|凌晨)?\s*\d{1,2}[：:]\d{2}(?:[：:]\d{2})?"
TIME_FIRST = re.compile(rf"^[（(【]?{TIME}[）)】]?\s+(?P<label>[^：]{{1,30}}?)(?:：\s*(?P<said>.+))?$")
TIME_LAST = re.compile(
    rf"^(?P<label>[^：。；\d]{{1,30}}?)\s+[（(【]?{TIME}[）)】]?(?:\s*[：\s]\s*(?P<said>.+))?$"
)
TIME_ALONE = re.compile(rf"^[（(【]?{TIME}[）)】]?$")
CALLED_NEXT = re.compile(r"^(?P<label>[^：，。；！？]{1,30})：\s*(?P<said>.+)?$")
LABEL = re.compile(r"^(?P<label>[^：，。；！？“”]{2,30})：\s*(?P<said>.*)$")
ITEM = re.compile(
    r"^\s*(?:[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[）)]|\d{1,2}[.．、](?!\d)|[一二三四五六七八九十]{1,3}[、.．]|[-—•·●◆■▪*①-⑳]|第[一二三四五六七八九十]+[，、：])\s*"
)
ENDED = re.compile(r"[。！？…；：，、”）!?]$")
RELATED = re.compile(
    r"^\W*(相关新闻|相关阅读|相关链接|延伸阅读|推荐阅读|热点推荐|热门新闻|猜你喜欢|更多新闻|最新新闻|往期回顾|友情链接)"
)
QUESTION_HEAD = re.compile(r"^[^。]{2,60}[？?]$")
SPOKEN = re.compile("(说|表示|指出|强调|介绍|提出|问|答|回应|坦言|表态|道|告诉记者|反映|建议|回复)$")
# A short line with a figure that says what is missing is a note, unless the text begins with it.
STATED = re.compile(r"(急需|需要|缺|招聘|希望|可提供).*[\d一二三四五六七八九十两]+[名人个台位家间]")
# A title or a sentence that introduces a list of one kind.
LIST_TITLE = re.compile(r"(?P<what>需求|诉求|问题|资源|服务)(?:清单|汇总|一览|台账|目录|摸排)")
FOLLOWS = re.compile(r"(?P<what>需求|诉求|问题|困难|资源|服务)[^，。]{0,12}如下(?=[，。：；])")
CLOSER = re.compile(r"^(特此通知|此致|敬礼|妥否|请批示|抄送|附件|联系人|联系电话|电话|邮箱|传真|邮编|网址)")
FIELDS = re.compile(
    r"^(?:企业|单位|公司)$|^(.{0,4}(时间|日期|地点|地址|主持人?|记录人?|参会人员|参加人员|出席人员|出席|列席人?员?|与会人员|参会单位|参加单位|参加|缺席|主题|议题|会议名称|联系人|联系方式|电话|联系电话|走访单位|走访企业|走访人员?|走访对象|接待人员?|陪同人员?|来访单位|受访单位|调研单位|单位名称|企业名称|编号|签发人?|报送|抄送|主办单位?|承办单位?|协办单位?|抄报))$"
)


@dataclass(frozen=True)
class Line:
    """A stretch of the readable text. `label` is who speaks by the layout, `section` the kind of its heading."""

    begin: int
    end: int
    role: str  # content, item, heading, field, noise
    section: str = ""
    label: str = ""
    field: str = ""
    chat: bool = False


def lines_of(text: str) -> list[Line]:
    """Sort every line that is not empty."""
    stretches = list(_stretches(text))
    heads = _chat_heads([text[begin:end] for begin, end in stretches])
    # Two lines of 10:05 make a chat; one is the time of a meeting.
    is_chat = sum(head is not None for head in heads) >= 2
    prose = any(text[begin:end].endswith("。") for begin, end in stretches)
    rows = {} if is_chat else rows_of(text, stretches)
    lines: list[Line] = []
    section, label, over = _section_of_title(text, stretches), "", False
    for number, ((begin, end), head) in enumerate(zip(stretches, heads, strict=True)):
        words = text[begin:end]
        if (begin, end) in rows:
            lines += _of_row(text, begin, end, rows[begin, end])
            continue
        if over and not words.endswith("。"):
            lines.append(Line(begin, end, "noise"))
            continue
        over = bool(RELATED.search(words))
        if is_chat and head:
            label, said = head["label"].strip(), head["said"]
            lines.append(Line(begin, begin + head.end("label"), "heading", label=label, chat=True))
            if said and not first_of("noise.tsv", said):
                lines.append(Line(begin + head.start("said"), end, "content", label=label, chat=True))
            continue
        if over or first_of("noise.tsv", words):
            lines.append(Line(begin, end, "noise"))
            continue
        if is_chat:
            role = "content" if label else "heading"
            lines.append(Line(begin, end, role, label=label, chat=True))
            continue
        line = _of_paper(
            text, begin, end, section, number, prose, any(line.role == "content" for line in lines)
        )
        if line.role == "heading" and (
            number == 0 or ITEM.match(words) or len(words) <= 12 or words[-1] == "："
        ):
            section = section if number == 0 else first_of("sections.tsv", words)
        elif line.role == "content" and (told := FOLLOWS.search(words)):
            section = first_of("sections.tsv", told["what"])
        lines.append(line)
    return lines


def _of_paper(
    text: str, begin: int, end: int, section: str, number: int, prose: bool, lines_before: bool
) -> Line:
    words = text[begin:end]
    item = ITEM.match(words)
    body = begin + (item.end() if item else 0)
    bare = text[body:end]
    if CLOSER.match(bare) and not item:
        return Line(begin, end, "field", field="contact")
    if (labelled := LABEL.match(bare)) and not re.search("以下简称|如下", labelled["label"]):
        name, said = re.sub("[（）\\s]", "", labelled["label"]), labelled["said"]
        if FIELDS.match(name):
            return Line(body + labelled.start("said"), end, "field", section, field=name)
        if not said:
            return Line(begin, end, "heading")
        if not SPOKEN.search(labelled["label"]):
            kind = first_of("sections.tsv", name) if len(name) <= 12 else ""
            where = body + labelled.start("said") if kind else body
            return Line(where, end, "item", kind or section, label=labelled["label"].strip())
    if bare.endswith("：") and len(bare) <= 25 and "。" not in bare:
        return Line(begin, end, "heading")
    if item:
        short = len(bare) <= 24 and not ENDED.search(bare)
        heads = re.match(r"^\s*([一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]+[）)])", words)
        if short and heads and first_of("sections.tsv", bare):
            return Line(begin, end, "heading")
        return Line(body, end, "item", section)
    if QUESTION_HEAD.match(bare) and prose:
        return Line(begin, end, "heading")
    if lines_before and STATED.search(bare):
        return Line(begin, end, "content", section)
    if (
        not ENDED.search(bare)
        and len(bare) <= 40
        and (number == 0 or prose or first_of("sections.tsv", bare))
    ):
        is_list = (
            number > 0 and section in ("need", "resource", "service", "agreement") and not _is_signature(bare)
        )
        return Line(begin, end, "item" if is_list else "heading", section)
    return Line(begin, end, "content", section)


def _of_row(text: str, begin: int, end: int, row: Row | None) -> list[Line]:
    if row is None:
        return [Line(begin, end, "heading")]
    if row.kind == "agreement":
        return [Line(begin, end, "item", "agreement")]
    label = text[slice(*row.who)].strip() if row.who else ""
    lines = [Line(*row.who, "heading")] if row.who else []
    return [*lines, Line(*row.content, "item", row.kind, label)] if row.content else lines


def _is_signature(words: str) -> bool:
    return bool(re.search(r"^\d{4}年\d{1,2}月\d{1,2}日$|(局|处|中心|委员会|办公室|学院|公司|协会)$", words))


def _section_of_title(text: str, stretches: list[tuple[int, int]]) -> str:
    """企业需求汇总: what a paper is a list of, before any heading says otherwise."""
    title = LIST_TITLE.search(text[slice(*stretches[0])]) if stretches else None
    return first_of("sections.tsv", title["what"]) if title else ""


def _chat_heads(lines: list[str]) -> list[re.Match[str] | None]:
    """For each line the match of who says it and when; the two may stand on a line each."""
    heads = [TIME_FIRST.match(words) or TIME_LAST.match(words) for words in lines]
    for number, words in enumerate(lines[1:], start=1):
        if TIME_ALONE.match(lines[number - 1]):
            heads[number] = CALLED_NEXT.match(words) or heads[number]
    return heads


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(r"[^\n\r\u2028\u2029\x0b\x0c]+", text):
        words = match.group()
        begin = match.start() + len(words) - len(words.lstrip())
        end = match.start() + len(words.rstrip())
        if begin < end:
            yield begin, end
