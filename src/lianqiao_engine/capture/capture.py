"""Everything that a text says of organisations, needs, offers, agreements and activities."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from .activities import activities_of
from .agreements import agreements_of
from .entries import entries_of
from .layout import lines_of
from .model import LONGEST_TEXT, BadText, Captured, Known
from .organisations import Directory
from .people import people_in
from .reading import readable
from .said import day_of
from .sentences import sentences_of
from .speakers import Speakers


def capture(text: str, *, known: Iterable[Known] = (), today: date) -> Captured:
    """Find what `text` says, by rules; `known` are the organisations of the registry.

    `today` gives the year of dates where the text has no day of its own. Raises BadText for a text that is empty or
    longer than LONGEST_TEXT.
    """
    if not text.strip():
        raise BadText("nothing in it")
    if len(text) > LONGEST_TEXT:
        raise BadText("too long")
    reading = readable(text)
    lines = lines_of(reading.text)
    directory = Directory(reading.text, lines, known)
    people = people_in(reading.text, lines, directory)
    sentences = sentences_of(reading.text, lines)
    own_day = day_of(reading.text, today)
    speakers = Speakers(reading.text, directory, people, lines)
    activities = tuple(activities_of(reading, lines, sentences, directory, own_day))
    agreements = agreements_of(reading, sentences, lines, directory, own_day)
    days = {one.period for one in activities if one.period}
    if len(days) == 1:
        # A text about one day tells of signings of that day.
        agreements = [replace(one, period=one.period or next(iter(days))) for one in agreements]
    return Captured(
        tuple(replace(one, offset=reading.begins[one.offset]) for one in directory.listed()),
        tuple(entries_of(reading, sentences, directory, speakers, own_day)),
        tuple(agreements),
        activities,
        people,
    )
