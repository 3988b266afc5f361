"""The interface of a re-ranker, and the one way in which ours compare texts: the cosine of their embeddings."""

from collections.abc import Callable, Sequence
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Embed = Callable[[Sequence[str]], NDArray[np.float32]]  # N texts -> (N, dimensions)
What = Literal["not installed", "no model", "timeout", "unreachable", "status", "too large", "malformed"]
KEPT = 20_000  # embeddings: an offer stands on the lists of many needs


class ModelTrouble(RuntimeError):
    """A model that cannot be asked, or whose answer is none: `what` went wrong, and a detail for the operator."""

    def __init__(self, what: What, detail: str = "") -> None:
        super().__init__(f"{what}: {detail}" if detail else what)
        self.what, self.detail = what, detail


class Reranker(Protocol):
    name: str

    def scores(self, need_text: str, offer_texts: Sequence[str]) -> list[float]:
        """Return how near each offer is to the need, in -1..1. Raises ModelTrouble."""
        ...


class ByMeaning:
    """A re-ranker from anything that embeds texts; what it embedded it keeps."""

    def __init__(self, name: str, embed: Embed) -> None:
        self.name = name
        self._embed = embed
        self._kept: dict[str, NDArray[np.float32]] = {}

    def scores(self, need_text: str, offer_texts: Sequence[str]) -> list[float]:
        texts = [need_text, *offer_texts]
        if unknown := [text for text in dict.fromkeys(texts) if text not in self._kept]:
            if len(self._kept) + len(unknown) > KEPT:
                self._kept.clear()
                unknown = list(dict.fromkeys(texts))
            self._kept.update(zip(unknown, self._directions(unknown), strict=True))
        need, *offers = (self._kept[text] for text in texts)
        return [float(np.clip(need @ offer, -1, 1)) for offer in offers]

    def _directions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.asarray(self._embed(texts), np.float32)
        known = next(
            (len(vector) for vector in self._kept.values()), vectors.shape[1] if vectors.ndim == 2 else 0
        )
        if vectors.shape != (len(texts), known) or not known or not np.isfinite(vectors).all():
            raise ModelTrouble("malformed", f"{len(texts)} texts, embeddings of shape {vectors.shape}")
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / np.maximum(lengths, 1e-12)
