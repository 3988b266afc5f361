"""Who may call one operation, said where it is declared."""

from dataclasses import dataclass
from typing import Any

from lianqiao.core.actor import EVERYONE
from lianqiao.core.permissions import LABELS


@dataclass
class OperationPolicy:
    """`permission` is asked before the body is read, without a row; the action asks again with the row.

    `upload`: bytes of a file that it takes, as a form (`multipart/form-data`) instead of JSON.
    """

    name: str
    method: str
    path: str
    allow: frozenset[str]
    permission: str | None
    query: frozenset[str] = frozenset()
    upload: int = 0

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    @property
    def label(self) -> Any:
        return LABELS.get(self.permission or "", self.name)

    def explicit(self) -> dict[str, list[str]]:
        """For each role, and for the public, the methods it may use here."""
        return {str(role): [self.method] if role in self.allow else [] for role in sorted(EVERYONE)}
