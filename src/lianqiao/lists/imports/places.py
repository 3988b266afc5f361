"""What the words of a cell mean in this installation: categories and segments of a chain, codes of reference tables."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from rapidfuzz import fuzz, process

from lianqiao.core.text import normalise

# Of a workbook's columns: the field that holds their codes, and the reference table.
CODED = {
    "industry": ("industries", "industry"),
    "majors": ("majors", "major"),
    "occupations": ("occupations", "occupation"),
}
BETWEEN = re.compile(r"[、，,;；/\n\r|]+")
NEAR, MOST_NEAR = 50, 3
Table = list[tuple[str, str, str]]


class Places:
    def __init__(
        self,
        categories: dict[tuple[str, str], int],
        segments: dict[str, int],
        table_of: Callable[[str], Table] = lambda kind: [],
    ) -> None:
        self.categories, self.segments = categories, segments
        self.coded = lru_cache(maxsize=None)(lambda kind: Coded(table_of(kind)))

    def category(self, kind: str, name: str) -> int | None:
        return self.categories.get((kind, name))

    def segment(self, _kind: str, name: str) -> int | None:
        return self.segments.get(name)

    def codes(self, table: str, said: str | list[str] | None) -> tuple[list[str], list[str]]:
        """Codes, and the words that are neither a code nor a name."""
        if not said:
            return [], []
        return self.coded(table).read(BETWEEN.split(said) if isinstance(said, str) else said)


class Coded:
    """A reference table by code and by name."""

    def __init__(self, table: Table) -> None:
        self.named: dict[str, list[str]] = {}
        self.names = list(dict.fromkeys(name for _, name, _ in table))
        parents = {(name, parent) for _, name, parent in table}
        for code, name, _parent in table:
            # 住宅房屋建筑 is 471 and its only part 4710: the part says both.
            if (name, code) not in parents:
                self.named.setdefault(normalise(name), []).append(code)
        self.named |= {normalise(code): [code] for code, _, _ in table}

    def read(self, words: Iterable[str]) -> tuple[list[str], list[str]]:
        codes: list[str] = []
        unknown = []
        for word in filter(None, map(str.strip, words)):
            found = self.meant(word)
            codes += found
            if not found:
                unknown.append(word)
        return list(dict.fromkeys(codes)), unknown

    def meant(self, word: str) -> list[str]:
        """A code, a name, or both beside each other: 440501 工程造价."""
        for part in (word, *word.split(maxsplit=1)):
            if found := self.named.get(normalise(part)):
                return found
        return []

    def near(self, word: str) -> list[str]:
        found = process.extract(word, self.names, scorer=fuzz.WRatio, limit=MOST_NEAR, score_cutoff=NEAR)
        return [name for name, _, _ in found]
