"""The texts of records field by field, ready for the views."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType

from lianqiao_engine.lexicon import official_words
from lianqiao_engine.text.normalise import normalise
from lianqiao_engine.text.phrases import Phrases
from lianqiao_engine.text.segment import boundaries

from .record import Record
from .weights import Weights

OFFICIALLY = "officially"  # not a field that anybody fills: see `said_officially`


@dataclass(frozen=True)
class Field:
    """One field of all records: their normalised texts, "" where a record has none, and what a term counts there."""

    name: str
    texts: list[str]
    weight: float


def offer_fields(offers: Sequence[Record], weights: Weights) -> list[Field]:
    return [
        Field(name, texts, weights.offer_fields.get(name, weights.offer_items if is_list else 1.0))
        for name, texts, is_list in _fields(offers)
    ]


def need_fields(needs: Sequence[Record], weights: Weights) -> list[Field]:
    fields = [Field(name, texts, weights.need_fields.get(name, 1.0)) for name, texts, _ in _fields(needs)]
    if weights.officially:
        # A need is never replaced by what it was understood as: this stands beside it, with a weight of its own.
        said = [
            said_officially("\n".join(texts))
            for texts in zip(*(field.texts for field in fields), strict=True)
        ]
        if any(said):
            fields.append(Field(OFFICIALLY, [" ".join(words) for words in said], weights.officially))
    return fields


def joined(record: Record) -> str:
    """Return all normalised texts of `record`, a line each."""
    return "\n".join(_normalised(record, name) for name in record.texts)


@lru_cache(maxsize=256)  # a need is scored, then explained beside several offers
def said_officially(text: str) -> Mapping[str, str]:
    """Return what normalised `text` says in everyday words as offices write it: 保证金 for 押金."""
    phrases, official = _everyday()
    between_words = boundaries(text)
    said: dict[str, str] = {}
    for start, phrase in phrases.apart(text):
        if start in between_words and start + len(phrase) in between_words:
            for word in official[phrase]:
                if word not in text:
                    said.setdefault(word, phrase)
    return MappingProxyType(said)


@cache
def _everyday() -> tuple[Phrases, dict[str, tuple[str, ...]]]:
    official = official_words()
    return Phrases(official), dict(official)


def _fields(records: Sequence[Record]) -> list[tuple[str, list[str], bool]]:
    names = dict.fromkeys(name for record in records for name in record.texts)
    return [
        (name, [_normalised(record, name) for record in records], _is_list(records, name)) for name in names
    ]


def _normalised(record: Record, name: str) -> str:
    text = record.texts.get(name, "")
    return normalise(text if isinstance(text, str) else "\n".join(text))


def _is_list(records: Sequence[Record], name: str) -> bool:
    return any(isinstance(record.texts.get(name), tuple) for record in records)
