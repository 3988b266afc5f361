"""What counts how much in the score."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite

from .views import VIEWS

NUMBERS = ("offer_items", "officially", "saturation", "length", "offer_rarity", "need_rarity")


def _views() -> dict[str, float]:
    return {"characters": 2.0, "pairs": 1.0, "words": 1.0, "trades": 3.0}


def _facets() -> dict[str, float]:
    return {"segment": 0.03, "district": 0.01, "industry": 0.03, "suits": 0.01, "earlier": 0.03}


@dataclass(frozen=True)
class Weights:
    """The parameters of the score; the defaults were chosen on two public collections (docs/decisions/0010).

    `saturation` and `length` are k1 and b of BM25 (Robertson and Zaragoza, 2009), whose document side weighs the
    offers. A term's rarity among the offers and among the needs counts to the powers `offer_rarity` and `need_rarity`:
    what every need asks for tells as little as what everybody offers.
    Raises ValueError for an unknown view and for a weight that is negative or no number.
    """

    views: Mapping[str, float] = field(default_factory=_views)
    need_fields: Mapping[str, float] = field(
        default_factory=lambda: {"name": 3.0, "business": 2.0}
    )  # others 1
    offer_fields: Mapping[str, float] = field(
        default_factory=lambda: {"name": 0.4, "majors": 1.0}
    )  # others 1
    offer_items: float = 0.2  # a field that is a list, unless offer_fields names it
    officially: float = 0.3  # what is said in everyday words, said again as offices write it
    saturation: float = 1.2
    length: float = 0.75
    offer_rarity: float = 1.0
    need_rarity: float = 0.25
    facets: Mapping[str, float] = field(
        default_factory=_facets
    )  # what one shared value adds to a share; others 0

    def __post_init__(self) -> None:
        if unknown := self.views.keys() - {view.name for view in VIEWS}:
            raise ValueError(f"no view is called {', '.join(sorted(unknown))}")
        numbers = {
            **{f"views.{name}": value for name, value in self.views.items()},
            **{f"need_fields.{name}": value for name, value in self.need_fields.items()},
            **{f"offer_fields.{name}": value for name, value in self.offer_fields.items()},
            **{f"facets.{name}": value for name, value in self.facets.items()},
            **{name: getattr(self, name) for name in NUMBERS},
        }
        for name, value in numbers.items():
            if not (isfinite(value) and value >= 0):
                raise ValueError(f"{name} must be a number of at least 0, not {value}")
