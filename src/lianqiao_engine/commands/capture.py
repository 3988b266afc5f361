from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import get_args

import click

from lianqiao_engine.capture import Agreement, BadText, Captured, Entry, capture
from lianqiao_engine.capture.document import text_of
from lianqiao_engine.capture.files import read_known, write_captured
from lianqiao_engine.values import Period

from .edge import Unusable, refusals, whole
from .wording import Language, Wording

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, path_type=Path)
SHOWN = 60  # characters of a sentence on the terminal


@click.command()
@click.argument("text", metavar="FILE", type=FILE)
@click.option(
    "--known", "known_file", type=FILE, help="Organisations, CSV: name; code and kind if there are such."
)
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    help="For dates where the text has no day of its own.  [default: today]",
)
@click.option("--json", "json_out", type=OUT, help="All that was found, for programs.")
@click.option("--language", type=click.Choice(get_args(Language)), default="zh", show_default=True)
def command(
    text: Path, known_file: Path | None, today: datetime | None, json_out: Path | None, language: Language
) -> None:
    """Find organisations, needs, resources, services, agreements and activities in FILE.

    FILE is minutes, a news text, a chat or a notice, as plain text or .docx. Everything is shown with the sentence that
    it comes from; nothing is sent anywhere.
    """
    say = Wording(language)
    with refusals():
        known = read_known(known_file) if known_file else []
        try:
            found = capture(text_of(text), known=known, today=_day(today))
        except BadText as error:
            raise Unusable(f"{text}: {say(f'capture.bad.{error.what}')}") from error
        if json_out:
            with whole(json_out) as part:
                write_captured(found, part)
    for line in lines(found, say):
        click.echo(line)
    if json_out:
        click.echo(say("told.written", out=json_out), err=True)


def _day(today: datetime | None) -> date:
    return today.date() if today else date.today()  # noqa: DTZ011 - the day of the clerk's own clock


def lines(found: Captured, say: Wording) -> Iterator[str]:
    if not (found.organisations or found.entries or found.agreements or found.activities):
        yield say("capture.nothing")
        return
    yield say("capture.organisations", count=len(found.organisations))
    for one in found.organisations:
        facts = {"name": one.name, "kind": say(f"capture.kind.{one.kind}"), "known": one.known}
        yield say("capture.organisation.known" if one.known else "capture.organisation", **facts)
    for kind in ("need", "resource", "service"):
        entries = [entry for entry in found.entries if entry.kind == kind]
        yield say(f"capture.{kind}s", count=len(entries))
        yield from (line for entry in entries for line in _entry(entry, say))
    yield say("capture.agreements", count=len(found.agreements))
    yield from (line for one in found.agreements for line in _agreement(one, say))
    yield say("capture.activities", count=len(found.activities))
    for activity in found.activities:
        facts = {
            "name": activity.name or activity.sentence,
            "day": _shown(activity.period, say),
            "place": activity.place or say("capture.unsaid"),
        }
        yield say("capture.activity", **facts)


def _entry(entry: Entry, say: Wording) -> Iterator[str]:
    who = entry.who or say("capture.unsaid")
    yield say("capture.entry.proposed" if entry.proposed else "capture.entry", text=entry.text, who=who)
    yield say("capture.from", sentence=_short(entry.sentence), offset=entry.offset)


def _agreement(one: Agreement, say: Wording) -> Iterator[str]:
    between, also = say("capture.between"), say("capture.also")
    yield say(
        "capture.agreement",
        parties=between.join(one.parties),
        kinds=also.join(one.kinds),
        day=_shown(one.period, say),
    )
    for pair in one.pairs:
        yield say("capture.pair", unit=pair.unit, enterprise=pair.enterprise)
    yield say("capture.from", sentence=_short(one.sentence), offset=one.offset)


def _short(sentence: str) -> str:
    """The beginning tells a reader where to look; the JSON has all of it."""
    return sentence if len(sentence) <= SHOWN else sentence[:SHOWN] + "…"


def _shown(period: Period | None, say: Wording) -> str:
    days = (
        []
        if period is None
        else [day.isoformat() for day in dict.fromkeys((period.first, period.last)) if day]
    )
    return say("capture.until").join(days) or say("capture.unsaid")
