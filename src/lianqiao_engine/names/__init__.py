"""Names of organisations: taken apart, compared, found again."""

from .files import write_names
from .index import WARN, Likely, NameIndex, duplicates_of
from .reasons import Reason

__all__ = ["WARN", "Likely", "NameIndex", "Reason", "duplicates_of", "write_names"]
