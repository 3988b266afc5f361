"""Beside an entry while it is written and when it is read: what is missing, what is like it, who could be the one.

Nobody is ranked here: each hint says what a match could use, and the score is the share of hints that are met.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.db.models import QuerySet

from lianqiao.core.actor import Actor
from lianqiao.lists.engine import THRESHOLD, Record, near, trades_in
from lianqiao.lists.models import Entry, Kind
from lianqiao.lists.preparing import AT_ONCE
from lianqiao.lists.queries import OPEN, entries_for, entries_of_chain, last_changes
from lianqiao.lists.terms import Audience, audience_of

OTHER_SIDE = {
    Kind.NEED: (Kind.RESOURCE, Kind.SERVICE),
    Kind.RESOURCE: (Kind.NEED,),
    Kind.SERVICE: (Kind.NEED,),
}
ASKED_OF = {
    Kind.NEED: ("title", "words", "figure", "day", "trade", "criterion"),
    Kind.RESOURCE: ("title", "words", "figure", "day", "trade"),
    Kind.SERVICE: ("title", "words", "day"),
}
MOST_PREPARED = 2000  # of the newest entries: a list that a chain can still look over
SHOWN = 5
ALIKE = 0.55  # of what one says, the other says as much
# untranslated: what entries say
FIGURE = re.compile(r"[0-9０-９]|[一二两三四五六七八九十百千万][个名人位家次场台套期平米吨元万年月天周]")
# untranslated: what entries say
DAY = re.compile(
    r"[0-9]{1,4}\s*[年月日号周天]|[一二三四五六七八九十]+月|季度|年底|年内|月底|上半年|下半年|学期|暑假|寒假|尽快|长期|常年"
)
# untranslated: what entries say
CRITERION = re.compile(
    r"标准|指标|验收|达到|不低于|不少于|不超过|不高于|以上|以内|合格|证书|精度|效率|误差|率|≥|≤|%|％"
)
# untranslated: what entries say
TECHNOLOGY = re.compile(r"技术|工艺|研发|改造|检测|系统|软件|设备|装备|材料|算法|自动化|智能|数字化")
FEW_WORDS = 20


@dataclass(frozen=True)
class Hint:
    """`code` names the sentence of the template."""

    code: str
    met: bool


@dataclass(frozen=True)
class Near:
    entry: Entry
    score: float


def hints_of(entry: Entry) -> list[Hint]:
    """What a match could use, whether it is there or not."""
    text = f"{entry.title}\n{entry.description}"
    is_technology = bool(TECHNOLOGY.search(text))
    met = {
        "title": 4 <= len(entry.title.strip()) <= 60,
        "words": len(entry.description.strip()) >= FEW_WORDS,
        "figure": bool(
            FIGURE.search(text) or entry.capacity or entry.people or entry.calendar or entry.money
        ),
        "day": bool(DAY.search(text) or entry.due_on or entry.ends_on),
        "trade": bool(trades_in(text)),
        "criterion": bool(CRITERION.search(text)),
    }
    asked = [code for code in ASKED_OF[Kind(entry.kind)] if code != "criterion" or is_technology]
    return [Hint(code, met[code]) for code in asked]


def completeness(hints: Sequence[Hint]) -> int:
    """In per cent: the share of hints that are met."""
    return round(100 * sum(hint.met for hint in hints) / len(hints))


def similar_to(entry: Entry, actor: Actor, wait: float | None = AT_ONCE) -> list[Near] | None:
    """Entries of the same list that say nearly the same; None while that list is being prepared."""
    waiting = (*OPEN, Entry.State.SUBMITTED)
    found = nearest("similar", (Kind(entry.kind),), waiting, entry, actor, wait)
    return found and [each for each in found if each.score >= ALIKE]


def counterparts_of(entry: Entry, actor: Actor) -> list[Near] | None:
    """Open entries of the other side that a round would take for candidates; None while they are being prepared."""
    found = nearest("counterparts", OTHER_SIDE[Kind(entry.kind)], OPEN, entry, actor, AT_ONCE)
    return found and [each for each in found if each.score >= THRESHOLD]


def nearest(
    what: str,
    kinds: Sequence[Kind],
    states: Sequence[str],
    entry: Entry,
    actor: Actor,
    wait: float | None,
) -> list[Near] | None:
    """Of what the actor may see."""
    if not entry.title.strip() or entry.chain_id is None:
        return []
    rows = entries_of_chain(entry.chain_id).filter(kind__in=kinds, state__in=states)
    found = near(
        (what, entry.kind, entry.chain_id),
        last_changes(entry.chain_id, kinds),
        partial(records_of, rows),
        record_of(entry),
        SHOWN + 1,
        wait,
    )
    if found is None:
        return None
    scores = {int(pk): score for pk, score in found if pk != str(entry.pk)}
    # A list that is prepared anew may be answered from as it was.
    seen = entries_for(actor).filter(state__in=states).in_bulk(scores)
    return [Near(seen[pk], score) for pk, score in scores.items() if pk in seen][:SHOWN]


def records_of(rows: QuerySet[Entry]) -> list[Record]:
    """The newest of a list, with nothing else of them."""
    newest = rows.order_by("-changed_at", "-pk").only("title", "description", "audience", "visibility")
    return [record_of(row) for row in newest[:MOST_PREPARED]]


def record_of(entry: Entry) -> Record:
    """What everybody of the chain may read, so that one list can be prepared for all of them."""
    texts = {"title": entry.title}
    if audience_of(entry, "description") != Audience.OFFICE or entry.pk is None:
        texts["description"] = entry.description
    return Record(str(entry.pk), texts)
