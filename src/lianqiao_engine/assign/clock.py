"""How long a solver may take, and what it tells meanwhile."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from .plan import Progress, Tell

EVERY = 1.0


class OutOfTime(Exception):
    """The time limit came before a first answer."""


class Clock:
    """Started once for a solve; handed to every step of it."""

    def __init__(self, time_limit: float | None, tell: Tell | None) -> None:
        self._began = time.monotonic()
        self._limit, self._tell = time_limit, tell
        self.stage, self.done = "best sum", None  # type: str, float | None
        self.best, self.bound = None, None  # type: float | None, float | None

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    @property
    def left(self) -> float | None:
        """Seconds that are left, at least a moment: solvers read 0 as no limit."""
        return None if self._limit is None else max(self._limit - self.seconds, 0.01)

    @property
    def is_over(self) -> bool:
        return self._limit is not None and self.seconds >= self._limit

    def check(self) -> None:
        """Raise OutOfTime when time is over."""
        if self.is_over:
            raise OutOfTime

    def enter(self, stage: str, *, best: float | None = None, bound: float | None = None) -> None:
        """Say what is done next, and what is known by now."""
        self.stage, self.done = stage, None
        self.best = self.best if best is None else best
        self.bound = self.bound if bound is None else bound
        self.tell()

    def tell(self) -> None:
        if self._tell:
            self._tell(Progress(self.stage, self.done, self.seconds, self.best, self.bound))

    @contextmanager
    def ticking(self) -> Iterator[None]:
        """Tell from a thread now and then; what holds the interpreter for long works in a process of its own."""
        if not self._tell:
            yield
            return
        over = threading.Event()
        ticker = threading.Thread(target=self._tick_until, args=(over,), daemon=True)
        ticker.start()
        try:
            yield
        finally:
            over.set()
            ticker.join()

    def _tick_until(self, over: threading.Event) -> None:
        while not over.wait(EVERY):
            self.tell()
