"""The compiled loops of `blocks`. Whoever imports this module pays for numba.

Over one block of offers an upper bound of each score is added up in float32: frequent terms from dense columns of
bytes, four at a time, which the compiler turns into vector instructions, the others from their postings. Only an offer
whose bound reaches the k-th best score so far is scored exactly, term by term in float64, as `scan` does it.

All in one file: numba stores compiled code until the file of the function changes, whatever that one calls.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

STEPS = 255  # a weight is so many steps of its term's greatest one, rounded up
BYTE = 8  # a posting: the offer's number, then the steps
LEAST = np.float32(1e-30)  # no common term bounds less than this share: what is met is never lost in rounding
ANY = np.float32(5e-31)  # what every offer reaches that has a term in common
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
def reached(values, k):
    """Return what at least k of `values` reach, near the k-th greatest; 0 where they are fewer."""
    low, high = np.float32(0), np.float32(0)
    if k <= len(values):
        high = values.max()
        for _ in range(HALVINGS):
            middle, many = (low + high) / np.float32(2), 0
            for i in range(len(values)):
                many += values[i] >= middle
            if many >= k:
                low = middle
            else:
                high = middle
    return low


@compiled()
def greatest_of(bound, groups):
    """Each group's greatest is one offer: with many more groups than k, what k of them reach, k offers reach."""
    groups[:] = 0
    for start in range(0, len(bound), len(groups)):
        part = bound[start : start + len(groups)]
        for i in range(len(groups)):
            groups[i] = part[i] if part[i] > groups[i] else groups[i]
    return groups


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
def least_bound(scores, size, whole, terms):
    """Return what an offer's bound must reach so that it can be one of the best: anything while there is room."""
    if size < len(scores):
        return ANY
    return max(ANY, np.float32(scores[0] / whole * (1 - (terms + 16) * CLOSE)))


@compiled()
def score(need, forward, weight, whole, found, best, size):
    """Let those `found` that can be among the best enter by their exact scores; return how many the best are now."""
    terms, amounts = need
    indptr, columns, data = forward
    bounds, candidates = found
    scores, offers = best
    for i in range(len(terms)):
        weight[terms[i]] = amounts[i]
    first = reached(bounds, len(scores))
    for likely in (True, False):  # after the likely ones most of the others need no look
        for i in range(len(bounds)):
            if (bounds[i] >= first) == likely and bounds[i] >= least_bound(scores, size, whole, len(terms)):
                total = 0.0
                for at in range(indptr[candidates[i]], indptr[candidates[i] + 1]):
                    total += weight[columns[at]] * data[at]
                size = enter(scores, offers, size, total, candidates[i])
    for i in range(len(terms)):
        weight[terms[i]] = 0
    return size


@compiled()
def collect(bound, start, done, low, bounds, candidates, held):
    """Add the offers of the block from `done` on whose bound reaches `low`; return where it stopped for want of room."""
    for first in range(done, len(bound), LOOK):
        group, any_reaches = bound[first : first + LOOK], 0
        for i in range(LOOK):
            any_reaches |= group[i] >= low
        if any_reaches:
            if held + LOOK > len(bounds):
                return first, held
            for i in range(LOOK):
                if group[i] >= low:
                    bounds[held], candidates[held] = group[i], start + first + i
                    held += 1
    return len(bound), held


@compiled()
def surpassed(bound, terms):
    """Return what offers whose bound is `bound` score at least: all terms together were rounded up by one step."""
    return np.float32(bound - 1.001 / STEPS - (terms + 16) * CLOSE)


@compiled()
def narrow(bounds, candidates, held, k, low, terms):
    """Drop candidates that k others surpass for sure; return how many are left, and what further ones must reach."""
    low = max(low, surpassed(reached(bounds[:held], k), terms))
    kept = 0
    for i in range(held):
        if bounds[i] >= low:
            bounds[kept], candidates[kept] = bounds[i], candidates[i]
            kept += 1
    return kept, low


@compiled()
def shares(columns, data, greatest):
    """Return what a need's score can be at most, and what share of that one step of each of its terms is."""
    whole = 0.0
    for i in range(len(columns)):
        whole += data[i] * greatest[columns[i]]
    share = np.zeros(len(columns), np.float32)
    for i in range(len(columns)):
        part = data[i] * greatest[columns[i]]
        if part > 0:
            share[i] = max(LEAST, np.float32(part / whole / STEPS))
    return whole, share


@compiled()
def add_terms(bound, block, size, columns, share, at, inverted, which, parts):
    """Fill `bound` with what a need's terms add up to in one block; `at` moves on in their postings."""
    _, column, starts, dense, postings = inverted
    bound[:] = 0
    many = 0
    for i in range(len(columns)):
        if share[i] > 0 and column[columns[i]] >= 0:
            which[many], parts[many] = column[columns[i]], share[i]
            many += 1
        elif share[i] > 0:
            at[i] = add_postings(bound, postings, at[i], starts[columns[i] + 1], block * size, share[i])
    parts[many : many + 3] = 0
    add_columns(bound, dense[block], which, parts, many)


@compiled()
def search(needs, banned, forward, inverted, groups, room, weight, scores, offers, sizes):
    """Fill `scores` and `offers` (needs, k) with the best of every need, `sizes` (needs,) with how many they are."""
    indptr, columns, data = needs
    banned_ptr, banned_offers = banned
    many, k, blocks, size = len(sizes), scores.shape[1], inverted[3].shape[0], inverted[3].shape[2]
    bound = np.empty(size, np.float32)
    share, whole, at = np.empty(len(columns), np.float32), np.empty(many), inverted[2][columns]
    bounds, candidates = np.empty((many, room), np.float32), np.empty((many, room), np.int32)
    held, low, banned_at = np.zeros(many, np.int64), np.full(many, ANY), banned_ptr.copy()
    which, parts = np.zeros(len(columns) + 3, np.int64), np.zeros(len(columns) + 3, np.float32)
    for need in range(many):
        mine = slice(indptr[need], indptr[need + 1])
        whole[need], share[mine] = shares(columns[mine], data[mine], inverted[0])
    for block in range(blocks):  # the outer loop: what a block holds stays at hand for all needs
        for need in range(many):
            mine, terms = slice(indptr[need], indptr[need + 1]), indptr[need + 1] - indptr[need]
            add_terms(bound, block, size, columns[mine], share[mine], at[mine], inverted, which, parts)
            while banned_at[need] < banned_ptr[need + 1] and banned_offers[banned_at[need]] // size == block:
                bound[banned_offers[banned_at[need]] % size] = 0
                banned_at[need] += 1
            if held[need] + sizes[need] < k:
                low[need] = max(low[need], surpassed(reached(greatest_of(bound, groups), k), terms))
            done = 0
            while done < size:
                done, held[need] = collect(
                    bound, block * size, done, low[need], bounds[need], candidates[need], held[need]
                )
                if done < size:
                    held[need], low[need] = narrow(
                        bounds[need], candidates[need], held[need], k, low[need], terms
                    )
                if held[need] > room - LOOK:  # so many are alike that only their scores tell them apart
                    found = bounds[need, : held[need]], candidates[need, : held[need]]
                    asked, best = (columns[mine], data[mine]), (scores[need], offers[need])
                    sizes[need] = score(asked, forward, weight, whole[need], found, best, sizes[need])
                    low[need] = max(low[need], least_bound(scores[need], sizes[need], whole[need], terms))
                    held[need] = 0
    for need in range(many):
        mine = slice(indptr[need], indptr[need + 1])
        found = bounds[need, : held[need]], candidates[need, : held[need]]
        asked, best = (columns[mine], data[mine]), (scores[need], offers[need])
        sizes[need] = score(asked, forward, weight, whole[need], found, best, sizes[need])
        order(scores[need], offers[need], sizes[need])
