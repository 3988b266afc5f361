"""Which of the three lists a table is."""

import re
from collections.abc import Sequence

from lianqiao_engine.text.normalise import normalise

from .fields import comparable, names_of
from .heads import spoken
from .model import KINDS, Kind

# Words of sheet names and titles; a service list of 服务资源 is a list of services.
WORDS: tuple[tuple[Kind, re.Pattern[str], int], ...] = (
    ("need", re.compile("需求|诉求|难题|揭榜|榜单|征集|问题|求助|需方|用工|招聘"), 4),
    ("service", re.compile("服务|办事|事项"), 4),
    ("resource", re.compile("资源|供给|供方|阵地|师资|设备|专家|场地|成果|课程|能力清单|项目库"), 4),
)
# Heads that only one of the lists has.
OWN: dict[Kind, re.Pattern[str]] = {
    "need": re.compile(
        "需求|企业名称|公司名称|紧急|急迫|期望|链上环节|诉求|难题|拟投入|可投入|预算|承接单位|收集人|需方|悬赏|揭榜"
    ),
    "resource": re.compile("资源|容量|可用时|阵地|适用对象|供给|供方|可容纳|开放时"),
    "service": re.compile("服务(?!企业|过)|办理方式|办理流程|责任单位|时限|次数上限|办结"),
}
ROW_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("need", re.compile("需求?|需求?(?:方|侧|清单|类|端)|企业需求|求|诉求|need")),
    ("service", re.compile("服务?(?:清单|类|项目|事项)?|service")),
    ("resource", re.compile("(?:资源|供给|供应|供|提供)(?:方|侧|清单|类|端)?|resource")),
)


def kind_of(name: str, titles: Sequence[str], heads: Sequence[tuple[str, ...]]) -> Kind | None:
    """Tell the kind from the sheet's name, the titles above the head and the heads; None where nothing decides."""
    score = dict.fromkeys(KINDS, 0.0)
    for kind, words, weight in WORDS:
        score[kind] += weight * bool(words.search(normalise(name)))
        score[kind] += weight / 2 * any(words.search(title) for title in titles)
    said = [form for parts in heads for text in spoken(parts)[:1] for form in comparable(text)[:1]]
    for kind, own in OWN.items():
        score[kind] += sum(1.5 for head in said if own.search(head))
        score[kind] += 0.1 * sum(head in names_of(kind) for head in said)
    first, second = sorted(score.values(), reverse=True)[:2]
    best = max(KINDS, key=lambda kind: score[kind])
    return best if first >= 1.5 and first - second >= 0.5 else None


def kind_of_cell(text: str) -> Kind | None:
    """Tell the kind that a cell of a column 类型 says."""
    text = normalise(text)
    return next((kind for kind, words in ROW_KINDS if words.fullmatch(text)), None)
