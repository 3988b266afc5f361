"""Find entries by what somebody types: words, pinyin, initials, codes, names of organisations.

Both databases are asked for the same terms, which `terms.py` makes, so their answers cannot differ.
"""

from itertools import pairwise

from django.db.models import Q, QuerySet

from lianqiao.core.actor import OFFICE, PUBLIC, Actor
from lianqiao.core.text import normalise
from lianqiao.lists.engine import words_of
from lianqiao.lists.index import NAME as INDEX
from lianqiao.lists.models import Entry
from lianqiao.lists.queries import SEES_ALL, own_entries
from lianqiao.lists.terms import MARKS, RUNS, Audience, is_hanzi, plain
from lianqiao.registry.queries import containing, listed_organisations

__all__ = ["INDEX", "found_in", "terms_typed"]

MOST_WORDS = 12
MOST_ORGANISATIONS = 200
Words = list[tuple[str, ...]]


def found_in(rows: QuerySet[Entry], text: str, actor: Actor) -> QuerySet[Entry]:
    """Of `rows`, which the actor may see, those in which every word is found that the actor may read."""
    for word in normalise(text).split()[:MOST_WORDS]:
        terms = terms_typed(word)
        if not terms:
            continue
        met = met_by(terms, actor)
        if organisations := organisations_named(word, actor):
            met |= Q(organisation__in=organisations)
        rows = rows.filter(met)
    return rows


def met_by(terms: list[str], actor: Actor) -> Q:
    if actor.role in OFFICE or actor.role in SEES_ALL:
        return Q(search_text__finds=marked(terms, Audience.OFFICE))
    if actor.role == PUBLIC or not actor.chains:
        return Q(search_text__finds=marked(terms, Audience.PUBLIC))
    others = Q(search_text__finds=marked(terms, Audience.CHAIN))
    return others | (own_entries(actor) & Q(search_text__finds=marked(terms, Audience.OFFICE)))


def marked(terms: list[str], audience: Audience) -> Words:
    marks = list(MARKS.values())[: list(MARKS).index(audience) + 1]
    return [tuple(mark + term for mark in marks) for term in terms]


def terms_typed(word: str) -> list[str]:
    """A word of hanzi is met where all its pairs are; letters and digits are the beginning of something."""
    terms: list[str] = []
    for run in RUNS.findall(word):
        if not is_hanzi(run):
            terms.append(f"{plain(run)}*")
            continue
        for part in words_of(run):
            terms += map("".join, pairwise(part)) if len(part) > 1 else [f"{part}*"]
    return list(dict.fromkeys(terms))


def organisations_named(word: str, actor: Actor) -> list[int]:
    if len(word) < 2:
        return []
    rows = containing(listed_organisations(actor), word).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:MOST_ORGANISATIONS])
