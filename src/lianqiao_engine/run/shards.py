"""A ranking cut into blocks of needs, each answered on its own, and put together again."""

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from lianqiao_engine.retrieve import Index, Top
from lianqiao_engine.retrieve.top import Excluded


@dataclass(frozen=True, eq=False)
class Task:
    """What every worker is told once, before the first shard."""

    offers: csr_array  # (offers, terms)
    asked: int  # by how many needs in all
    k: int

    def index(self) -> Index:
        return Index(self.offers, asked=self.asked)


@dataclass(frozen=True, eq=False)
class Shard:
    """The needs from number `start` on, and what each of them may not have."""

    start: int
    needs: csr_array  # (needs of the shard, terms)
    excluded: tuple[NDArray[np.integer], ...] | None


Answers = Generator[tuple[Shard, Top], None, None]
Cut = Callable[[int], Iterator[Shard]]  # into how many blocks -> the shards


class Workers(Protocol):
    """Whoever answers shards, in any order. Closing the generator ends the work."""

    def answers(self, cut: Cut, task: Task) -> Answers: ...


def cut(needs: csr_array, shards: int, excluded: Excluded | None) -> Iterator[Shard]:
    """Yield `needs` in `shards` blocks of nearly the same number of needs, none of them empty."""
    total = needs.shape[0]
    borders = np.unique(np.linspace(0, total, min(shards, total) + 1).astype(int)).tolist()
    for start, end in pairwise(borders):
        never = tuple(excluded(need) for need in range(start, end)) if excluded else None
        yield Shard(start, needs[start:end], never)


def answer(index: Index, shard: Shard, k: int) -> Top:
    """Return the best offers of the needs of `shard`, numbered from 0."""
    excluded = shard.excluded.__getitem__ if shard.excluded is not None else None
    return index.top(shard.needs, k, excluded=excluded)


def together(answers: Iterable[tuple[Shard, Top]]) -> Top:
    """Return the answers of all shards, whatever order they came in, as one."""
    ordered = sorted(answers, key=lambda pair: pair[0].start)
    return Top(
        np.concatenate([top.need + np.int32(shard.start) for shard, top in ordered]),
        np.concatenate([top.offer for _, top in ordered]),
        np.concatenate([top.score for _, top in ordered]),
    )
