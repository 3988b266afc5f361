"""The compiled loops of `blocks`. Whoever imports this module pays for numba.

Over one block of offers an upper bound of each score is added up in float32: frequent terms from dense columns of
bytes, four at a time, which the compiler turns into vector instructions, the others from their postings. Only an offer
whose bound reaches the k-th best score so far is scored exactly, term by term in float64, as `scan` does it.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

STEPS = 255  # a weight is so many steps of its term's greatest one, rounded up
BYTE = 8  # a posting: the offer's number, then the steps
LEAST = np.float32(1e-30)  # no common term bounds less than this share: what is met is never lost in rounding
LOOK = 64  # offers looked at together: one vector comparison says that none of them matters
HALVINGS = 12  # how near the k-th greatest bound is found: within 1/4096 of the greatest
CLOSE = 1.2e-7  # what one addition in float32 may lose, with room


def compiled(**options: Any) -> Callable[[Callable], Callable]:
    """njit that keeps its machine code for the next process, where there is a folder that may be written."""

    def decorate(function: Callable) -> Callable:
        try:
            return njit(cache=True, nogil=True, **options)(function)
        except RuntimeError:
            return njit(nogil=True, **options)(function)

    return decorate


@compiled()
def place(indptr, terms, data, greatest, column, starts, dense, postings):
    """Write what every offer holds into `dense` (blocks, frequent terms, offers) and `postings` (others, by term)."""
    size = dense.shape[2]
    filled = starts.copy()
    for offer in range(len(indptr) - 1):
        for at in range(indptr[offer], indptr[offer + 1]):
            term = terms[at]
            if data[at] > 0:
                steps = min(STEPS, int(np.ceil(data[at] / greatest[term] * STEPS)))
                if column[term] >= 0:
                    dense[offer // size, column[term], offer % size] = steps
                else:
                    postings[filled[term]] = (offer << BYTE) | steps
                    filled[term] += 1


@compiled(fastmath={"contract"})
def add_columns(bound, columns, which, share, many):
    for at in range(0, many, 4):
        first, second = columns[which[at]], columns[which[at + 1]]
        third, fourth = columns[which[at + 2]], columns[which[at + 3]]
        one, two, three, four = share[at], share[at + 1], share[at + 2], share[at + 3]
        for i in range(len(bound)):
            bound[i] += (
                np.float32(first[i]) * one
                + np.float32(second[i]) * two
                + np.float32(third[i]) * three
                + np.float32(fourth[i]) * four
            )


@compiled()
def add_postings(bound, postings, at, end, start, share):
    """Add one term's postings in this block; return where the next block's begin."""
    first, last = np.uint32(start), start + len(bound)
    while at < end:
        posting = postings[at]
        # Unsigned all the way: a place that could be negative costs a test each time.
        offer = np.uint32(posting >> np.uint32(BYTE))
        if offer >= last:
            break
        bound[np.uint32(offer - first)] += np.float32(np.uint8(posting)) * share
        at += 1
    return at


@compiled()
def leaders(bound, groups, k):
    """Return a bound that at least k offers of the block reach, near the k-th greatest; 0 where none is found.

    Every group's greatest is one offer, and there are many more groups than k.
    """
    groups[:] = 0
    for start in range(0, len(bound), len(groups)):
        part = bound[start : start + len(groups)]
        for i in range(len(groups)):
            groups[i] = part[i] if part[i] > groups[i] else groups[i]
    low, high = np.float32(0), groups.max()
    for _ in range(HALVINGS):
        middle = (low + high) / np.float32(2)
        if (groups >= middle).sum() >= k:
            low = middle
        else:
            high = middle
    return low


@compiled()
def behind(scores, offers, one, other):
    return scores[one] < scores[other] or (scores[one] == scores[other] and offers[one] > offers[other])


@compiled()
def sink(scores, offers, at, size):
    """Restore the heap below `at`: the worst on top, of equal ones the later offer."""
    while True:
        child = 2 * at + 1
        if child >= size:
            return
        if child + 1 < size and behind(scores, offers, child + 1, child):
            child += 1
        if not behind(scores, offers, child, at):
            return
        scores[at], scores[child] = scores[child], scores[at]
        offers[at], offers[child] = offers[child], offers[at]
        at = child


@compiled()
def enter(scores, offers, size, score, offer):
    """Put an offer among the best; return how many there are."""
    if size < len(scores):
        scores[size], offers[size] = score, offer
        size += 1
        if size == len(scores):
            for at in range(size // 2 - 1, -1, -1):
                sink(scores, offers, at, size)
    elif score > scores[0] or (score == scores[0] and offer < offers[0]):
        scores[0], offers[0] = score, offer
        sink(scores, offers, 0, size)
    return size


@compiled()
def order(scores, offers, size):
    """Bring the best first."""
    for at in range(size // 2 - 1, -1, -1):
        sink(scores, offers, at, size)
    for last in range(size - 1, 0, -1):
        scores[0], scores[last] = scores[last], scores[0]
        offers[0], offers[last] = offers[last], offers[0]
        sink(scores, offers, 0, last)


@compiled()
def reach(scores, size, whole, terms):
    """Return the bound that an offer must reach to be one of the best: any at all while there is room."""
    if size < len(scores):
        return LEAST / 2
    return max(LEAST / 2, np.float32(scores[0] / whole * (1 - (terms + 16) * CLOSE)))


@compiled()
def consider(bound, start, low, high, forward, weight, whole, terms, scores, offers, size):
    """Score the offers whose bound is in [low, high); return how many are among the best now."""
    indptr, columns, data = forward
    for first in range(0, len(bound), LOOK):
        group, reached = bound[first : first + LOOK], 0
        for i in range(LOOK):
            reached |= group[i] >= low
        if not reached:
            continue
        for i in range(LOOK):
            if low <= group[i] < high:
                offer, score = start + first + i, 0.0
                for at in range(indptr[offer], indptr[offer + 1]):
                    score += weight[columns[at]] * data[at]
                size = enter(scores, offers, size, score, offer)
                low = max(low, reach(scores, size, whole, terms))
    return size


@compiled()
def search(needs, banned, forward, inverted, groups, weight, scores, offers, sizes):
    """Fill `scores` and `offers` (needs, k) with the best of every need, `sizes` (needs,) with how many they are."""
    indptr, columns, data = needs
    banned_ptr, banned_offers = banned
    greatest, column, starts, dense, postings = inverted
    size = dense.shape[2]
    bound = np.empty(size, np.float32)
    share, at = np.zeros(len(columns), np.float32), starts[columns]
    banned_at, whole = banned_ptr.copy(), np.zeros(len(sizes))
    which, parts = np.zeros(len(columns) + 3, np.int64), np.zeros(len(columns) + 3, np.float32)
    for need in range(len(sizes)):
        mine = range(indptr[need], indptr[need + 1])
        for i in mine:
            whole[need] += data[i] * greatest[columns[i]]
        for i in mine:
            part = data[i] * greatest[columns[i]] / whole[need] / STEPS if whole[need] > 0 else 0.0
            share[i] = max(LEAST, np.float32(part)) if part > 0 else np.float32(0)
    for block in range(dense.shape[0]):
        start = block * size
        for need in range(len(sizes)):
            if whole[need] == 0:
                continue
            bound[:] = 0
            many = 0
            for i in range(indptr[need], indptr[need + 1]):
                term = columns[i]
                if share[i] > 0 and column[term] >= 0:
                    which[many], parts[many] = column[term], share[i]
                    many += 1
                elif share[i] > 0:
                    at[i] = add_postings(bound, postings, at[i], starts[term + 1], start, share[i])
                weight[term] = data[i]
            parts[many : many + 3] = 0
            add_columns(bound, dense[block], which, parts, many)
            while banned_at[need] < banned_ptr[need + 1] and banned_offers[banned_at[need]] < start + size:
                bound[banned_offers[banned_at[need]] - start] = 0
                banned_at[need] += 1
            mine, theirs, terms = scores[need], offers[need], indptr[need + 1] - indptr[need]
            top = np.float32(np.inf)
            if sizes[need] < len(mine):
                low = max(LEAST / 2, leaders(bound, groups, len(mine)))
                sizes[need] = consider(
                    bound, start, low, top, forward, weight, whole[need], terms, mine, theirs, sizes[need]
                )
                top = low
            low = reach(mine, sizes[need], whole[need], terms)
            if low < top:
                sizes[need] = consider(
                    bound, start, low, top, forward, weight, whole[need], terms, mine, theirs, sizes[need]
                )
            for i in range(indptr[need], indptr[need + 1]):
                weight[columns[i]] = 0
    for need in range(len(sizes)):
        order(scores[need], offers[need], sizes[need])
