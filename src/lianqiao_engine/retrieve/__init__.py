"""Exact retrieval: the best offers of every need, none missed."""

from .scan import Top, top

__all__ = ["Top", "top"]
