"""Find a short name inside a long one: 中国石化 in 中国石油化工, 起平 in 启平.

A short name keeps the order of the characters it takes, prefers neighbours and first characters of words. So the
best reading is the heaviest chain of agreeing positions, found by dynamic programming as in the local alignment of
Smith and Waterman (1981), with free gaps, a bonus for neighbours and a smaller one for the beginning of a word.
"""

from collections.abc import Callable
from dataclasses import dataclass

from lianqiao_engine.text.sounds import sound_of

from .lexicon import look_alikes
from .parts import Parts, parts_of

Pair = tuple[int, int]
SAME, PLACE_LETTER, SAME_SOUND, SAME_SHAPE = 1.0, 0.9, 0.7, 0.5
NEIGHBOUR, WORD_START = 0.25, 0.15


@dataclass(frozen=True)
class Side:
    """A name ready for comparing: per character of the core its sound and its weight."""

    name: str
    parts: Parts
    sounds: tuple[str, ...]
    weights: tuple[float, ...]

    core: str
    brand_start: int
    brand_end: int  # a name without 字号 is known by its first two characters of trade


def side_of(name: str, weight_of: Callable[[str], float]) -> Side:
    """Prepare `name`; `weight_of` gives the weight 0..1 of a character."""
    parts = parts_of(name)
    core, start, end = parts.core, parts.brand_start, parts.brand_end
    sounds = tuple(sound_of(char) for char in core)
    return Side(
        name,
        parts,
        sounds,
        tuple(map(weight_of, core)),
        core,
        start,
        end if end > start else min(start + 2, len(core)),
    )


def agreement(short: Side, i: int, long: Side, j: int) -> float:
    """How well position i of the short name agrees with position j of the long one: 0..1."""
    if short.core[i] == long.core[j]:
        return SAME
    if short.sounds[i] == long.sounds[j]:
        return SAME_SOUND
    if short.core[i] in long.parts.letters.get(j, ()):
        return PLACE_LETTER
    return SAME_SHAPE if short.core[i] in look_alikes().get(long.core[j], ()) else 0.0


def align(short: Side, long: Side) -> list[Pair]:
    """Return the heaviest chain of agreeing positions (i of `short`, j of `long`), both rising."""
    width, starts = len(long.core), long.parts.starts
    # total[j]: the heaviest chain that ends with the pair (row, j); best[j]: the heaviest before (row, j), and its end.
    total_above: list[float] = [0.0] * width
    best_above: list[tuple[float, Pair | None]] = [(0.0, None)] * (width + 1)
    before: dict[Pair, Pair | None] = {}
    for i, weight in enumerate(short.weights):
        total: list[float] = [0.0] * width
        best: list[tuple[float, Pair | None]] = [(0.0, None)] * (width + 1)
        for j in range(width):
            heaviest = best[j] if best[j][0] >= best_above[j + 1][0] else best_above[j + 1]
            if agrees := agreement(short, i, long, j):
                jump = best_above[j][0] + (WORD_START * weight if j in starts else 0.0)
                step = total_above[j - 1] + NEIGHBOUR * weight if j and total_above[j - 1] else 0.0
                total[j] = agrees * weight + max(jump, step)
                before[i, j] = (i - 1, j - 1) if step > jump else best_above[j][1]
                if total[j] > heaviest[0]:
                    heaviest = total[j], (i, j)
            best[j + 1] = heaviest
        total_above, best_above = total, best
    return _chain(best_above[width][1], before)


def _chain(end: Pair | None, before: dict[Pair, Pair | None]) -> list[Pair]:
    pairs = []
    while end:
        pairs.append(end)
        end = before[end]
    return pairs[::-1]
