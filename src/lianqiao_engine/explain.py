"""Why a pair scores what it scores: every reason an exact addend, with the phrases of both texts it comes from."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from lianqiao_engine.score import Record, Space
from lianqiao_engine.score.fields import joined, said_officially
from lianqiao_engine.score.vectors import FACETS
from lianqiao_engine.score.views import trade_words


@dataclass(frozen=True)
class Reason:
    """One part of a score.

    `kind` is "words" (both texts say it), "officially" (the offer writes what the need says in everyday words),
    "trade" (both belong to the field of work `about`), "facet" (both have the facet `about`, with the value given as
    phrase) or "model" (see `rerank`). The phrases stand in the normalised texts; `amount` is what this reason adds to the score, and the amounts
    of all reasons sum to it.
    """

    kind: str
    about: str
    in_need: tuple[str, ...]
    in_offer: tuple[str, ...]
    amount: float


def explain(space: Space, need: Record, place: int, vector: csr_array | None = None) -> tuple[Reason, ...]:
    """Return why `need` and the offer at `place` of the space score what they score: the weightiest first.

    `vector` (1, terms) is that of the need, where it is at hand already.
    """
    labels = space.labels
    addends = [
        (*labels[column], amount)
        for column, amount in _shared(
            space.vectors([need]) if vector is None else vector, space.offers, place
        )
    ]
    need_text, offer_text = joined(need), space.texts[place]
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


def _shared(vector: csr_array, offers: csr_array, place: int) -> Iterator[tuple[int, float]]:
    """The columns that a need's vector (1, terms) has in common with one of the offers, and what each adds."""
    begin, end = offers.indptr[place : place + 2]
    columns, mine, theirs = np.intersect1d(
        vector.indices, offers.indices[begin:end], assume_unique=True, return_indices=True
    )
    amounts = vector.data[mine] * offers.data[begin:end][theirs]
    return zip(columns.tolist(), amounts.tolist(), strict=True)


def _of_trades(addends: list[tuple[str, float]], need: str, offer: str) -> Iterable[Reason]:
    if not addends:
        return
    asked, given = trade_words(need), trade_words(offer)
    meant: Mapping[str, tuple[str, ...]] | None = None
    for trade, amount in addends:
        said = asked.get(trade, ())
        if not said:
            # An official word may belong to a trade that no word of the need itself names.
            meant = trade_words(" ".join(said_officially(need))) if meant is None else meant
            said = meant.get(trade, ())
        yield Reason("trade", trade, said, given.get(trade, ()), amount)


def _of_facet(term: str, amount: float) -> Reason:
    name, value = term.split(":", 1)
    return Reason("facet", name, (value,), (value,), amount)


def _of_words(addends: list[tuple[str, float]], need: str, offer: str) -> Iterable[Reason]:
    """Characters, pairs and words of one phrase are one reason: the longest run of the need that the offer shares."""
    said = said_officially(need)
    runs = sorted(_runs(need, offer), key=lambda run: (-len(run), run))
    amounts: defaultdict[str, float] = defaultdict(float)
    for term, amount in addends:
        about = term
        # What the need says itself comes before what it was understood as.
        for phrase in runs if term in need else said:
            if term in phrase:
                about = phrase
                break
        amounts[about] += amount
    for phrase, amount in amounts.items():
        if phrase in said:
            yield Reason("officially", phrase, (said[phrase],), (phrase,), amount)
        else:
            yield Reason("words", phrase, (phrase,), (phrase,), amount)


def _runs(need: str, offer: str) -> set[str]:
    """The stretches of two characters or more that both texts hold and that no longer such stretch holds."""
    runs: set[str] = set()
    end = 0
    for start in range(len(need)):
        before, end = end, max(end, start)
        # A stretch that begins later ends no earlier, so each place of the need is looked at once.
        while end < len(need) and need[end].isalnum() and need[start : end + 1] in offer:
            end += 1
        if end > before and end - start >= 2:
            runs.add(need[start:end])
    return runs
