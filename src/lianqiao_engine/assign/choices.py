"""What one need may take all together: the sets of partners that reach a level, best first or all down to a floor."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .alike import Alike
from .problem import Floats, Problem

Numbers = NDArray[np.int64]
# Unfinished sets times items that are looked at in one step.
LARGEST = 1_000_000


class TooMany(Exception):
    """More choices than can be listed."""


@dataclass(frozen=True, eq=False)
class Menu:
    """The items of a need: classes of offers, as often as it may take them, and `nobody` as often as it may go without."""

    need: int
    given: Numbers  # the classes of its fixed pairs
    given_value: float
    item: Numbers  # (items,) class or nobody
    again: NDArray[np.bool_]  # (items,) the same class as the item before
    value: Floats  # (items,)
    picks: int
    level: float
    nobody: int
    width: int  # of a choice: the rest is filled with nobody

    def best(self, price: Floats, own: float, many: int) -> tuple[Numbers, Floats]:
        """The `many` best choices, and what they are worth when a partner costs its class's `price` and `own`.

        An item that `picks` others exceed in value and in worth is in none of the best.
        """
        worth = self._worth(price, own)
        order = np.lexsort((-worth, -self.value))
        sorted_worth = worth[order]
        exceeded = np.tril(sorted_worth[None, :] >= sorted_worth[:, None], -1).sum(axis=1)
        choices, worths = self._down_to(-np.inf, worth, order[exceeded < self.picks], price, own)
        top = np.argsort(-worths, kind="stable")[:many]
        return choices[top], worths[top]

    def down_to(self, floor: float, price: Floats, own: float) -> Numbers:
        """All choices that are worth at least `floor` after prices. Raises TooMany."""
        return self._down_to(floor, self._worth(price, own), np.arange(len(self.item)), price, own)[0]

    def _worth(self, price: Floats, own: float) -> Floats:
        return self.value - price[self.item] - np.where(self.item == self.nobody, 0.0, own)

    def _down_to(
        self, floor: float, worth: Floats, among: Numbers, price: Floats, own: float
    ) -> tuple[Numbers, Floats]:
        base = self.given_value - float(price[self.given].sum()) - own * len(self.given)
        found, total = _sets(
            self.value[among], worth[among], self.again[among], self.picks, self.level, floor - base
        )
        given = np.broadcast_to(self.given, (len(found), len(self.given)))
        nobody = np.full((len(found), self.width - len(self.given) - self.picks), self.nobody)
        return np.column_stack([given, self.item[among][found], nobody]), total + base


def menus_of(problem: Problem, alike: Alike, level: float) -> Iterator[Menu]:
    """One for each need that has a candidate."""
    nobody = len(alike.members)
    for need in np.flatnonzero(problem.served).tolist():
        mine = slice(problem.starts[need], problem.starts[need + 1])
        classes, fixed = alike.of[problem.offer[mine]], problem.is_fixed[mine]
        value = problem.score[mine]
        picks = int(problem.wants[need]) - int(fixed.sum())
        order = np.argsort(classes[~fixed], kind="stable")
        item, worth = classes[~fixed][order], value[~fixed][order]
        rank = np.arange(len(item)) - np.searchsorted(item, item)
        item, worth, rank = item[rank < picks], worth[rank < picks], rank[rank < picks]
        without = min(max(int(problem.wants[need] - problem.owed[need]), 0), picks)
        given_value = float(value[fixed].sum())
        yield Menu(
            need=need,
            given=classes[fixed],
            given_value=given_value,
            item=np.append(item, np.full(without, nobody)),
            again=np.append(rank, np.arange(without)) > 0,
            value=np.append(worth, np.zeros(without)),
            picks=picks,
            level=level - given_value,
            nobody=nobody,
            width=max(int(problem.wants.max()), 0),
        )


def _sets(
    value: Floats, worth: Floats, again: NDArray[np.bool_], picks: int, level: float, floor: float
) -> tuple[Numbers, Floats]:
    """(sets, picks) of items by number, each adding up to `level` in value and `floor` in worth; and their worths."""
    order = np.argsort(-worth, kind="stable")
    value, worth, again = value[order], worth[order], again[order]
    highest = float(value.max(initial=0.0))
    chosen, values, worths = np.empty((1, 0), np.int64), np.zeros(1), np.zeros(1)
    number = np.arange(len(value))
    for rest in range(picks - 1, -1, -1):
        if len(chosen) * len(number) > LARGEST:
            raise TooMany
        last = chosen[:, -1] if chosen.shape[1] else np.full(len(chosen), -1)
        # Items come by falling worth, so that what follows adds at most as much again.
        could = worths[:, None] + (1 + rest) * worth >= floor
        could &= values[:, None] + value + rest * highest >= level
        # Of the same class the first one comes first.
        could &= (number > last[:, None]) & (~again | (number - 1 == last[:, None]))
        sets, items = np.nonzero(could)
        chosen = np.column_stack([chosen[sets], items])
        values, worths = values[sets] + value[items], worths[sets] + worth[items]
    enough = (values >= level) & (worths >= floor)
    return order[chosen[enough]], worths[enough]
