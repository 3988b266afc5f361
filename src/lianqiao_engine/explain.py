"""Why a pair scores what it scores: every reason an exact addend, with the phrases of both texts it comes from."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from lianqiao_engine.score import Record, Space
from lianqiao_engine.score.fields import joined, said_officially
from lianqiao_engine.score.vectors import FACETS
from lianqiao_engine.score.views import trade_words_in


@dataclass(frozen=True)
class Reason:
    """One part of a score.

    `kind` is "words" (both texts say it), "officially" (the offer writes what the need says in everyday words),
    "trade" (both belong to the field of work `about`) or "facet" (both have the facet `about`, with the value given as
    phrase). The phrases stand in the normalised texts; `amount` is what this reason adds to the score, and the amounts
    of all reasons sum to it.
    """

    kind: str
    about: str
    in_need: tuple[str, ...]
    in_offer: tuple[str, ...]
    amount: float


def explain(
    space: Space, need: Record, place: int, offer: Record, vector: csr_array | None = None
) -> tuple[Reason, ...]:
    """Return why `need` and `offer`, the one at `place` of the space, score what they score: the weightiest first.

    `vector` (1, terms) is that of the need, where it is at hand already.
    """
    shared = (space.vectors([need]) if vector is None else vector).multiply(space.offers[[place]]).tocoo()
    labels = space.labels
    addends = [
        (*labels[column], float(amount)) for column, amount in zip(shared.col, shared.data, strict=True)
    ]
    need_text, offer_text = joined(need), joined(offer)
    reasons = [
        *_of_trades(
            [(term, amount) for view, term, amount in addends if view == "trades"], need_text, offer_text
        ),
        *_of_words(
            [(term, amount) for view, term, amount in addends if view not in ("trades", FACETS)],
            need_text,
            offer_text,
        ),
        *(_of_facet(term, amount) for view, term, amount in addends if view == FACETS),
    ]
    return tuple(sorted(reasons, key=lambda reason: (-reason.amount, reason.kind, reason.about)))


def _of_trades(addends: list[tuple[str, float]], need: str, offer: str) -> Iterable[Reason]:
    for trade, amount in addends:
        # An official word may belong to a trade that no word of the need itself names.
        said = trade_words_in(need, trade) or trade_words_in(" ".join(said_officially(need)), trade)
        yield Reason("trade", trade, said, trade_words_in(offer, trade), amount)


def _of_facet(term: str, amount: float) -> Reason:
    name, value = term.split(":", 1)
    return Reason("facet", name, (value,), (value,), amount)


def _of_words(addends: list[tuple[str, float]], need: str, offer: str) -> Iterable[Reason]:
    """Characters, pairs and words of one phrase are one reason: the longest run of the need that the offer shares."""
    said = said_officially(need)
    runs = sorted(_runs(need, offer), key=lambda run: (-len(run), run))
    amounts: defaultdict[str, float] = defaultdict(float)
    for term, amount in addends:
        # What the need says itself comes before what it was understood as.
        phrases = runs if term in need else said
        amounts[next((phrase for phrase in phrases if term in phrase), term)] += amount
    for phrase, amount in amounts.items():
        if phrase in said:
            yield Reason("officially", phrase, (said[phrase],), (phrase,), amount)
        else:
            yield Reason("words", phrase, (phrase,), (phrase,), amount)


def _runs(need: str, offer: str) -> set[str]:
    """The longest stretches of two characters or more that both texts hold, by a table of common suffixes."""
    if not need or not offer:
        return set()
    theirs = np.frombuffer(offer.encode("utf-32-le"), np.uint32)
    before = np.zeros(len(theirs) + 1, np.int32)
    runs: set[str] = set()
    previous = 0
    for at, char in enumerate(need):
        lengths = np.zeros_like(before)
        lengths[1:] = np.where((theirs == ord(char)) & char.isalnum(), before[:-1] + 1, 0)
        longest = int(lengths.max())
        if previous >= 2 and longest <= previous:
            runs.add(need[at - previous : at])
        before, previous = lengths, longest
    if previous >= 2:
        runs.add(need[len(need) - previous :])
    return runs
