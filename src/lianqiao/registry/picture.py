"""The picture of a chain as coordinates: circles, curves and lines of text. The template makes SVG of them."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, sqrt

from lianqiao.registry.graph import Bend, Link, Place, arranged, narrowed, ranks, way

SMALLEST, LARGEST = 14, 25  # radius of a segment with one member, and of the fullest one
RING = 4
LINE = 16  # height of a line of text of SIZE
SIZE = 13
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


def across(nodes: Collection[Node], links: Collection[Link]) -> Picture:
    """Columns from upstream at the left to downstream at the right: for a desk and for paper."""
    known = {node.id: node for node in nodes}
    rank = narrowed(ranks({node.id: node.column for node in nodes}, links), WIDEST)
    columns = arranged(rank, links)
    text = {node.id: wrapped(node.label, ACROSS - 8) for node in nodes}
    tall = {node.id: 2 * (LARGEST + RING) + LINE * (len(text[node.id]) + node.note) + 20 for node in nodes}
    heights = [[30 if isinstance(place, Bend) else tall[place] for place in column] for column in columns]
    height = max(map(sum, heights), default=0)
    circles: list[Circle] = []
    at: dict[Place, tuple[int, int, int]] = {}
    for number, column in enumerate(columns):
        x = ACROSS // 2 + number * ACROSS
        y = (height - sum(heights[number])) // 2
        for place, taken in zip(column, heights[number], strict=True):
            if isinstance(place, Bend):
                at[place] = (x, y + taken // 2, 0)
            else:
                circles.append(circle(known[place], x, y + LARGEST + RING + 4, text[place], fullest(nodes)))
                at[place] = (x, circles[-1].y, circles[-1].ring + 2)
            y += taken
    curves = []
    for link in links:
        path = ""
        for first, second in pairwise(way(link, rank)):
            (x1, y1, out), (x2, y2, into) = at[first], at[second]
            # The arrow's head needs a little room before the circle.
            x1, x2 = x1 + out, x2 - into - (3 if into else 0)
            middle = (x1 + x2) // 2
            path += f"{'' if path else f'M{x1} {y1}'}C{middle} {y1} {middle} {y2} {x2} {y2}"
        curves.append(Curve(*link, path))
    return Picture(len(columns) * ACROSS, height, circles, curves)


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
    first = y + LARGEST + RING + LINE
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
    return sum(SIZE if ord(character) > 0x2E7F else SIZE * 0.53 for character in text)
