"""Links of the trades: what work calls a thing, and what study calls it."""

from .links import Concept, concepts

__all__ = ["Concept", "concepts"]
