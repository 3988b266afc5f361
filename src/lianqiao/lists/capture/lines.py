"""What was found, as a page shows it: each with the sentence that it comes from, marked in its context."""

from collections.abc import Iterable
from functools import partial
from itertools import groupby
from typing import Any

from lianqiao.core.actor import Actor
from lianqiao.lists.coach import ALIKE, record_of, records_of
from lianqiao.lists.engine import near
from lianqiao.lists.models import Capture, Entry, Kind
from lianqiao.lists.queries import OPEN, entries_for, entries_of_chain, last_changes

MOST_LINES = 100  # more than these nobody confirms at one sitting
# With the lines, fewer fields than a form may have.
MOST_PLACES, MOST_FIGURES = 120, 170
LONGEST_TITLE = 60
AROUND = 40
SIMILAR_SHOWN = 3


def title_of(said: dict[str, Any]) -> str:
    """Who says it stands in a field of its own."""
    return str(said["text"]).removeprefix(said["who"]).lstrip("，：、, :")[:LONGEST_TITLE] or said["text"]


def description_of(said: dict[str, Any], title: str) -> str:
    """What the title does not say already."""
    return "" if said["text"] == title else str(said["text"])[:4000]


def context(text: str, sentence: str, offset: int) -> dict[str, str]:
    """A sentence with a little of what stands around it in its paragraph."""
    before = text[max(offset - AROUND, 0) : offset].rpartition("\n")[2]
    end = offset + len(sentence)
    return {"before": before, "sentence": sentence, "after": text[end : end + AROUND].partition("\n")[0]}


def apart(capture: Capture, line: int) -> dict[str, str]:
    """The whole text with the sentence of a line between what stands before and after it."""
    found = capture.found["entries"]
    if line >= len(found):
        return {"before": capture.text, "sentence": "", "after": ""}
    said = found[line]
    end = said["offset"] + len(said["sentence"])
    return {
        "before": capture.text[: said["offset"]],
        "sentence": said["sentence"],
        "after": capture.text[end:],
    }


def by_sentence(capture: Capture, found: Iterable[Any], facts: Any = dict) -> list[dict[str, Any]]:
    """Neighbours of the same sentence stand below it together; `facts` gives what was found of each."""

    def place(one: Any) -> tuple[int, str]:
        said = facts(one)
        return said["offset"], said["sentence"]

    return [
        context(capture.text, sentence, offset) | {"found": list(items)}
        for (offset, sentence), items in groupby(found, key=place)
    ]


def similar_entries(capture: Capture, actor: Actor) -> dict[int, list[Entry]]:
    """For each line the entries of the same list that say nearly the same, as far as the actor may see them."""
    scores: dict[int, list[int]] = {}
    states: dict[str, tuple] = {}
    for line, said in enumerate(capture.found["entries"]):
        kind = said["kind"]
        if kind not in states:
            states[kind] = last_changes(capture.chain_id, (kind,))
        waiting = entries_of_chain(capture.chain_id).filter(
            kind=kind, state__in=(*OPEN, Entry.State.SUBMITTED)
        )
        asked = Entry(chain_id=capture.chain_id, kind=kind, title=title_of(said))
        found = near(
            ("similar", Kind(kind), capture.chain_id),
            states[kind],
            partial(records_of, waiting),
            record_of(asked),
            most=SIMILAR_SHOWN,
            wait=None,
        )
        scores[line] = [int(pk) for pk, score in found or () if score >= ALIKE]
    seen = entries_for(actor).in_bulk({pk for pks in scores.values() for pk in pks})
    return {line: [seen[pk] for pk in pks if pk in seen] for line, pks in scores.items()}
