"""What a pair of need and offer is worth, term by term."""

from .record import Record
from .vectors import Space
from .weights import Weights

__all__ = ["Record", "Space", "Weights"]
