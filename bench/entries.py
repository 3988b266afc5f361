"""Made entries as vectors: texts by ../shared/bench/generate_entries.py, which needs the dictionary of jieba."""

import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from lianqiao_engine.text.segment import search_words

GENERATOR = (
    Path(os.environ.get("LIANQIAO_BENCH", Path(__file__).parents[2] / "shared/bench")) / "generate_entries.py"
)
K1, B = 1.2, 0.75
FREQUENT = 0.1


@dataclass(frozen=True)
class Vectors:
    name: str
    needs: csr_array
    offers: csr_array


def texts(many: int, side: str) -> list[str]:
    """`side` is "need" or "offer"."""
    made: list[str] = items(many, side)["texts"]
    return made


def items(many: int, side: str) -> dict[str, Any]:
    """Texts and facets; `side` is "need" or "offer"."""
    spec = importlib.util.spec_from_file_location("generate_entries", GENERATOR)
    assert spec
    assert spec.loader
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    made: dict[str, Any] = generator.items(many, side)
    return made


def bm25(needs: list[str], offers: list[str]) -> Vectors:
    """Words of two characters or more by BM25; a need counts its words."""
    columns: dict[str, int] = {}
    theirs, asked = _counts(offers, columns), _counts(needs, columns)
    theirs.resize(len(offers), len(columns))
    holders = np.bincount(theirs.indices, minlength=len(columns))
    lengths = theirs.sum(axis=1)
    norm = np.repeat(K1 * (1 - B + B * lengths / lengths.mean()), np.diff(theirs.indptr))
    rarity = np.log1p((len(offers) - holders + 0.5) / (holders + 0.5))[theirs.indices]
    theirs.data = rarity * theirs.data * (K1 + 1) / (theirs.data + norm)
    return Vectors("words by BM25", asked, theirs)


def _counts(texts: list[str], columns: dict[str, int]) -> csr_array:
    rows, terms = [], []
    for row, text in enumerate(texts):
        said = [columns.setdefault(word, len(columns)) for word in search_words(text) if len(word) > 1]
        rows += [row] * len(said)
        terms += said
    return csr_array((np.ones(len(rows)), (rows, terms)), (len(texts), len(columns)))


def without_frequent(full: Vectors) -> Vectors:
    """The same without the terms that more than a tenth of the offers hold."""
    holders = np.bincount(full.offers.indices, minlength=full.offers.shape[1])
    rare = np.flatnonzero(holders <= FREQUENT * full.offers.shape[0])
    return Vectors(
        f"{full.name}, frequent dropped", full.needs[:, rare].tocsr(), full.offers[:, rare].tocsr()
    )
