"""Two changes that wait for each other: PostgreSQL gives one of them up, and it is made again instead of refused."""

import threading
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import OperationalError, connection, transaction

DEADLOCK = "40P01"
TIMES = 3


class Stayed(threading.local):
    count = 0


STAYED = Stayed()


def note() -> None:
    """For `audit.record`: something is written that a second time would write twice."""
    transaction.on_commit(count_up)


def count_up() -> None:
    STAYED.count += 1


def written() -> int:
    """What this thread has written so far and not taken back, whether it is committed yet or not."""
    return STAYED.count + sum(waiting[1] is count_up for waiting in connection.run_on_commit)


def is_given_up(error: BaseException | None) -> bool:
    while error is not None:
        if getattr(error, "sqlstate", "") == DEADLOCK:
            return True
        error = error.__cause__
    return False


def again(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view, run anew where the database gave its change up and nothing of it stayed."""

    @wraps(view)
    def run(request: Any, *args: Any, **kwargs: Any) -> Any:
        before, left = written(), TIMES
        while True:
            try:
                return view(request, *args, **kwargs)
            except OperationalError as error:
                left -= 1
                if not left or not is_given_up(error) or written() != before:
                    raise
            for file in request.FILES.values():
                file.seek(0)

    return run
