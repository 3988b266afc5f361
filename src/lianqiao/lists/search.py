"""Find entries by what somebody types: words, pinyin, initials, codes, names of organisations.

Both databases are asked for the same terms, which `terms.py` makes, so their answers cannot differ.
"""

from itertools import pairwise

from django.db.models import QuerySet

from lianqiao.core.actor import OFFICE, PUBLIC, Actor
from lianqiao.core.text import normalise
from lianqiao.lists.engine import words_of
from lianqiao.lists.index import Wanted
from lianqiao.lists.models import Entry
from lianqiao.lists.queries import SEES_ALL, entries_for, own_entries
from lianqiao.lists.terms import MARKS, RUNS, Audience, is_hanzi, plain
from lianqiao.registry.queries import containing, listed_organisations

MOST_WORDS = 12
MOST_ORGANISATIONS = 200
MOST_OWN = 500
FEW_DIGITS = 3


def found_in(rows: QuerySet[Entry], text: str, actor: Actor) -> QuerySet[Entry]:
    """Of `rows`, which the actor may see, those in which every word is found that the actor may read."""
    for word in normalise(text).split()[:MOST_WORDS]:
        if terms := terms_typed(word):
            rows = rows.filter(search_text__finds=wanted_by(actor, word, terms))
    return rows


def wanted_by(actor: Actor, word: str, terms: list[str]) -> Wanted:
    organisations = organisations_named(word, actor)
    if actor.role in OFFICE or actor.role in SEES_ALL:
        return Wanted(marked(terms, Audience.OFFICE), (), organisations)
    if actor.role == PUBLIC or not actor.chains:
        return Wanted(marked(terms, Audience.PUBLIC), own_found(actor, terms), organisations)
    return Wanted(marked(terms, Audience.CHAIN), own_found(actor, terms), organisations)


def own_found(actor: Actor, terms: list[str]) -> tuple[int, ...]:
    """Of the actor's own entries those that say it anywhere: one's own is hidden from others only."""
    rows = entries_for(actor).filter(own_entries(actor))
    rows = rows.filter(search_text__finds=Wanted(marked(terms, Audience.OFFICE)))
    return tuple(rows.order_by("pk").values_list("pk", flat=True)[:MOST_OWN])


def marked(terms: list[str], audience: Audience) -> tuple[tuple[str, ...], ...]:
    marks = list(MARKS.values())[: list(MARKS).index(audience) + 1]
    return tuple(tuple(mark + term for mark in marks) for term in terms)


def terms_typed(word: str) -> list[str]:
    """A word of hanzi is met where all its pairs are; letters and digits are the beginning of something."""
    terms: list[str] = []
    for run in RUNS.findall(word):
        if not is_hanzi(run):
            terms.append(plain(run) if is_vague(run) else f"{plain(run)}*")
            continue
        for part in words_of(run):
            terms += map("".join, pairwise(part)) if len(part) > 1 else [f"{part}*"]
    return list(dict.fromkeys(terms))


def is_vague(run: str) -> bool:
    """Half of all telephone numbers begin with the same two digits: so few are meant whole."""
    return run.isdigit() and len(run) < FEW_DIGITS


def organisations_named(word: str, actor: Actor) -> tuple[int, ...]:
    if len(word) < 2:
        return ()
    rows = containing(listed_organisations(actor), word).order_by("pk")
    return tuple(rows.values_list("pk", flat=True)[:MOST_ORGANISATIONS])
