"""What is one thing under two names: of work and of study, of everyday speech and of official texts."""

from .everyday import official_words
from .links import Concept, concepts

__all__ = ["Concept", "concepts", "official_words"]
