"""Find the heads of tables: which rows they stand in, and what each column's head says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lianqiao_engine.values import Cell

from .fields import all_names, comparable
from .opening import Table

LOOKED_AT = 60  # rows that may hold a title and notes before the head
LONGEST_HEAD = 60
LEAST = 2  # known heads that make a head row


@dataclass(frozen=True, slots=True)
class Head:
    """The rows of one head (from 0) and what it says of each column: the texts of its rows, top first."""

    rows: tuple[int, ...]
    texts: tuple[tuple[str, ...], ...]


def find_heads(table: Table, known: Callable[[str], bool]) -> list[Head]:
    """Return the heads from the top down; a later one is either the first again or begins another table."""
    heads: list[Head] = []
    after = 0
    for number in _candidates(table.rows, known):
        if number < after:
            continue
        head = _head_at(table, number, known, after)
        heads.append(head)
        after = head.rows[-1] + 1
    return heads


def say_known(text: str, known: Callable[[str], bool]) -> bool:
    return bool(text) and len(text) <= LONGEST_HEAD and known(text)


@lru_cache(8192)
def is_name(text: str) -> bool:
    """Whether a text is a name that a column may have."""
    return any(form in all_names() for form in comparable(text))


def _candidates(rows: list[list[Cell]], known: Callable[[str], bool]) -> list[int]:
    """The rows that say heads: at the top any with two, further down only those that say hardly anything else."""
    found = []
    for number, row in enumerate(rows):
        # Most rows of a long table end here: their first texts are no heads.
        count = 0
        said = 0
        for cell in row:
            if cell.__class__ is str and cell:
                said += 1
                if len(cell) <= LONGEST_HEAD and known(cell):
                    count += 1
                elif number >= LOOKED_AT and said - count > 2:
                    break
            elif cell != "" and number >= LOOKED_AT:
                break
        if count >= LEAST and count * 2 >= said and (number < LOOKED_AT or count * 5 >= said * 3):
            found.append(number)
    return found


def _head_at(table: Table, number: int, known: Callable[[str], bool], after: int) -> Head:
    """The row, with the row below or above where the two say more together: merged heads, heads of heads."""
    rows = table.rows
    alone = Head((number,), _texts(table, (number,)))
    best, most = alone, _known_in(alone, known)
    pairs = []
    if number + 1 < len(rows) and _may_stand_below(rows[number], rows[number + 1], table, number):
        pairs.append((number, number + 1))
    if number - 1 >= after and sum(cell != "" for cell in rows[number - 1]) >= 2:
        pairs.append((number - 1, number))
    for pair in pairs:
        head = Head(pair, _texts(table, pair))
        count = _known_in(head, known)
        if count > most:
            best, most = head, count
    return best


def _may_stand_below(upper: Sequence[Cell], lower: Sequence[Cell], table: Table, number: int) -> bool:
    """Whether `lower` can be the second row of a head: texts only, and some of them under a gap or a merged head."""
    if any(cell.__class__ is not str for cell in lower) or any(
        len(str(cell)) > LONGEST_HEAD for cell in lower
    ):
        return False
    merged = {
        column
        for (top, left), (bottom, right) in table.merged
        if top <= number <= bottom and right > left
        for column in range(left, right + 1)
    }
    return any(
        below and (not above or column in merged)
        for column, (above, below) in enumerate(zip(upper, lower, strict=False))
    )


def _known_in(head: Head, known: Callable[[str], bool]) -> int:
    """How many different heads are known: a text that is spread over a gap is one."""
    first = (next((text for text in spoken(texts) if say_known(text, known)), "") for texts in head.texts)
    return len(set(first) - {""})


def spoken(texts: tuple[str, ...]) -> list[str]:
    """What a head of several rows may mean, the likeliest first: 联系人姓名, then 姓名, then 联系人."""
    parts = [text for text in texts if text]
    if len(parts) < 2:
        return parts
    return ["".join(parts), *reversed(parts)]


def _texts(table: Table, numbers: tuple[int, ...]) -> tuple[tuple[str, ...], ...]:
    width = max((len(row) for row in table.rows), default=0)
    columns: list[tuple[str, ...]] = []
    spread = {number: _spread(table, number, numbers) for number in numbers}
    for column in range(width):
        texts = [spread[number][column] for number in numbers]
        columns.append(tuple(texts if len(set(texts)) > 1 else texts[:1]))
    return tuple(columns)


def _spread(table: Table, number: int, numbers: tuple[int, ...]) -> list[str]:
    """The texts of a head row, merged ones over all their columns; above another row, also over the gaps after them."""
    row = [
        " ".join(cell.split()) if isinstance(cell, str) else "" if cell == "" else str(cell)
        for cell in table.rows[number]
    ]
    for (top, left), (bottom, right) in table.merged:
        if top <= number <= bottom and (right > left or bottom > top):
            text = str(table.rows[top][left]).strip()
            for column in range(left, min(right + 1, len(row))):
                if not row[column] and (right > left or top == number):
                    row[column] = text
    if not table.merged and len(numbers) > 1 and number == numbers[0]:
        below = table.rows[numbers[-1]]
        for column in range(1, len(row)):
            if not row[column] and below[column] != "":
                row[column] = row[column - 1]
    return row
