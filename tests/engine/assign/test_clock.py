import threading

import pytest

from lianqiao_engine.assign import clock
from lianqiao_engine.assign.clock import Clock, OutOfTime


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


def test_time_that_is_over_is_said():
    with pytest.raises(OutOfTime):
        Clock(0.0, None).check()
