"""The steps of a capture: read a text, write what was confirmed, take it back."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from lianqiao.core import jobs
from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.permissions import require
from lianqiao.core.refusals import Refused
from lianqiao.core.text import validate_plain, validate_text
from lianqiao.core.writing import creation, locked, snapshot
from lianqiao.lists.actions.around import comment, remove_comment
from lianqiao.lists.actions.entries import add_entry
from lianqiao.lists.actions.moves import submit
from lianqiao.lists.capture.lines import MOST_LINES, MOST_PLACES, description_of
from lianqiao.lists.capture.matching import known_names, matched
from lianqiao.lists.capture.reading import read
from lianqiao.lists.capture.rules import CAPTURE, DROP, PROPOSE, UNDO, WRITE
from lianqiao.lists.models import Capture, CapturedEntry, Category, Entry
from lianqiao.registry.actions.placing import AlreadyTakenBack
from lianqiao.registry.models import Chain, Segment

State, How = Capture.State, CapturedEntry.How
LONGEST_NAME, LONGEST_SENTENCE, LONGEST_COMMENT = 60, 1000, 1000


class CaptureNotOpen(Refused):
    code = "capture_not_open"
    sentence = gettext_lazy("“%(name)s”%(state)s，这一步已不能再做。")


class WrittenFurther(Refused):
    code = "captured_entry_changed"
    sentence = gettext_lazy("“%(title)s”写入后已有人办理或修改，这次写入不能整份撤销。")


@dataclass(frozen=True)
class Decision:
    """What is to become of a line. `organisation` is None where the register does not know `organisation_name`."""

    line: int
    how: str
    entry: Entry | None = None
    kind: str = ""
    title: str = ""
    organisation: int | None = None
    organisation_name: str = ""
    unit: int | None = None
    category: Category | None = None
    segment: Segment | None = None
    # What the sentence says of money, people and days, as it was confirmed.
    figures: dict[str, Any] = field(default_factory=dict)


def begin_capture(
    *, by: Actor, chain: Chain, source: str, day: date, content: bytes, today: date, name: str = ""
) -> Capture:
    """Read a text and keep what was found; the same text that still waits is not read again.

    Raises NotPermitted, UnreadableText.
    """
    row = Capture(
        chain=chain, place_id=by.organisation_id, person_id=by.person_id, source=source, day=day,
        sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    require(by, CAPTURE, row)
    same = {"chain": chain, "person": by.person_id, "source": source, "day": day, "sha256": row.sha256}
    if there := Capture.objects.filter(**same, state=State.OPEN).first():
        return there
    told = read(content, known=known_names(by), today=today)
    asked = bool(settings.MODEL_URL)
    row.text, row.found = told["text"], found_in(told, by=by) | {"model": "asked" if asked else "off"}
    row.name = named(name, row)
    with creation(row, by=by, permission=CAPTURE):
        pass
    return ask_for_more(row, by=by) if asked else row


def ask_for_more(row: Capture, *, by: Actor) -> Capture:
    """What the rules found is there at once; the model's proposals come when it answers."""
    with transaction.atomic():
        row.job = jobs.start(PROPOSE, by=by, capture=row.pk)
        row.save(update_fields=["job"])
    return row


def add_proposals(capture: Capture, *, by: Actor, proposed: list[dict[str, Any]], answered: str) -> int:
    """Put them behind the others, so that no line changes its place; over is over. Raises NotPermitted."""
    with transaction.atomic():
        row = locked(capture)
        require(by, PROPOSE, row)
        if row.state != State.OPEN or row.found["model"] != "asked":
            return 0
        added = proposed[: max(MOST_LINES - len(row.found["entries"]), 0)]
        row.found["entries"] += added
        row.found["model"] = answered
        row.save(update_fields=["found"])
        record(by, PROPOSE, row, after={"answer": answered, "proposed": len(added)})
    return len(added)


def found_in(told: dict[str, Any], *, by: Actor) -> dict[str, Any]:
    found = told["found"]
    entries = [entry | {"said": said} for entry, said in zip(found["entries"], told["readable"], strict=True)]
    return {
        "organisations": matched(found["organisations"], by)[:MOST_PLACES],
        "entries": entries[:MOST_LINES],
        "left_out": max(len(entries) - MOST_LINES, 0),
        "agreements": found["agreements"],
        "pairs": found["pairs"],
        "activities": found["activities"],
    }


def named(name: str, row: Capture) -> str:
    """The first line that can be read, else where the text comes from."""
    for line in (name, *row.text.split("\n", 20)[:20]):
        short = " ".join(line.split())[:LONGEST_NAME].strip(" •")
        try:
            validate_plain(short)
        except ValidationError:
            continue
        if short:
            return short
    return note_of(row)


def note_of(row: Capture) -> str:
    with override(settings.LANGUAGE_CODE):
        return f"{row.get_source_display()} {row.day.isoformat()}"


def write_captured(capture: Capture, *, by: Actor, now: datetime, decisions: Iterable[Decision]) -> Capture:
    """All of them or none; a second time changes nothing. Raises NotPermitted, CaptureNotOpen, ValidationError."""
    with transaction.atomic():
        row = locked(capture)
        require(by, WRITE, row)
        if row.state == State.DONE:
            return row
        refuse_over(row)
        made = [carry_out(row, decision, by=by, now=now) for decision in decisions]
        CapturedEntry.objects.bulk_create(made)
        row.state, row.done_at = State.DONE, now
        row.save(update_fields=["state", "done_at"])
        counts = {how: sum(one.how == how for one in made) for how in How.values}
        record(by, WRITE, row, after={"state": row.state} | counts)
    return row


def refuse_over(row: Capture) -> None:
    if row.state != State.OPEN:
        raise CaptureNotOpen(name=row.name, state=row.get_state_display())


def carry_out(row: Capture, decision: Decision, *, by: Actor, now: datetime) -> CapturedEntry:
    said = row.found["entries"][decision.line]
    made = CapturedEntry(capture=row, line=decision.line, how=decision.how)
    if decision.entry is None:
        made.entry = written(row, decision, said, by=by, now=now)
    else:
        made.entry = decision.entry
        if decision.how == How.COMMENT:
            text = _("%(note)s：%(text)s") % {"note": note_of(row), "text": said["text"]}
            made.comment = comment(made.entry, by=by, now=now, text=text[:LONGEST_COMMENT])
    made.version = made.entry.version
    return made


def written(row: Capture, decision: Decision, said: dict[str, Any], *, by: Actor, now: datetime) -> Entry:
    """What the register does not know yet stays a draft, as in an import."""
    entry = add_entry(
        by=by,
        chain=row.chain,
        kind=decision.kind,
        title=decision.title,
        description=description_of(said, decision.title),
        organisation_id=decision.organisation,
        organisation_name="" if decision.organisation else decision.organisation_name,
        unit_id=decision.unit,
        category=decision.category,
        segment=decision.segment,
        **decision.figures,
        source=Entry.Source.TEXT,
        source_note=note_of(row),
        source_sentence=sentence_of(said),
    )
    return submit(entry, by=by, now=now) if decision.organisation else entry


def sentence_of(said: dict[str, Any]) -> str:
    """Without damage, so that it can be kept with an entry; the text itself stays with the capture."""
    sentence: str = said["said"][:LONGEST_SENTENCE]
    try:
        validate_text(sentence)
    except ValidationError:
        return str(said["text"])[:LONGEST_SENTENCE]
    return sentence


def drop_capture(capture: Capture, *, by: Actor) -> None:
    """Nothing is written. Raises NotPermitted, CaptureNotOpen."""
    with transaction.atomic():
        row = locked(capture)
        require(by, DROP, row)
        refuse_over(row)
        row.state = State.DROPPED
        row.save(update_fields=["state"])
        record(by, DROP, row, after={"state": row.state})


def undo_capture(capture: Capture, *, by: Actor) -> None:
    """Take back all that was written, and wait for another decision. Raises NotPermitted, WrittenFurther."""
    with transaction.atomic():
        row = locked(capture)
        require(by, UNDO, row)
        if row.state != State.DONE:
            raise AlreadyTakenBack
        for made in row.entries.select_related("comment"):
            entry = locked(made.entry)
            if made.how == How.NEW:
                refuse_touched(entry, made.version)
            made.delete()
            if made.comment:
                remove_comment(made.comment, by=by)
            if made.how == How.NEW:
                record(by, UNDO, entry, before=snapshot(entry))
                entry.delete()
        row.state, row.done_at = State.OPEN, None
        row.save(update_fields=["state", "done_at"])
        record(by, UNDO, row, after={"state": row.state})


def refuse_touched(entry: Entry, version: int) -> None:
    around = (entry.comments, entry.attachments, entry.askings, entry.merges_kept, entry.merges_gone)
    if entry.version != version or any(rows.exists() for rows in around):
        raise WrittenFurther(title=entry)
