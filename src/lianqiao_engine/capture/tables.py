"""Rows of a table in a text (cells apart by tabs): whose row it is, and which cell is content."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

WHO = re.compile(
    "企业名称|单位名称|提供单位|责任单位|需求单位|发布单位|公司名称|^企业$|^单位$|^公司$|学院|学校|院校|乙方|甲方"
)
CONTENT = re.compile("内容|描述|名称|事项|需求|资源|服务|岗位|诉求|问题")
UNIT = re.compile("学院|学校|院校|院系|高校|单位一|甲方")
FIRM = re.compile("企业|公司|单位二|乙方")
LIST = (
    ("need", re.compile("需求|诉求|问题|岗位")),
    ("resource", re.compile("资源")),
    ("service", re.compile("服务")),
)

Span = tuple[int, int]


@dataclass(frozen=True)
class Row:
    """Spans of the readable text. A row of a pair has no content: its two cells are the parties."""

    whole: Span
    who: Span | None
    content: Span | None
    kind: str  # need, resource, service, agreement


def rows_of(text: str, stretches: Sequence[Span]) -> dict[Span, Row | None]:
    """The rows among the stretches; a head is None. Lines that belong to no table are not in the result."""
    rows: dict[Span, Row | None] = {}
    head: list[str] = []
    for begin, end in stretches:
        cells = _cells(text, begin, end)
        if len(cells) < 2:
            head = []
            continue
        words = [text[first:last] for first, last in cells]
        if _is_head(words):
            head = words
            rows[begin, end] = None
        elif head and len(cells) >= 2:
            rows[begin, end] = _row((begin, end), cells, head)
    return rows


def _is_head(words: list[str]) -> bool:
    return all(len(word) <= 10 and not re.search(r"\d|。", word) for word in words) and any(
        map(WHO.search, words)
    )


def _row(whole: Span, cells: list[Span], head: list[str]) -> Row:
    named = dict(zip(head, cells, strict=False))
    unit = next((span for name, span in named.items() if UNIT.search(name)), None)
    firm = next((span for name, span in named.items() if FIRM.search(name) and not UNIT.search(name)), None)
    kind = next((kind for kind, words in LIST if any(words.search(name) for name in head)), "")
    if unit and firm and not kind:
        return Row(whole, None, None, "agreement")
    who = next((span for name, span in named.items() if WHO.search(name)), None)
    wanted = [span for name, span in named.items() if CONTENT.search(name) and span != who]
    content = max(wanted, key=lambda span: span[1] - span[0], default=None)
    return Row(whole, who, content, kind or "need")


def _cells(text: str, begin: int, end: int) -> list[Span]:
    return [
        (begin + match.start(), begin + match.end())
        for match in re.finditer(r"[^\t]+", text[begin:end])
        if match.group().strip()
    ]
