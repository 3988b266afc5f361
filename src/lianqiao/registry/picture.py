"""The picture of a chain as coordinates: circles, curves and lines of text. The template makes SVG of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, sqrt
from typing import NamedTuple

from lianqiao.registry.graph import Bend, Link, Place, arranged, narrowed, ranks, way

SMALLEST, LARGEST = 14, 25  # radius of a segment with one member, and of the fullest one
RING = 4
LINE = 16  # height of a line of text of SIZE
SIZE = 13
BEND = 30  # height that a link passing by takes in a column
ACROSS = 104  # from column to column
PHONE = 360
WIDEST_ON_PHONE, WIDEST = 4, 7


@dataclass(frozen=True)
class Node:
    """A segment to be drawn. `note` says whether a line for its state stands under the name."""

    id: int
    label: str
    column: int
    members: int
    note: bool = False


@dataclass(frozen=True)
class Circle:
    node: Node
    x: int
    y: int
    r: int
    lines: list[tuple[int, str]]
    note_y: int

    @property
    def ring(self) -> int:
        return self.r + RING

    @property
    def halo(self) -> int:
        """Round the ring, when it is chosen or has the focus."""
        return self.ring + 3


@dataclass(frozen=True)
class Curve:
    upstream: int
    downstream: int
    path: str


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    circles: list[Circle]
    curves: list[Curve]

    @property
    def shown_width(self) -> int:
        """On a wide screen a little larger than it was drawn; a narrow one shrinks it."""
        return self.width * 6 // 5


def across(nodes: Collection[Node], links: Collection[Link]) -> Picture:
    """Columns from upstream at the left to downstream at the right: for a desk and for paper."""
    known = {node.id: node for node in nodes}
    rank = narrowed(ranks({node.id: node.column for node in nodes}, links), WIDEST)
    columns = arranged(rank, links)
    text = {node.id: wrapped(node.label, ACROSS - 8) for node in nodes}
    tall = {node.id: 2 * (LARGEST + RING) + LINE * (len(text[node.id]) + node.note) + 20 for node in nodes}
    stacks = [stacked(column, tall) for column in columns]
    steps = [step for link in links for step in pairwise(way(link, rank))]
    circles: list[Circle] = []
    at: dict[Place, tuple[int, int, int]] = {}
    for number, (stack, top) in enumerate(zip(stacks, tops(stacks, steps), strict=True)):
        x = ACROSS // 2 + number * ACROSS
        for place, middle in stack.middles.items():
            if isinstance(place, Bend):
                at[place] = (x, top + middle, 0)
            else:
                circles.append(circle(known[place], x, top + middle, text[place], fullest(nodes)))
                at[place] = (x, top + middle, circles[-1].ring + 2)
    curves = []
    for link in links:
        path = ""
        for first, second in pairwise(way(link, rank)):
            (x1, y1, out), (x2, y2, into) = at[first], at[second]
            # The arrow's head needs a little room before the circle.
            x1, x2 = x1 + out, x2 - into - (3 if into else 0)
            half = (x1 + x2) // 2
            path += f"{'' if path else f'M{x1} {y1}'}C{half} {y1} {half} {y2} {x2} {y2}"
        curves.append(Curve(*link, path))
    height = max((stack.height for stack in stacks), default=0)
    return Picture(len(columns) * ACROSS, height, circles, curves)


class Stack(NamedTuple):
    """A column: where the middle of each circle and bend lies, counted from its top."""

    middles: dict[Place, int]
    height: int


def stacked(column: list[Place], tall: Mapping[int, int]) -> Stack:
    middles: dict[Place, int] = {}
    height = 0
    for place in column:
        if isinstance(place, Bend):
            middles[place] = height + BEND // 2
            height += BEND
        else:
            middles[place] = height + LARGEST + RING + 4
            height += tall[place]
    return Stack(middles, height)


def tops(stacks: list[Stack], steps: Collection[tuple[Place, Place]]) -> list[int]:
    """Where each column begins: beside what it is linked with, going outwards from the tallest."""
    if not stacks:
        return []
    heights = [stack.height for stack in stacks]
    tallest = heights.index(max(heights))
    top = {tallest: 0}
    outwards = [*range(tallest + 1, len(heights)), *range(tallest - 1, -1, -1)]
    for number in outwards:
        beside = number - 1 if number > tallest else number + 1
        near, here = stacks[beside].middles, stacks[number].middles
        wanted = [
            top[beside] + near[other] - here[place]
            for step in steps
            for place, other in (step, step[::-1])
            if place in here and other in near
        ]
        middle = (heights[tallest] - heights[number]) // 2
        asked = round(sum(wanted) / len(wanted)) if wanted else middle
        top[number] = min(max(asked, 0), heights[tallest] - heights[number])
    return [top[number] for number in range(len(heights))]


def down(nodes: Collection[Node], links: Collection[Link]) -> Picture:
    """Rows from upstream at the top to downstream at the bottom: for a phone held upright."""
    known = {node.id: node for node in nodes}
    rank = narrowed(ranks({node.id: node.column for node in nodes}, links), WIDEST_ON_PHONE)
    circles: list[Circle] = []
    at: dict[Place, tuple[int, int, int]] = {}
    y = 0
    for row in arranged(rank, links):
        wide = {place: 0.3 if isinstance(place, Bend) else 1.0 for place in row}
        cell = min(130, PHONE / sum(wide.values()))
        x = (PHONE - cell * sum(wide.values())) / 2
        text = {
            place: wrapped(known[place].label, int(cell) - 6) for place in row if not isinstance(place, Bend)
        }
        taken = 2 * (LARGEST + RING) + max(LINE * (len(text[p]) + known[p].note) for p in text) + 8
        for place in row:
            middle = round(x + cell * wide[place] / 2)
            if isinstance(place, Bend):
                at[place] = (middle, y, y + taken)
            else:
                circles.append(
                    circle(known[place], middle, y + LARGEST + RING + 2, text[place], fullest(nodes))
                )
                at[place] = (middle, circles[-1].y - circles[-1].ring - 4, circles[-1].note_y + 6)
            x += cell * wide[place]
        y += taken + 34
    curves = []
    for link in links:
        path = ""
        for first, second in pairwise(way(link, rank)):
            (x1, _, y1), (x2, y2, through) = at[first], at[second]
            middle = (y1 + y2) // 2
            path += f"{'' if path else f'M{x1} {y1}'}C{x1} {middle} {x2} {middle} {x2} {y2}"
            if isinstance(second, Bend):
                path += f"V{through}"
        curves.append(Curve(*link, path))
    return Picture(PHONE, max(y - 34, 0), circles, curves)


def fullest(nodes: Collection[Node]) -> int:
    return max((node.members for node in nodes), default=1) or 1


def circle(node: Node, x: int, y: int, text: list[str], most: int) -> Circle:
    """The area says how many members: the radius grows with the root of their number."""
    r = round(SMALLEST + (LARGEST - SMALLEST) * sqrt(node.members / most)) if node.members else SMALLEST
    first = y + r + RING + LINE
    lines = [(first + LINE * number, line) for number, line in enumerate(text)]
    return Circle(node, x, y, r, lines, first + LINE * (len(text) - 1 + node.note))


def wrapped(label: str, width: int) -> list[str]:
    """The label in lines that fit: Latin text breaks between words, Chinese anywhere, into lines about as long."""
    if breadth(label) <= width:
        return [label]
    if " " not in label:
        size = ceil(len(label) / ceil(breadth(label) / width))
        return [label[start : start + size] for start in range(0, len(label), size)]
    lines: list[str] = []
    for word in label.split():
        if lines and breadth(f"{lines[-1]} {word}") <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines


def breadth(text: str) -> float:
    # A Chinese character is a square; a Latin one about half of it.
    return sum(SIZE if ord(character) > 0x2E7F else SIZE * 0.5 for character in text)
