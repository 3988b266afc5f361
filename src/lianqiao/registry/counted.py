"""Members of a chain as a picture counts them: thousands are told by id, of those that are shown the names are loaded."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, overload

from lianqiao.registry.models import Organisation


class Counted(NamedTuple):
    pk: int
    kind: str
    size: str


class Named:
    """Organisations by id, as they are asked for; `soon` are loaded with the first that is."""

    def __init__(self, load: Callable[[list[int]], dict[int, Organisation]]) -> None:
        self.load, self.soon = load, set[int]()
        self.known: dict[int, Organisation] = {}

    def all(self, ids: Iterable[int]) -> list[Organisation]:
        wanted = list(ids)
        if missing := set(wanted) - self.known.keys():
            self.known |= self.load(sorted(missing | self.soon))
            self.soon.clear()
        return [self.known[pk] for pk in wanted]


class Members(Sequence[Organisation]):
    def __init__(self, counted: Iterable[Counted], named: Named) -> None:
        self.counted, self.named = list(counted), named

    def __len__(self) -> int:
        return len(self.counted)

    @overload
    def __getitem__(self, place: int) -> Organisation: ...
    @overload
    def __getitem__(self, place: slice) -> list[Organisation]: ...
    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return self.named.all(one.pk for one in self.counted[place])
        return self.named.all([self.counted[place].pk])[0]

    def __iter__(self) -> Any:
        return iter(self[:])

    @property
    def enterprises(self) -> list[Counted]:
        return [one for one in self.counted if one.kind == Organisation.Kind.ENTERPRISE]
