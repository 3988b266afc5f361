import threading

import numpy as np
import pytest

from lianqiao_engine.assign import Problem, clock, fair, fast, solve, whole
from lianqiao_engine.assign.clock import Clock, OutOfTime
from lianqiao_engine.assign.solve import ON_NETWORK


def test_progress_is_told_while_a_solver_works(monkeypatch):
    monkeypatch.setattr(clock, "EVERY", 0.001)
    told, thrice = [], threading.Event()

    def tell(progress):
        told.append(progress.stage)
        if len(told) == 3:
            thrice.set()

    with Clock(None, tell).ticking():
        assert thrice.wait(60)

    assert len(told) >= 3


@pytest.mark.parametrize(
    ("objective", "at", "name", "stage"),
    [
        ("best", ON_NETWORK, "best", "best sum"),
        ("fast", fast, "_near_best", "good sum"),
        ("fast", fast, "levelled", "worst-off"),
        ("fair", fair, "best_on_network", "best sum"),
        ("fair", fair, "generate", "worst-off"),
        ("fair", whole, "_best_of", "best sum at this level"),
        ("fair", whole, "_by_choice", "best sum at this level"),
        ("fair", fair, "highest_level", "worst-off in whole pairs"),
    ],
)
def test_every_stage_that_takes_long_goes_on_telling(monkeypatch, objective, at, name, stage):
    monkeypatch.setattr(clock, "EVERY", 0.001)
    told, twice = [], threading.Event()

    def tell(progress):
        told.append(progress.stage)
        if told.count(stage) > 2:
            twice.set()

    step = at[name] if isinstance(at, dict) else getattr(at, name)

    def long_step(*given, **named):
        assert twice.wait(60)
        return step(*given, **named)

    if isinstance(at, dict):
        monkeypatch.setitem(at, name, long_step)
    else:
        monkeypatch.setattr(at, name, long_step)
    # The level that fractions reach is out of reach for whole pairs.
    scores = np.round(np.random.default_rng(2).random((4, 4)), 2)
    solve(Problem.dense(scores, 2, 2, 2), objective=objective, progress=tell)

    assert twice.is_set()


def test_time_that_is_over_is_said():
    with pytest.raises(OutOfTime):
        Clock(0.0, None).check()
