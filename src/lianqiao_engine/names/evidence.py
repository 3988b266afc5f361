"""What two names show for and against being one organisation: numbers, all from one alignment."""

import math
from collections import Counter
from collections.abc import Iterable

from rapidfuzz.distance import OSA

from .alignment import SAME_SHAPE, SAME_SOUND, Pair, Side, agreement
from .lexicon import contrasts, place_letters

# The measures, in the order of what `evidence` returns. Shares are 0..1 of the weight of the characters meant.
MEASURES = (
    "missing",  # share of the short name that is not found in the long one
    "missing_any",  # 1 when that is more than a leading letter of a place
    "absent_place",  # 1 when the short name begins with a letter such as 粤 and that place is not there
    "neighbours",  # share of adjacent characters that stay adjacent
    "jumps_to_words",  # share of them that jump to the beginning of a word
    "jumps_into_words",  # share of them that jump elsewhere
    "brand",  # share of the long name's 字号 that is found
    "brand_begins",  # 1 when its first character is
    "short_brand",  # share of the short name's 字号 that is found
    "short_begins",  # 1 when its first character is
    "begin_together",  # 1 when both 字号 begin with the same pair
    "first_together",  # 1 when both names begin with the same pair
    "place",  # share of the long name's place that is found
    "has_place",
    "trade",  # share of what follows the long name's 字号 that is found
    "whole",  # share of the long name that is found
    "by_sound",  # share of the short name found only by its sound
    "by_shape",  # share found only by its shape
    "same_form",
    "other_form",
    "found",  # log of 1 + number of characters found
    "length",  # characters of the long name, in tens
    "brand_conflict",  # what both 字号 keep of their own: 宏达 and 宏远
    "place_conflict",
    "trade_conflict",
    "transposed",  # share of the short name that is there, in another order
    "unspecific",  # 1 when the short name is no more than a place, or no more than a trade
    "contrast",  # 1 when the names differ by members of one series: 第一 and 第二
    "other_kind",  # 1 when one is a company and the other a school, an association, an office
    "one_slip",  # 1 when one character is typed wrong, twice, not at all or too early, and nothing contradicts
)


def evidence(short: Side, long: Side, pairs: list[Pair]) -> tuple[float, ...]:
    """Measure `pairs`, the alignment of `short` in `long`: one number for each of MEASURES."""
    in_long, in_short = dict(pairs), {j: i for i, j in pairs}
    n, m = len(short.core), len(long.core)
    s, s_end, t, t_end = short.brand_start, short.brand_end, long.brand_start, long.brand_end

    left_over = Counter(long.core[j] for j in range(m) if j not in in_short)
    left_out = [i for i in range(n) if i not in in_long]
    transposed = [i for i in left_out if left_over[short.core[i]]]
    alone = [i for i in left_out if not left_over[short.core[i]]]
    absent_place = bool(alone and alone[0] == 0 and short.core[0] in place_letters())
    found = {i: agreement(short, i, long, j) for i, j in pairs}
    steps = [(in_long[i], in_long[i + 1]) for i in range(n - 1) if i in in_long and i + 1 in in_long]
    jumps = [after for before, after in steps if after != before + 1]
    to_words = sum(after in long.parts.starts for after in jumps)
    between = max(1, n - 1)
    brand_conflict = _conflict(short, alone, (s, s_end), long, in_short, (t, t_end))
    place_conflict = _conflict(short, alone, (0, s), long, in_short, (0, t))
    contrast = any(contrasts().get(short.core[i], frozenset()) & left_over.keys() for i in alone)
    contradicted = brand_conflict or place_conflict or contrast
    one_slip = not contradicted and OSA.distance(short.core, long.core, score_cutoff=1) == 1
    has_place, has_trade = t > 0, t_end < m

    return (
        _share(short, left_out),
        float(len(alone) > absent_place),
        float(absent_place),
        (len(steps) - len(jumps)) / between,
        to_words / between,
        (len(jumps) - to_words) / between,
        _share(long, in_short, t, t_end),
        float(t in in_short),
        _share(short, in_long, s, s_end),
        float(s in in_long),
        float(in_long.get(s) == t),
        float(in_long.get(0) == 0),
        _share(long, in_short, 0, t) if has_place else 0.0,
        float(has_place),
        _share(long, in_short, t_end, m) if has_trade else 1.0,
        _share(long, in_short),
        _share(short, [i for i, agrees in found.items() if agrees == SAME_SOUND]),
        _share(short, [i for i, agrees in found.items() if agrees == SAME_SHAPE]),
        float(bool(short.parts.form) and short.parts.form in long.parts.form),
        float(bool(short.parts.form) and short.parts.form not in long.parts.form),
        math.log1p(len(pairs)),
        m / 10,
        brand_conflict,
        place_conflict,
        _conflict(short, alone, (s_end, n), long, in_short, (t_end, m)),
        _share(short, transposed),
        float(short.parts.brand_start == short.parts.brand_end and (s == 0 or s_end == s)),
        float(contrast),
        float(_other_kind(short.parts.kind, long.parts.kind)),
        float(one_slip),
    )


def _other_kind(one: str, other: str) -> bool:
    """公司 and 学院 are two kinds; 学院 and 职业技术学院 may be one."""
    return bool(one and other) and not (one.endswith(other) or other.endswith(one))


def _share(side: Side, at: Iterable[int], start: int = 0, end: int | None = None) -> float:
    """The weight of the positions `at` among those from `start` to `end`."""
    total = sum(side.weights[start:end])
    return sum(side.weights[i] for i in at if start <= i < (len(side.core) if end is None else end)) / (
        total or 1.0
    )


def _conflict(
    short: Side, alone: list[int], of_short: Pair, long: Side, in_short: dict[int, int], of_long: Pair
) -> float:
    """The smaller of the weights that both stretches keep for themselves: 0 when one only leaves out."""
    kept = sum(short.weights[i] for i in alone if of_short[0] <= i < of_short[1])
    other = sum(long.weights[j] for j in range(*of_long) if j not in in_short)
    return min(kept, other)
