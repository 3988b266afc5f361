"""What took long to make, kept in this process for as long as it is among the last that were used."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")


class Kept(Generic[Key, Item]):
    """By key, `most` of them; for threads."""

    def __init__(self, most: int) -> None:
        self.most, self.lock = most, threading.Lock()
        self.items: OrderedDict[Key, Item] = OrderedDict()

    def get(self, key: Key) -> Item | None:
        with self.lock:
            if key in self.items:
                self.items.move_to_end(key)
            return self.items.get(key)

    def put(self, key: Key, item: Item) -> None:
        with self.lock:
            self.items[key] = item
            self.items.move_to_end(key)
            while len(self.items) > self.most:
                self.items.popitem(last=False)

    def clear(self) -> None:
        with self.lock:
            self.items.clear()
