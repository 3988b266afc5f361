"""Words of a text, by the usual dictionary and that of the trades."""

from functools import cache
from itertools import accumulate

from rjieba import Jieba

from lianqiao_engine.lexicon import concepts


def search_words(text: str) -> list[str]:
    """Return the words of `text` and the shorter ones inside them: what somebody might look for."""
    words: list[str] = _segmenter().cut_for_search(text)
    return words


def boundaries(text: str) -> frozenset[int]:
    """Return the places between words, with 0 and the length of `text`."""
    return frozenset((0, *accumulate(map(len, _segmenter().cut(text)))))


@cache
def _segmenter() -> Jieba:
    """Loading takes a third of a second, so it waits for the first text."""
    segmenter = Jieba()
    for concept in concepts():
        for word in concept.work + concept.study:
            segmenter.add_word(word, None, None)
    return segmenter
