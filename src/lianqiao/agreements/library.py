"""The clauses a draft begins with: the product's, each of which an office may replace or retire, and the office's own."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from lianqiao.agreements.defaults import defaults_of
from lianqiao.agreements.models import Clause

# Leaves room for clauses between the product's own.
STEP = 10


@dataclass(frozen=True)
class LibraryClause:
    """`own` is the office's row, None for the product's."""

    key: str
    title: str
    text: str
    obligation: dict[str, Any] = field(default_factory=dict)
    dimensions: list[str] = field(default_factory=list)
    standard: bool = True
    position: int = 0
    own: Clause | None = None


def library(kind: str, own: Iterable[Clause]) -> list[LibraryClause]:
    """In their order, without what the office retired."""
    found = {clause.key: clause for clause in product_clauses(kind)}
    for row in own:
        if row.state == Clause.State.RETIRED:
            found.pop(row.key, None)
        else:
            found[row.key] = LibraryClause(
                row.key, row.title, row.text, row.obligation, row.dimensions, row.standard, row.position, row
            )
    return sorted(found.values(), key=lambda clause: (clause.position, clause.key))


def product_clauses(kind: str) -> list[LibraryClause]:
    return [
        LibraryClause(
            each["key"],
            each["title"],
            each["text"].strip(),
            each.get("obligation", {}),
            each.get("dimensions", []),
            each.get("standard", True),
            number * STEP,
        )
        for number, each in enumerate(defaults_of(kind)["clauses"], start=1)
    ]


def asks_of(kind: str) -> list[str]:
    """The fields that this kind asks a person for."""
    return list(defaults_of(kind)["asks"])
