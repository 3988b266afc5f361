"""The assignment problem as data: who may be put together with whom, what that is worth, and what must hold."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import door
from .refusal import BadProblem

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Bundles = tuple[tuple[int, ...], ...]
NONE = np.iinfo(np.int32).max  # a capacity that never binds


@dataclass(frozen=True, eq=False)
class Problem:
    """Candidate pairs with scores, and the limits of needs, offers, units and enterprises.

    Candidates come in any order, each pair once; they are kept sorted by need, then offer. A single number stands for
    the same number everywhere. All arrays are copied and read-only. Raises BadProblem, before any work.

    A need is served by a number of offers between `owed` and `wants`, an offer serves between `least` and `capacity`
    needs; the offers of one unit together, and the needs of one enterprise together, have limits of their own.
    """

    need: Ints  # (E,)
    offer: Ints  # (E,)
    score: Floats  # (E,) higher is better, any finite number
    needs: int
    offers: int
    wants: Ints  # (needs,)
    capacity: Ints  # (offers,)
    owed: Ints = 0  # type: ignore[assignment]  # (needs,)
    least: Ints = 0  # type: ignore[assignment]  # (offers,)
    unit: Ints = -1  # type: ignore[assignment]  # (offers,) the unit of each offer, or -1
    unit_capacity: Ints = NONE  # type: ignore[assignment]  # (units,)
    unit_least: Ints = 0  # type: ignore[assignment]  # (units,)
    enterprise: Ints = -1  # type: ignore[assignment]  # (needs,) the enterprise of each need, or -1
    enterprise_capacity: Ints = NONE  # type: ignore[assignment]  # (enterprises,)
    enterprise_owed: Ints = 0  # type: ignore[assignment]  # (enterprises,) the floor
    fixed: Ints = field(default_factory=lambda: np.empty((0, 2), np.int32))  # (F, 2) pairs that must be
    banned: Ints = field(default_factory=lambda: np.empty((0, 2), np.int32))  # (B, 2) pairs that must not be
    bundles: Bundles = ()  # needs that one unit serves all, or that nobody serves
    kth: Floats | None = None  # (needs,) no pair that was left out of the candidates scores higher

    def __post_init__(self) -> None:
        put = lambda name, value: object.__setattr__(self, name, value)  # noqa: E731
        for side in ("needs", "offers"):
            if getattr(self, side) < 1:
                raise BadProblem("empty", side)
        counts = {"needs": self.needs, "offers": self.offers}
        for name, of in (("wants", "needs"), ("owed", "needs"), ("capacity", "offers"), ("least", "offers")):
            put(name, door.counts(name, getattr(self, name), counts[of]))
        for label, of in (("unit", "offers"), ("enterprise", "needs")):
            put(label, door.labels(label, getattr(self, label), counts[of]))
            groups = door.groups(label, getattr(self, label), getattr(self, f"{label}_capacity"))
            floor = "unit_least" if label == "unit" else "enterprise_owed"
            for name in (f"{label}_capacity", floor):
                put(name, door.counts(name, getattr(self, name), groups))
        put("fixed", door.pairs("fixed", self.fixed, self.needs, self.offers))
        put("banned", door.pairs("banned", self.banned, self.needs, self.offers))
        if (both := np.isin(self.keys(self.fixed), self.keys(self.banned))).any():
            raise BadProblem("contradiction", "fixed", (*map(int, self.fixed[both.argmax()]), "is banned"))
        self._put_candidates(put)
        put("bundles", door.bundles(self.bundles, self.needs))
        if self.kth is not None:
            put("kth", door.numbers("kth", self.kth, self.needs, infinite=True))

    def _put_candidates(self, put: Any) -> None:
        score = door.numbers("score", self.score)
        pairs = door.pairs("candidates", _columns(self.need, self.offer, len(score)), self.needs, self.offers)
        keys = self.keys(pairs)
        if not (keys[1:] > keys[:-1]).all():
            order = np.argsort(keys, kind="stable")
            pairs, score, keys = pairs[order], score[order], keys[order]
        if (again := keys[1:] == keys[:-1]).any():
            raise BadProblem("duplicate", "candidates", tuple(map(int, pairs[again.argmax()])))
        if (strange := ~np.isin(self.keys(self.fixed), keys)).any():
            raise BadProblem("unknown", "fixed", tuple(map(int, self.fixed[strange.argmax()])))
        if len(self.banned):
            allowed = ~np.isin(keys, self.keys(self.banned))
            pairs, score = pairs[allowed], score[allowed]
        put("need", door.frozen(pairs[:, 0]))
        put("offer", door.frozen(pairs[:, 1]))
        put("score", door.frozen(score))

    @classmethod
    def dense(
        cls,
        scores: ArrayLike,
        coverage: ArrayLike,
        load_ub: ArrayLike,
        load_lb: ArrayLike = 0,
        *,
        forbidden: ArrayLike | None = None,
        fixed: ArrayLike | None = None,
    ) -> Self:
        """A matrix of scores (needs, offers), as published instances of reviewer assignment have it.

        Each need is served by exactly `coverage` offers. `forbidden` and `fixed` are matrices of truth values of the
        same shape, or lists of pairs (P, 2).
        """
        matrix = door.matrix("scores", scores)
        needs, offers = matrix.shape
        return cls(
            need=np.repeat(np.arange(needs, dtype=np.int32), offers),
            offer=np.tile(np.arange(offers, dtype=np.int32), needs),
            score=matrix.ravel(),
            needs=needs,
            offers=offers,
            wants=coverage,  # type: ignore[arg-type]
            owed=coverage,  # type: ignore[arg-type]
            capacity=load_ub,  # type: ignore[arg-type]
            least=load_lb,  # type: ignore[arg-type]
            fixed=door.marked("fixed", fixed, matrix.shape),
            banned=door.marked("forbidden", forbidden, matrix.shape),
        )

    def keys(self, pairs: NDArray[Any]) -> NDArray[np.int64]:
        """One number for each pair, in the order of the candidates."""
        return pairs[:, 0].astype(np.int64) * self.offers + pairs[:, 1]

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """(needs + 1,) where the candidates of each need begin."""
        return np.searchsorted(self.need, np.arange(self.needs + 1))

    @cached_property
    def is_fixed(self) -> NDArray[np.bool_]:
        """(E,) the candidates that must be."""
        return self.marks(self.fixed)

    def marks(self, pairs: ArrayLike) -> NDArray[np.bool_]:
        """(E,) which candidates are among `pairs`; pairs that are no candidates are passed over."""
        marked = np.zeros(len(self.need), np.bool_)
        marked[self.at(pairs)] = True
        return marked

    def at(self, pairs: ArrayLike) -> NDArray[np.int64]:
        """Where those of `pairs` that are candidates stand among the candidates, in the order of `pairs`."""
        listed = np.asarray(pairs, np.int64).reshape(-1, 2)
        where, exists = self.lookup(listed[:, 0], listed[:, 1])
        return where[exists]

    def lookup(self, need: NDArray[Any], offer: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Where each pair stands among the candidates, and whether it does."""
        if not len(self.need):
            return np.zeros(len(need), np.int64), np.zeros(len(need), np.bool_)
        wanted = need.astype(np.int64) * self.offers + offer
        where = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        return where, self._keys[where] == wanted

    @cached_property
    def _keys(self) -> NDArray[np.int64]:
        return self.keys(np.column_stack([self.need, self.offer]))

    def pairs(self, edges: NDArray[Any]) -> Ints:
        """(P, 2) of these candidates, given by number or by mark."""
        return np.column_stack([self.need[edges], self.offer[edges]])

    def sums(self, edges: NDArray[Any]) -> Floats:
        """(needs,) the sum of each need's scores over these candidates."""
        return np.bincount(self.need[edges], self.score[edges], self.needs).astype(np.float64)

    @cached_property
    def served(self) -> NDArray[np.bool_]:
        """(needs,) who has a candidate at all: the worst-off is looked for among these."""
        return np.diff(self.starts) > 0


def _columns(need: ArrayLike, offer: ArrayLike, rows: int) -> NDArray[Any]:
    sides = [np.asarray(need), np.asarray(offer)]
    for name, side in zip(("need", "offer"), sides, strict=True):
        if side.shape != (rows,):
            raise BadProblem("shape", name, f"{side.shape}, and {rows} scores")
    return np.column_stack(sides)
