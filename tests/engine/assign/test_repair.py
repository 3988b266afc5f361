"""A plan that is kept current, against a full solve after every event."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianqiao_engine.assign import BadProblem, Problem, solve
from lianqiao_engine.assign.problem import NONE
from lianqiao_engine.assign.repair import Keeper
from lianqiao_engine.check import verify


class Ledger:
    """The same events on a plain table, from which a problem is made anew."""

    def __init__(self, random, needs=7, offers=5, units=2):
        self.random = random
        self.scores = {
            (i, j): random.random() for i in range(needs) for j in range(offers) if random.random() < 0.7
        }
        self.wants = {i: int(random.integers(1, 4)) for i in range(needs)}
        self.capacity = {j: int(random.integers(1, 3)) for j in range(offers)}
        self.unit = {j: int(random.integers(-1, units)) for j in range(offers)}
        self.rooms = random.integers(1, 6, units)
        self.enterprise = {i: int(random.integers(-1, 2)) for i in range(needs)}
        self.fixed, self.floors = [], [0, 0]
        self.last_need, self.last_offer = needs, offers

    def problem(self) -> Problem:
        pairs = np.array(sorted(self.scores), int).reshape(-1, 2)
        return Problem(
            pairs[:, 0],
            pairs[:, 1],
            [self.scores[tuple(pair)] for pair in pairs.tolist()],
            self.last_need,
            self.last_offer,
            [self.wants.get(i, 0) for i in range(self.last_need)],
            [self.capacity.get(j, 0) for j in range(self.last_offer)],
            unit=[self.unit.get(j, -1) for j in range(self.last_offer)],
            unit_capacity=self.rooms,
            enterprise=[self.enterprise.get(i, -1) for i in range(self.last_need)],
            enterprise_owed=self.floors,
            enterprise_capacity=[NONE, NONE],
            fixed=self.fixed,
        )

    def some(self, numbers):
        chosen = [number for number in numbers if self.random.random() < 0.7]
        return np.array(chosen, int), self.random.random(len(chosen))

    def event(self, keeper: Keeper, kind: str) -> None:
        need = int(self.random.choice(list(self.wants))) if self.wants else None
        offer = int(self.random.choice(list(self.capacity))) if self.capacity else None
        if kind == "need arrives":
            offers, scores = self.some(self.capacity)
            assert keeper.add_need(offers, scores, 2) == self.last_need
            self.scores |= {(self.last_need, j): s for j, s in zip(offers.tolist(), scores, strict=True)}
            self.wants[self.last_need] = 2
            self.last_need += 1
        elif kind == "need changes" and need is not None:
            offers, scores = self.some(self.capacity)
            keeper.change_need(need, offers, scores, 1)
            self.scores = {pair: s for pair, s in self.scores.items() if pair[0] != need}
            self.scores |= {(need, j): s for j, s in zip(offers.tolist(), scores, strict=True)}
            self.wants[need] = 1
        elif kind == "need leaves" and need is not None:
            keeper.remove_need(need)
            self.scores = {pair: s for pair, s in self.scores.items() if pair[0] != need}
            del self.wants[need]
        elif kind == "offer arrives":
            needs, scores = self.some(self.wants)
            assert keeper.add_offer(needs, scores, 2, 0) == self.last_offer
            self.scores |= {(i, self.last_offer): s for i, s in zip(needs.tolist(), scores, strict=True)}
            self.capacity[self.last_offer], self.unit[self.last_offer] = 2, 0
            self.last_offer += 1
        elif kind == "offer leaves" and offer is not None:
            keeper.remove_offer(offer)
            self.scores = {pair: s for pair, s in self.scores.items() if pair[1] != offer}
            del self.capacity[offer], self.unit[offer]
        elif kind == "capacity changes" and offer is not None:
            self.capacity[offer] = int(self.random.integers(0, 4))
            keeper.change_capacity(offer, self.capacity[offer])


KINDS = ("need arrives", "need changes", "need leaves", "offer arrives", "offer leaves", "capacity changes")


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=8))
def test_after_every_event_no_limit_is_broken_and_the_sum_is_within_the_gap(seed, kinds):
    ledger = Ledger(np.random.default_rng(seed))
    problem = ledger.problem()
    keeper = Keeper(problem, solve(problem))
    for kind in kinds:
        ledger.event(keeper, kind)
        problem = ledger.problem()
        pairs, best = keeper.pairs(), solve(problem).sum

        assert verify(problem, pairs) == ()
        assert keeper.sum == pytest.approx(problem.score[problem.at(pairs)].sum())
        assert best - keeper.sum <= keeper.gap * abs(keeper.sum) + 1e-9


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=8))
def test_fixed_pairs_and_floors_are_kept_or_a_full_solve_is_asked_for(seed, kinds):
    random = np.random.default_rng(seed)
    ledger = Ledger(random)
    ledger.fixed, ledger.floors = [list(pair) for pair in ledger.scores if random.random() < 0.05], [1, 2]
    problem = ledger.problem()
    plan = solve(problem)
    if plan.status == "infeasible":
        return
    keeper = Keeper(problem, plan)
    for kind in kinds:
        try:
            ledger.event(keeper, kind)
        except BadProblem as refusal:
            # What a fixed pair needs is not taken away.
            if refusal.what == "fixed":
                return
            raise
        problem = ledger.problem()
        pairs, broken = keeper.pairs(), verify(problem, keeper.pairs())

        assert {violation.kind for violation in broken} <= {"enterprise_owed"}
        assert not broken or keeper.needs_full_solve
        if not broken:
            assert keeper.sum == pytest.approx(problem.score[problem.at(pairs)].sum())
            assert solve(problem).sum - keeper.sum <= keeper.gap * abs(keeper.sum) + 1e-9


def test_without_events_the_gap_is_small_and_nothing_is_asked():
    problem = Problem.dense(np.random.default_rng(0).random((6, 6)), 1, 1)
    problem = Problem(problem.need, problem.offer, problem.score, 6, 6, 1, 1)
    keeper = Keeper(problem, solve(problem))

    assert keeper.pairs().tolist() == solve(problem).pairs.tolist()
    assert not keeper.needs_full_solve


def test_a_need_that_leaves_makes_room_for_the_one_it_kept_out():
    problem = Problem([0, 1], [0, 0], [0.9, 0.8], 2, 1, 1, 1)
    keeper = Keeper(problem, solve(problem))
    keeper.remove_need(0)

    assert keeper.pairs().tolist() == [[1, 0]]


@pytest.mark.parametrize(
    "limit", [{"owed": 1}, {"least": 1}, {"bundles": ((0,),)}, {"enterprise": 0, "enterprise_capacity": [1]}]
)  # fmt: skip
def test_limits_that_no_repair_keeps_are_refused(limit):
    problem = Problem([0], [0], [0.9], 1, 1, 1, 1, **limit)

    with pytest.raises(BadProblem, match="not kept current"):
        Keeper(problem, solve(problem))


def test_somebody_who_is_not_there_is_refused():
    problem = Problem([0], [0], [0.9], 1, 1, 1, 1)
    keeper = Keeper(problem, solve(problem))

    with pytest.raises(BadProblem, match="need: unknown"):
        keeper.remove_need(4)
    with pytest.raises(BadProblem, match="offer: unknown"):
        keeper.change_capacity(4, 1)
    with pytest.raises(BadProblem, match="unit: unknown"):
        keeper.add_offer(np.array([0]), np.array([1.0]), unit=3)
