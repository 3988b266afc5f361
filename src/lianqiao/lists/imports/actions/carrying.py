"""An import is carried out: all rows that can be taken, or none."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from tempfile import TemporaryFile
from types import SimpleNamespace
from typing import Any, TextIO

from django.db import connection, transaction
from django.db.models import Count, Max
from django.utils.translation import gettext_lazy as _

from lianqiao.core import jobs
from lianqiao.core.actor import OFFICE, Actor
from lianqiao.core.audit import record, record_many
from lianqiao.core.bulk import batched, blank, insert_rows, new_ids
from lianqiao.core.permissions import require
from lianqiao.core.refusals import Refused
from lianqiao.core.writing import locked, snapshot
from lianqiao.lists.actions.entries import edit_entry, next_number, set_wishes
from lianqiao.lists.actions.moves import promise
from lianqiao.lists.imports import reading
from lianqiao.lists.imports.actions.steps import NotWaiting, waiting
from lianqiao.lists.imports.changes import changed_fields
from lianqiao.lists.imports.names import chosen_before
from lianqiao.lists.imports.planning import Columns, Plan, places_of, plan_of, whole_rows
from lianqiao.lists.imports.queries import keyed_entries, wished
from lianqiao.lists.imports.rows import Row
from lianqiao.lists.imports.rules import IMPORT
from lianqiao.lists.index import filled_at_once
from lianqiao.lists.models import Entry, Import, ImportedRow, ImportTwin
from lianqiao.lists.telling import tell_office
from lianqiao.lists.terms import terms_of
from lianqiao.registry.models import Chain

State = Import.State
Choice = ImportTwin.Choice
CHUNK = 1000
ADDED = "lists.add_entry"
Step = Callable[[int], None]


class ChangedMeanwhile(Refused):
    code = "changed_meanwhile"
    sentence = _("检查之后，清单或单位登记有了变化（例如有人刚导入同一份表）。没有写入任何内容，请重新检查。")


def agree(imported: Import, *, by: Actor) -> None:
    """Start the import as it was checked. Raises NotPermitted, NotWaiting."""
    with transaction.atomic():
        row = waiting(imported, by=by)
        if row.state != State.CHECKED:
            raise NotWaiting(name=row.name, state=row.get_state_display())
        row.job = jobs.start(IMPORT, by=by, imported=row.pk)
        row.save(update_fields=["job"])


def import_entries(imported: Import, *, by: Actor, now: datetime, step: Step) -> dict[str, int]:
    """Write every row that can be taken, in one transaction. Raises NotPermitted, ChangedMeanwhile, Unreadable."""
    require(by, IMPORT, imported)
    if imported.state == State.DONE:
        # The power went between its end and the job's: it is written once.
        return {**imported.counts}
    book = reading.again(imported.token)
    before = state_of(imported.chain_id)
    plan = agreed(imported, book, step, by=by)
    choices = {(twin.sheet, twin.row): twin for twin in imported.twins.all()}
    new = [row for row in plan.rows if row.outcome == "new" and choice_of(choices, row) == Choice.NEW]
    with TemporaryFile("w+", encoding="utf-8") as terms:
        # Long, and nothing that others would have to wait for; on disk, for they are longer than what they tell of.
        usual = blank(Entry)
        for row in told(new, step):
            terms.write(terms_of(SimpleNamespace(**usual | row.fields | noted(row))) + "\n")
        terms.seek(0)
        with transaction.atomic():
            locked(Chain(pk=imported.chain_id))
            fresh = locked(imported)
            if fresh.state != State.CHECKED:
                raise NotWaiting(name=fresh.name, state=fresh.get_state_display())
            if state_of(fresh.chain_id) != before:
                agreed(fresh, book, lambda count: None, by=by)
            changed = update_entries(fresh, plan, choices, book, by=by)
            drafts = sum(not row.fields["organisation_id"] for row in new)
            added = add_entries(fresh, new, terms, step, by=by, now=now)
            finish(fresh, added, changed, skipped(plan, choices), drafts, by=by, now=now)
    return {"added": added, "updated": changed}


def finish(
    imported: Import, added: int, changed: int, left: int, drafts: int, *, by: Actor, now: datetime
) -> None:
    """What was decided is in the entries now; what was refused is still to be given back."""
    imported.counts |= {"added": added, "updated": changed, "skipped": left, "drafts": drafts}
    imported.state, imported.done_at = State.DONE, now
    imported.save()
    imported.twins.all().delete()
    record(by, IMPORT, imported, after={"count": added, "changed": changed, "digest": imported.sha256})
    if added and by.role not in OFFICE:
        tell_office(Entry(chain=imported.chain), "entry_submitted")


def agreed(imported: Import, book: reading.Book, step: Step, *, by: Actor) -> Plan:
    """The plan, as somebody agreed to it. Raises ChangedMeanwhile."""
    plan = plan_of(imported, book, chosen_before(imported.names.all()), by=by, step=step)
    if plan.digest() != imported.digest:
        raise ChangedMeanwhile
    return plan


def state_of(chain_id: int) -> tuple[Any, ...]:
    """Whether anything in these lists has changed."""
    rows = Entry.objects.filter(chain=chain_id)
    return tuple(rows.order_by().aggregate(Count("pk"), Max("changed_at")).values())


def choice_of(choices: dict[tuple[str, int], ImportTwin], row: Row) -> str:
    twin = choices.get((row.sheet[:120], row.row))
    return twin.choice if twin else Choice.NEW


def skipped(plan: Plan, choices: dict[tuple[str, int], ImportTwin]) -> int:
    return sum(row.outcome == "new" and choice_of(choices, row) == Choice.SKIP for row in plan.rows)


def told(rows: list[Row], step: Step) -> Iterator[Row]:
    for place, row in enumerate(rows, start=1):
        yield row
        if place % CHUNK == 0:
            step(CHUNK)


def noted(row: Row) -> dict[str, str]:
    return {"source_note": f"{row.sheet[:180]}!{row.row}"}


class Maker:
    """Makes entries of rows: known whose it is, one goes to whoever reviews; otherwise it stays a draft."""

    def __init__(self, imported: Import, rows: list[Row], by: Actor, now: datetime) -> None:
        self.usual = blank(Entry) | {
            "chain_id": imported.chain_id, "registered_by_id": by.organisation_id, "created_at": now,
            "changed_at": now,
        }  # fmt: skip
        self.said: dict[str, dict[str, Any]] = {}
        for kind in {row.kind for row in rows}:
            example = Entry(chain_id=imported.chain_id, kind=kind)
            promise(example, now)
            submitted = {"state": Entry.State.SUBMITTED.value, "submitted_at": now}
            self.said[kind] = submitted | {"promised_on": example.promised_on}
        numbers = {kind: count(next_number(imported.chain_id, kind)) for kind in self.said}
        self.numbers = [next(numbers[row.kind]) if row.fields["organisation_id"] else None for row in rows]
        self.ids = new_ids(Entry, len(rows))
        self.rows = rows

    def facts(self, place: int) -> dict[str, Any]:
        row, number = self.rows[place], self.numbers[place]
        facts = self.usual | row.fields | noted(row) | {"id": self.ids[place], "kind": row.kind}
        return facts | self.said[row.kind] | {"number": number} if number else facts

    def told(self) -> Iterator[tuple[Entry, None, dict[str, Any]]]:
        """For the trail. One entry stands for all in turn: to make each would take longer than all the rest."""
        entry = Entry()
        for place in range(len(self.rows)):
            vars(entry).update(self.facts(place))
            yield entry, None, snapshot(entry)


def add_entries(
    imported: Import, rows: list[Row], terms: TextIO, step: Step, *, by: Actor, now: datetime
) -> int:
    maker = Maker(imported, rows, by, now)
    usual = blank(ImportedRow) | {"imported_id": imported.pk, "version": 0}
    with filled_at_once(connection):
        for places in batched(range(len(rows)), CHUNK):
            insert_rows(
                Entry,
                (maker.facts(place) | {"search_text": terms.readline().rstrip("\n")} for place in places),
            )
            origins = zip(new_ids(ImportedRow, len(places)), places, strict=True)
            insert_rows(
                ImportedRow,
                [
                    usual | {"id": pk, "entry_id": maker.ids[place]} | origin(rows[place])
                    for pk, place in origins
                ],
            )
            wishing = [(Entry(pk=maker.ids[place]), rows[place]) for place in places if wishes(rows[place])]
            add_wishes(imported, wishing)
            step(len(places))
    # The trail last: who holds its end keeps everybody else from writing.
    return record_many(by, ADDED, maker.told())


def origin(row: Row) -> dict[str, Any]:
    return {"sheet": row.sheet[:120], "row": row.row}


def wishes(row: Row) -> bool:
    return bool(row.must or row.never)


def add_wishes(imported: Import, made: list[tuple[Entry, Row]]) -> None:
    if not made:
        return
    known = dict(imported.names.filter(above="").values_list("name", "organisation"))
    organisations = wished(pk for pk in known.values() if pk)
    for entry, row in made:
        must, never = ([organisations[known[name]] for name in names] for names in (row.must, row.never))
        set_wishes(entry, must, never)


def update_entries(
    imported: Import,
    plan: Plan,
    choices: dict[tuple[str, int], ImportTwin],
    book: reading.Book,
    *,
    by: Actor,
) -> int:
    """Through the same action as by hand, one by one. Raises NotPermitted, ValidationError, ChangedMeanwhile."""
    columns = Columns(book.sheets)
    todo: list[tuple[Row, int, dict[str, Any]]] = [
        (row, row.entry_id, plan.changes[row.entry_id])
        for row in plan.rows
        if row.outcome == "update" and row.entry_id
    ]
    slim = [row for row in plan.rows if chosen_update(choices, row)]
    places = places_of(imported, by)
    whole = whole_rows(book, columns, places, {(row.sheet, row.row) for row in slim})
    twins = [(whole[row.sheet, row.row], choices[row.sheet[:120], row.row]) for row in slim]
    entries = keyed_entries((twin.entry_id for _, twin in twins if twin.entry_id), by)
    for row, twin in twins:
        entry = entries.get(twin.entry_id or 0)
        if entry is None:
            raise ChangedMeanwhile
        keys = set(columns.at(row.sheet, row.row))
        todo.append((row, entry.pk, changed_fields(entry, row, keys, plan.names, filled_only=True)))
    entries |= {pk: entry for pk, entry in plan.entries.items() if pk in plan.changes}
    done = 0
    for row, pk, fields in todo:
        if not fields:
            continue
        before = {name: getattr(entries[pk], name) for name in fields}
        entry = edit_entry(entries[pk], by=by, seen=entries[pk].version, **fields)
        imported.rows.create(
            entry=entry, sheet=row.sheet[:120], row=row.row, version=entry.version, before=plain(before)
        )
        done += 1
    return done


def chosen_update(choices: dict[tuple[str, int], ImportTwin], row: Row) -> bool:
    return row.outcome == "new" and choice_of(choices, row) == Choice.UPDATE


def plain(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value if value is None or isinstance(value, int) else str(value)
        for name, value in fields.items()
    }
