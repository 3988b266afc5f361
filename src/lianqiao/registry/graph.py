"""The shape of a chain as plain values: what depends on whom, and in which column and row each segment stands."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from graphlib import TopologicalSorter
from itertools import pairwise
from math import ceil
from typing import NamedTuple

Link = tuple[int, int]  # upstream, downstream
SWEEPS = 8


class Bend(NamedTuple):
    """Where a link crosses a row in which it neither begins nor ends."""

    upstream: int
    downstream: int
    row: int


Place = int | Bend
Rows = list[list[Place]]


def single_ways(members: Mapping[int, int], links: Collection[Link]) -> dict[int, list[int]]:
    """Segments with one member through which others can only be reached, each with those others.

    A segment without members carries nothing: a way past a gap is no way, and a way begins wherever nobody stands
    upstream.
    """
    alive = [place for place, count in members.items() if count]
    carrying = [link for link in links if members[link[0]] and members[link[1]]]
    fed = {downstream for _, downstream in carrying}
    starts = [place for place in alive if place not in fed]
    found = {}
    for place in alive:
        if members[place] == 1:
            left = reached([start for start in starts if start != place], carrying, without=place)
            if lost := [other for other in alive if other != place and other not in left]:
                found[place] = lost
    return found


def reached(starts: Iterable[int], links: Collection[Link], *, without: int) -> set[int]:
    onward = defaultdict(list)
    for upstream, downstream in links:
        onward[upstream].append(downstream)
    queue = list(starts)
    seen = set(queue)
    for here in queue:
        fresh = [place for place in onward[here] if place not in seen and place != without]
        seen.update(fresh)
        queue += fresh
    return seen


def ranks(columns: Mapping[int, int], links: Collection[Link]) -> dict[int, int]:
    """The column of each segment: the one the office gave, or further downstream where a link would lead back.

    Columns without a segment are closed. Raises CycleError.
    """
    feeders: dict[int, list[int]] = {place: [] for place in columns}
    for upstream, downstream in links:
        feeders[downstream].append(upstream)
    rank: dict[int, int] = {}
    for place in TopologicalSorter(feeders).static_order():
        rank[place] = max([columns[place], *(rank[feeder] + 1 for feeder in feeders[place])])
    used = sorted(set(rank.values()))
    return {place: used.index(rank[place]) for place in columns}


def narrowed(rank: Mapping[int, int], widest: int) -> dict[int, int]:
    """The same order in more rows, none with more than `widest` segments."""
    result: dict[int, int] = {}
    row = 0
    for each in sorted(set(rank.values())):
        places = [place for place in rank if rank[place] == each]
        parts = ceil(len(places) / widest)
        size = ceil(len(places) / parts)
        result |= {place: row + index // size for index, place in enumerate(places)}
        row += parts
    return result


def arranged(rank: Mapping[int, int], links: Collection[Link]) -> Rows:
    """The segments and bends of each row, ordered so that few links cross; the same values give the same order."""
    rows, steps = unordered(rank, links)
    best, fewest = rows, crossings(rows, steps)
    for sweep in range(SWEEPS):
        rows = swept(rows, steps, downstream=sweep % 2 == 0)
        if (count := crossings(rows, steps)) < fewest:
            best, fewest = rows, count
    return best


def way(link: Link, rank: Mapping[int, int]) -> list[Place]:
    """The places a link passes, from its beginning to its end."""
    upstream, downstream = link
    between = range(rank[upstream] + 1, rank[downstream])
    return [upstream, *(Bend(upstream, downstream, row) for row in between), downstream]


def unordered(rank: Mapping[int, int], links: Collection[Link]) -> tuple[Rows, list[tuple[Place, Place]]]:
    rows: Rows = [[] for _ in range(max(rank.values(), default=-1) + 1)]
    for segment, row in rank.items():
        rows[row].append(segment)
    steps: list[tuple[Place, Place]] = []
    for link in links:
        passed = way(link, rank)
        for place in passed:
            if isinstance(place, Bend):
                rows[place.row].append(place)
        steps += pairwise(passed)
    return rows, steps


def swept(rows: Rows, steps: list[tuple[Place, Place]], *, downstream: bool) -> Rows:
    """Order each row by the middle of its neighbours in the row before it, which has just been ordered."""
    neighbours = defaultdict(list)
    for first, second in steps:
        here, before = (second, first) if downstream else (first, second)
        neighbours[here].append(before)
    done: Rows = []
    where: dict[Place, float] = {}
    for row in rows if downstream else reversed(rows):
        own = centred(row)
        middle = {
            place: sum(where[n] for n in neighbours[place]) / len(neighbours[place])
            if neighbours[place]
            else own[place]
            for place in row
        }
        ordered = sorted(row, key=middle.__getitem__)
        where |= centred(ordered)
        done.append(ordered)
    return done if downstream else done[::-1]


def centred(row: list[Place]) -> dict[Place, float]:
    return {place: index - (len(row) - 1) / 2 for index, place in enumerate(row)}


def crossings(rows: Rows, steps: list[tuple[Place, Place]]) -> int:
    index = {place: at for row in rows for at, place in enumerate(row)}
    row_of = {place: number for number, row in enumerate(rows) for place in row}
    by_row = defaultdict(list)
    for first, second in steps:
        by_row[row_of[first]].append((index[first], index[second]))
    return sum(
        (a[0] - b[0]) * (a[1] - b[1]) < 0
        for between in by_row.values()
        for at, a in enumerate(between)
        for b in between[at + 1 :]
    )
