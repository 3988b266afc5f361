"""What takes a second to prepare is prepared by one thread of its own, so that no page waits for it."""

import logging
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import connection

AT_ONCE = 0.05  # seconds: nobody notices that a page waited
log = logging.getLogger(__name__)
# One, so that several lists at the same time leave the pages the processor.
WORKER = ThreadPoolExecutor(1, "prepare")
WORK: dict[Hashable, Future[None]] = {}
LOCK = threading.Lock()


def is_prepared(key: Hashable, make: Callable[[], None], wait: float | None) -> bool:
    """Whether `make` was carried out within `wait` seconds (None: however long it takes), by whoever asked first."""
    if connection.in_atomic_block:
        # Another connection would not see what this one has written.
        make()
        return True
    with LOCK:
        work = WORK.get(key)
        if work is None:
            work = WORK[key] = WORKER.submit(carried_out, key, make)
    try:
        work.result(wait)
    except TimeoutError:
        return False
    return True


def carried_out(key: Hashable, make: Callable[[], None]) -> None:
    try:
        make()
    except Exception:
        # Whoever asked may have left.
        log.exception("%s could not be prepared", key)
        raise
    finally:
        connection.close()
        with LOCK:
            WORK.pop(key, None)
