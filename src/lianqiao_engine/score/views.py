"""Views of a text: each takes it apart in its own way, and what one misses another one finds.

Characters meet where words are abbreviated, pairs where segmentation errs, words where meaning is whole, trades where
two texts share no character at all. Fused they beat the best of them alone: `bench/quality.py` measures each.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from lianqiao_engine.lexicon import concepts
from lianqiao_engine.text.phrases import Phrases
from lianqiao_engine.text.segment import search_words

Places = NDArray[np.int64]
Found = tuple[Places, Places | list[str]]  # (N,) which text, (N,) which term: every occurrence
HANZI = 0x3400, 0x9FFF
PAIR = 1 << 21  # above every codepoint


@dataclass(frozen=True)
class View:
    """One way of taking texts apart: `terms` finds the occurrences, `label` shows a term to a reader."""

    name: str
    terms: Callable[[Sequence[str]], Found]
    label: Callable[[int | str], str]


def _characters(texts: Sequence[str]) -> Found:
    codes, which = _codepoints(texts)
    hanzi = _is_hanzi(codes)
    return which[hanzi], codes[hanzi]


def _pairs(texts: Sequence[str]) -> Found:
    codes, which = _codepoints(texts)
    hanzi = _is_hanzi(codes)
    both = hanzi[:-1] & hanzi[1:]
    return which[:-1][both], codes[:-1][both] * PAIR + codes[1:][both]


def _words(texts: Sequence[str]) -> Found:
    return _listed([word for word in search_words(text) if _tells(word)] for text in texts)


def _trades(texts: Sequence[str]) -> Found:
    phrases, trades = _trade_words()
    return _listed(
        # Not a set: its order differs between processes, and with it the columns and the last bits of sums.
        [trade for word in dict.fromkeys(word for _, word in phrases.found(text)) for trade in trades[word]]
        for text in texts
    )


@lru_cache(maxsize=4096)  # a need is explained beside several offers, a good offer beside several needs
def trade_words(text: str) -> Mapping[str, tuple[str, ...]]:
    """Return for each trade its words that stand in normalised `text`, none inside another, in their order."""
    phrases, trades = _trade_words()
    found: defaultdict[str, list[str]] = defaultdict(list)
    for word in dict.fromkeys(word for _, word in phrases.found(text)):
        for trade in trades[word]:
            found[trade].append(word)
    return MappingProxyType(
        {
            trade: tuple(
                word for word in words if not any(word != other and word in other for other in words)
            )
            for trade, words in found.items()
        }
    )


VIEWS = (
    View("characters", _characters, lambda term: chr(int(term))),
    View("pairs", _pairs, lambda term: chr(int(term) // PAIR) + chr(int(term) % PAIR)),
    View("words", _words, str),
    View("trades", _trades, str),
)


def _codepoints(texts: Sequence[str]) -> tuple[Places, Places]:
    """All texts in one row, a zero behind each, and which text each place belongs to."""
    row = "".join(f"{text}\0" for text in texts)
    codes = np.frombuffer(row.encode("utf-32-le"), np.uint32).astype(np.int64)
    ends = codes == 0
    return codes, np.cumsum(ends) - ends


def _is_hanzi(codes: Places) -> NDArray[np.bool_]:
    return (codes >= HANZI[0]) & (codes <= HANZI[1])


def _listed(terms_of_texts: Iterable[list[str]]) -> Found:
    which: list[int] = []
    terms: list[str] = []
    for number, found in enumerate(terms_of_texts):
        which.extend([number] * len(found))
        terms.extend(found)
    return np.asarray(which, np.int64), terms


def _tells(word: str) -> bool:
    """A word of two or more characters, or of letters and digits; single hanzi have their own view."""
    return len(word) > 1 and (word[0].isalnum() or word[-1].isalnum())


@cache
def _trade_words() -> tuple[Phrases, dict[str, list[str]]]:
    trades: dict[str, list[str]] = {}
    for concept in concepts():
        for word in dict.fromkeys((concept.name, *concept.work, *concept.study)):
            trades.setdefault(word.casefold(), []).append(concept.name)
    return Phrases(trades), trades
