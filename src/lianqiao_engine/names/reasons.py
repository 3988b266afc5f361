"""Why two names are taken for one organisation: codes, numbers and the pieces that agree; never prose."""

import re
from dataclasses import dataclass
from typing import Literal

from lianqiao_engine.text.normalise import HANZI, looks_damaged, normalise

from .alignment import Side
from .likeness import aligned

Code = Literal["same", "contained", "short_name", "similar", "homophone", "damaged_or_traditional"]
ANY_HANZI = re.compile(f"[{HANZI}]")


@dataclass(frozen=True)
class Reason:
    """One reason. `share` is 0..1 of the longer name; `pieces` are pairs (in the query, in the name)."""

    code: Code
    share: float
    pieces: tuple[tuple[str, str], ...]


def reasons_for(query: Side, name: Side) -> tuple[Reason, ...]:
    """Return one reason of form (same, contained, short_name or similar), then those of sound and of damage."""
    short, long, pairs = aligned(query, name)
    if short is not query:
        pairs = [(i, j) for j, i in pairs]
    share = len(pairs) / len(long.core)
    reasons = [Reason(_code(query, name, pairs), share, _pieces(query, name, pairs))]

    by_sound = [(i, j) for i, j in pairs if _differ(query, i, name, j) and query.sounds[i] == name.sounds[j]]
    if by_sound:
        heard = tuple((query.core[i], name.core[j]) for i, j in by_sound)
        reasons.append(Reason("homophone", len(heard) / len(long.core), heard))
    if _restored(query.name) or _restored(name.name):
        reasons.append(Reason("damaged_or_traditional", share, ((query.name, name.name),)))
    return tuple(reasons)


def _code(query: Side, name: Side, pairs: list[tuple[int, int]]) -> Code:
    if query.parts.plain == name.parts.plain:
        return "same"
    short, long = sorted((query.core, name.core), key=len)
    if short in long:
        return "contained"
    exact = not any(_differ(query, i, name, j) and not _stands_for(query, i, name, j) for i, j in pairs)
    return "short_name" if exact and len(pairs) == len(short) < len(long) else "similar"


def _pieces(query: Side, name: Side, pairs: list[tuple[int, int]]) -> tuple[tuple[str, str], ...]:
    """The stretches that run in step on both sides."""
    pieces: list[tuple[str, str]] = []
    for at, (i, j) in enumerate(pairs):
        if at and pairs[at - 1] == (i - 1, j - 1):
            pieces[-1] = (pieces[-1][0] + query.core[i], pieces[-1][1] + name.core[j])
        else:
            pieces.append((query.core[i], name.core[j]))
    return tuple(pieces)


def _differ(query: Side, i: int, name: Side, j: int) -> bool:
    return query.core[i] != name.core[j]


def _stands_for(query: Side, i: int, name: Side, j: int) -> bool:
    """沪 for 上海, on either side."""
    return query.core[i] in name.parts.letters.get(j, ()) or name.core[j] in query.parts.letters.get(i, ())


def _restored(name: str) -> bool:
    """Whether normalising had to put other hanzi in the place of what was typed, or could not."""
    return looks_damaged(name) or ANY_HANZI.findall(name) != ANY_HANZI.findall(normalise(name))
