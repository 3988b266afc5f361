"""The tables beside this file: what the rules know, kept out of the code."""

import re
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@cache
def rows_of(file: str) -> tuple[tuple[str, ...], ...]:
    lines = (HERE / file).read_text(encoding="utf-8").splitlines()
    return tuple(tuple(line.split("\t")) for line in lines if line and not line.startswith("#"))


@cache
def patterns_of(file: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """A table of names and patterns, in its order."""
    return tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in rows_of(file))


def first_of(file: str, text: str) -> str:
    """The name of the first pattern of a table that is found in `text`, or nothing."""
    return next((name for name, pattern in patterns_of(file) if pattern.search(text)), "")


@cache
def words_in(file: str, name: str) -> frozenset[str]:
    """The words of the rows of a table that begin with `name`."""
    return frozenset(word for first, *rest in rows_of(file) if first == name for word in rest[0].split())


@cache
def any_of(file: str, name: str) -> re.Pattern[str]:
    """One pattern for these words, the longest first."""
    return re.compile("|".join(sorted(words_in(file, name), key=lambda word: (-len(word), word))))
