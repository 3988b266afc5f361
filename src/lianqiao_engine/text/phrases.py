"""Find the phrases of a list in a text, however the text is cut into words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator


class Phrases:
    """A fixed list of phrases of two or more characters."""

    def __init__(self, phrases: Iterable[str]) -> None:
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        self._phrases = frozenset(phrases)
        for phrase in self._phrases:
            if len(phrase) < 2:
                raise ValueError(f"a phrase has two characters or more, not {phrase!r}")
            lengths[phrase[:2]].add(len(phrase))
        # By its first two characters a place in the text knows the few lengths that are worth a look.
        self._lengths = {head: sorted(those, reverse=True) for head, those in lengths.items()}

    def found(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield every occurrence as (where it begins, phrase), by place, the longest of one place first."""
        lengths, phrases = self._lengths, self._phrases
        for start in range(len(text) - 1):
            for length in lengths.get(text[start : start + 2], ()):
                phrase = text[start : start + length]
                if phrase in phrases and not _cuts_a_word(text, start, start + length):
                    yield start, phrase

    def apart(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield the occurrences that do not overlap: from the left, the longest of one place."""
        end = 0
        for start, phrase in self.found(text):
            if start >= end:
                end = start + len(phrase)
                yield start, phrase


def _cuts_a_word(text: str, start: int, end: int) -> bool:
    """BI is no part of BIM: letters and digits beside each other are one word."""
    return (start > 0 and _joined(text[start - 1 : start + 1])) or _joined(text[end - 1 : end + 1])


def _joined(two: str) -> bool:
    return len(two) == 2 and two.isascii() and two.isalnum()
