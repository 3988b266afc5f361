"""One entry of a list as the engine sees it: an id, texts, facets."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Text = str | tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """A need or an offer. Its texts go by field: prose (`definition`) is a string, a list (`courses`) a tuple.

    What recurs in prose is style, what recurs in a list is a theme: `Weights` lets them count differently.
    `facets` are codes and names that count only when both sides have the very same: {"district": ("云龙区",)}.
    """

    id: str
    texts: Mapping[str, Text]
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
