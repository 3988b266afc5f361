"""The lists' door to the engine: words as people type them, and which entries are near to a text."""

import time
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from lianqiao.core.kept import Kept
from lianqiao.core.text import normalise
from lianqiao.lists.preparing import AT_ONCE, is_prepared
from lianqiao_engine.capture import Captured, with_proposals
from lianqiao_engine.capture import Entry as Said
from lianqiao_engine.explain import Reason, explain
from lianqiao_engine.lexicon import concepts
from lianqiao_engine.retrieve import top
from lianqiao_engine.rounds.rules import Rules
from lianqiao_engine.score import Record, Space
from lianqiao_engine.text.phrases import Phrases
from lianqiao_engine.text.segment import boundaries

__all__ = [
    "THRESHOLD",
    "Reason",
    "Record",
    "Said",
    "held_against",
    "near",
    "trades_in",
    "why",
    "words_of",
]

THRESHOLD = Rules().threshold  # what a round would take for a candidate
MOST_SPACES = 12
# A list that changes all the time is prepared anew for at most one twentieth of the time.
PATIENCE = 20
# Seconds for which a page still takes the list as it was while it is prepared anew.
OLDEST = 600


def words_of(text: str) -> list[str]:
    """The words of a run of text, one after the other."""
    return [text[start:end] for start, end in pairwise(sorted(boundaries(text)))]


def trades_in(text: str) -> list[str]:
    """Words of this text that belong to a trade the engine knows, each once."""
    return list(dict.fromkeys(word for _, word in trade_words().apart(normalise(text))))


@cache
def trade_words() -> Phrases:
    return Phrases({word for concept in concepts() for word in concept.work + concept.study if len(word) > 1})


@dataclass
class Prepared:
    """A list as the engine knows it: `state` is what it was made of, `seconds` how long that took.

    `space` is None where the list is empty, which is kept as well.
    """

    state: Hashable
    records: list[Record]
    space: Space | None
    seconds: float
    made: float = field(default_factory=time.monotonic)

    @property
    def age(self) -> float:
        return time.monotonic() - self.made


SPACES: Kept[Hashable, Prepared] = Kept(MOST_SPACES)


def near(
    key: Hashable,
    state: Hashable,
    records: Callable[[], Sequence[Record]],
    asked: Record,
    most: int,
    wait: float | None = AT_ONCE,
) -> list[tuple[str, float]] | None:
    """(id, score) of the records that are nearest to `asked`, the best first; None while the list is being prepared.

    `key` names the list, `state` changes when the list does; the list is read only when it has to be prepared anew,
    in a thread of its own. `wait` says for how long the caller stays, None until it is there.
    """
    prepared = space_of(key, state, records, wait)
    if prepared is None or prepared.space is None:
        return None if prepared is None else []
    best = top(prepared.space.vectors([asked]), prepared.space.offers, min(most, len(prepared.records)))
    return [
        (prepared.records[place].id, float(score))
        for place, score in zip(best.offer, best.score, strict=True)
    ]


def why(key: Hashable, asked: Record, ids: Iterable[str]) -> dict[str, tuple[Reason, ...]]:
    """For each of `ids`, which `near` found in the list of this name, what makes it near: the weightiest first."""
    prepared = SPACES.get(key)
    if prepared is None or prepared.space is None:
        return {}
    space = prepared.space
    wanted = set(ids)
    places = {record.id: place for place, record in enumerate(prepared.records) if record.id in wanted}
    vector = space.vectors([asked])
    return {each: explain(space, asked, place, vector) for each, place in places.items()}


def space_of(
    key: Hashable, state: Hashable, records: Callable[[], Sequence[Record]], wait: float | None
) -> Prepared | None:
    known = SPACES.get(key)
    if known and (known.state == state or known.age < known.seconds * PATIENCE):
        return known

    def make() -> None:
        began = time.monotonic()
        rows = list(records())
        space = Space(rows, rows) if rows else None
        SPACES.put(key, Prepared(state, rows, space, time.monotonic() - began))

    if is_prepared(key, make, wait):
        return SPACES.get(key)
    return known if known and known.age < OLDEST else None


@dataclass(frozen=True)
class Proposals:
    """What a model said, in the shape that the engine asks for it."""

    said: Sequence[Said]

    def proposals(self, text: str, found: Captured) -> Sequence[Said]:
        return self.said


def held_against(text: str, found: Iterable[Said], proposed: Sequence[Said]) -> list[Said]:
    """Of `proposed` what stands in the text and was not found by the rules, marked and with its offset."""
    known = Captured(entries=tuple(found))
    both = with_proposals(text, known, Proposals(proposed))
    return list(both.entries[len(known.entries) :])
