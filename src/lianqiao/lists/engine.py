"""The lists' door to the engine: words as people type them."""

from itertools import pairwise

from lianqiao_engine.text.segment import boundaries


def words_of(text: str) -> list[str]:
    """The words of a run of text, one after the other."""
    return [text[start:end] for start, end in pairwise(sorted(boundaries(text)))]
