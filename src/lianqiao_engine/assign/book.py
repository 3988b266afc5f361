"""Who could be put together with whom, while needs and offers come and go."""

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from .problem import Floats, Problem

Numbers = NDArray[np.int64]


class Book:
    """The candidates of a problem as they were, and beside them the rows that came later or replaced others."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        order = np.argsort(problem.offer, kind="stable")
        self._by_offer, self._need, self._score = (
            np.searchsorted(problem.offer[order], np.arange(problem.offers + 1)),
            problem.need[order].astype(np.int64),
            problem.score[order],
        )
        self._later: dict[int, tuple[Numbers, Floats]] = {}  # need -> its candidates now
        self._added: defaultdict[int, dict[int, float]] = defaultdict(dict)  # offer -> need -> score
        self._stale = np.zeros(problem.needs, np.bool_)
        self._gone: set[int] = set()

    def of_need(self, need: int) -> tuple[Numbers, Floats]:
        """The offers of a need, and what each is worth."""
        if need in self._later:
            return self._later[need]
        mine = slice(self._problem.starts[need], self._problem.starts[need + 1])
        return self._problem.offer[mine].astype(np.int64), self._problem.score[mine]

    def of_offer(self, offer: int) -> tuple[Numbers, Floats]:
        """The needs that could have an offer, and what it is worth to each."""
        added = self._added.get(offer, {})
        need, score = np.array(list(added), np.int64), np.array(list(added.values()), float)
        if offer < self._problem.offers:
            mine = slice(self._by_offer[offer], self._by_offer[offer + 1])
            fresh = ~self._stale[self._need[mine]]
            need = np.concatenate([self._need[mine][fresh], need])
            score = np.concatenate([self._score[mine][fresh], score])
        return need, score

    def write_need(self, need: int, offers: Numbers, scores: Floats) -> None:
        """From now on these are the candidates of `need`, which may be a new one."""
        for offer in self.of_need(need)[0] if self.knows(need) else ():
            self._added.get(int(offer), {}).pop(need, None)
        if need < len(self._stale):
            self._stale[need] = True
        there = np.array([int(offer) not in self._gone for offer in offers], np.bool_)
        self._later[need] = offers[there], scores[there]
        for offer, score in zip(offers[there].tolist(), scores[there].tolist(), strict=True):
            self._added[offer][need] = score

    def write_offer(self, offer: int, needs: Numbers, scores: Floats) -> None:
        """Add a new offer to the candidates of `needs`."""
        for need, score in zip(needs.tolist(), scores.tolist(), strict=True):
            offers, worth = self.of_need(need)
            self.write_need(need, np.append(offers, offer), np.append(worth, score))

    def strike_offer(self, offer: int) -> None:
        needs, _ = self.of_offer(offer)
        self._gone.add(offer)
        for need in needs.tolist():
            self.write_need(need, *self.of_need(need))

    def knows(self, need: int) -> bool:
        return need in self._later or need < self._problem.needs
