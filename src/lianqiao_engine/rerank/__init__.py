"""An embedding model as one more addend of the score: optional, off unless the office's own answers say it helps."""

from .endpoint import Endpoint
from .folder import folder
from .model import ByMeaning, ModelTrouble, Reranker
from .order import Reranked, Verdict, compare, rerank

__all__ = [
    "ByMeaning",
    "Endpoint",
    "ModelTrouble",
    "Reranked",
    "Reranker",
    "Verdict",
    "compare",
    "folder",
    "rerank",
]
