"""The word lists beside this file: what is known about names of organisations, kept out of the code."""

from collections import defaultdict
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@cache
def words_of(file: str) -> dict[str, str]:
    """The words of a .tsv, each with its second column."""
    return {word: kind for word, _, kind in (line.partition("\t") for line in _lines(file))}


@cache
def words_of_trade() -> dict[str, str]:
    """The words of trade, and those of kind (学院, 协会), which stand where the trade stands."""
    kinds = {word: "general" for word, what in words_of("forms.tsv").items() if what == "kind"}
    return words_of("trades.tsv") | kinds


@cache
def letters_of_places() -> dict[str, frozenset[str]]:
    """For each place the single letters that stand for it in short names: 广东 -> 粤."""
    return {place: frozenset(letters.split()) for place, letters in words_of("regions.tsv").items()}


@cache
def place_letters() -> frozenset[str]:
    return frozenset().union(*letters_of_places().values())


@cache
def look_alikes() -> dict[str, frozenset[str]]:
    """For each character those that eyes and scanners take it for."""
    return _companions("shapes.tsv")


@cache
def contrasts() -> dict[str, frozenset[str]]:
    """For each member of a series such as 一二三 the other members."""
    return _companions("contrasts.tsv")


def _companions(file: str) -> dict[str, frozenset[str]]:
    companions: defaultdict[str, set[str]] = defaultdict(set)
    for group in _lines(file):
        for char in group:
            companions[char].update(group)
    return {char: frozenset(group - {char}) for char, group in companions.items()}


def _lines(file: str) -> list[str]:
    lines = (HERE / file).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
