"""The checks at the door: each returns a read-only copy in the engine's own type, or raises BadProblem."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .refusal import BadProblem

LARGEST = np.iinfo(np.int32).max


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    array.flags.writeable = False
    return array


def numbers(
    where: str, values: ArrayLike, size: int | None = None, *, infinite: bool = False
) -> NDArray[np.float64]:
    """One number each, finite (`infinite`: at least not NaN)."""
    found = _array(where, values, np.float64)
    if found.ndim != 1 or (size is not None and len(found) != size):
        raise BadProblem("shape", where, found.shape)
    if (bad := np.isnan(found) if infinite else ~np.isfinite(found)).any():
        raise BadProblem("not finite", f"{where}[{bad.argmax()}]", found[bad.argmax()])
    return frozen(found)


def counts(where: str, values: ArrayLike, size: int) -> NDArray[np.int32]:
    """One whole number from 0 each; a single one stands for all."""
    found = _whole(where, values)
    if found.ndim == 0:
        found = np.full(size, found)
    if found.shape != (size,):
        raise BadProblem("shape", where, f"{found.shape}, wanted ({size},)")
    if (bad := found < 0).any():
        raise BadProblem("negative", f"{where}[{bad.argmax()}]", int(found[bad.argmax()]))
    return frozen(np.minimum(found, LARGEST).astype(np.int32))


def labels(where: str, values: ArrayLike, size: int) -> NDArray[np.int32]:
    """One number of a group each, -1 for none."""
    return frozen(counts(where, _whole(where, values) + 1, size) - np.int32(1))


def groups(where: str, numbered: NDArray[np.int32], capacity: ArrayLike) -> int:
    """How many groups there are: as many as have a capacity, else as many as are named."""
    named, listed = int(numbered.max(initial=-1)) + 1, np.ndim(capacity) and len(np.asarray(capacity))
    if listed and named > listed:
        raise BadProblem("unknown", f"{where}[{int(numbered.argmax())}]", named - 1)
    return max(named, int(listed))


def pairs(where: str, values: ArrayLike, needs: int, offers: int) -> NDArray[np.int32]:
    """(P, 2) pairs of a need and an offer that exist."""
    found = _whole(where, values) if np.size(values) else np.empty((0, 2), np.int64)
    if found.ndim != 2 or found.shape[1] != 2:
        raise BadProblem("shape", where, f"{found.shape}, wanted (P, 2)")
    if (bad := ((found < 0) | (found >= (needs, offers))).any(axis=1)).any():
        at = int(bad.argmax())
        raise BadProblem("out of range", f"{where}[{at}]", tuple(map(int, found[at])))
    return frozen(found.astype(np.int32))


def matrix(where: str, values: ArrayLike) -> NDArray[np.float64]:
    """A matrix of finite numbers with at least one row and one column."""
    found = _array(where, values, np.float64)
    if found.ndim != 2:
        raise BadProblem("shape", where, f"{found.shape}, wanted (needs, offers)")
    if not found.size:
        raise BadProblem("empty", where, found.shape)
    if (bad := ~np.isfinite(found)).any():
        row, column = np.unravel_index(int(bad.argmax()), found.shape)
        raise BadProblem("not finite", f"{where}[{row}, {column}]", found[row, column])
    return found


def marked(where: str, values: ArrayLike | None, shape: tuple[int, int]) -> NDArray[Any]:
    """The pairs that a matrix of truth values marks; a list of pairs is handed on as it is."""
    found = np.empty((0, 2), np.int32) if values is None else np.asarray(values)
    if found.shape == shape and not (shape[1] == 2 and found.dtype.kind in "iu" and (found > 1).any()):
        if ((found != 0) & (found != 1)).any():
            raise BadProblem("out of range", where, "truth values are wanted")
        return np.argwhere(found)
    if found.size and (found.ndim != 2 or found.shape[1] != 2):
        raise BadProblem("shape", where, f"{found.shape}, wanted {shape} or (P, 2)")
    return found


def bundles(given: Iterable[Iterable[int]], needs: int) -> tuple[tuple[int, ...], ...]:
    """Groups of needs, none of them in two groups."""
    found = tuple(tuple(int(need) for need in bundle) for bundle in given)
    seen: set[int] = set()
    for number, bundle in enumerate(found):
        for need in bundle:
            if not 0 <= need < needs:
                raise BadProblem("out of range", f"bundles[{number}]", need)
            if need in seen:
                raise BadProblem("duplicate", f"bundles[{number}]", need)
            seen.add(need)
    return found


def _array(where: str, values: ArrayLike, dtype: type) -> NDArray[Any]:
    try:
        return np.array(values, dtype)
    except (TypeError, ValueError) as error:
        raise BadProblem("not numbers", where) from error


def _whole(where: str, values: ArrayLike) -> NDArray[np.int64]:
    found = np.asarray(values)
    if found.dtype.kind in "iu":
        return found.astype(np.int64)
    floats = _array(where, values, np.float64)
    if (bad := floats != np.floor(floats)).any() or not np.isfinite(floats).all():
        raise BadProblem(
            "not finite" if not bad.any() else "not whole", where, floats[bad][:1] if bad.any() else None
        )
    return floats.astype(np.int64)
