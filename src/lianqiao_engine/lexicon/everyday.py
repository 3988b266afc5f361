"""The words of everyday.tsv: who says 房东 means the 出租人 of the law, and no letter of the two is the same."""

from functools import cache
from pathlib import Path
from types import MappingProxyType

EVERYDAY = Path(__file__).with_name("everyday.tsv")


@cache
def official_words() -> MappingProxyType[str, tuple[str, ...]]:
    """What official texts write for each everyday word, the most usual first."""
    merged: dict[str, tuple[str, ...]] = {}
    for line in EVERYDAY.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        everyday, official = (words.split() for words in line.split("\t"))
        for word in everyday:
            merged[word] = tuple(dict.fromkeys((*merged.get(word, ()), *official)))
    return MappingProxyType(merged)
