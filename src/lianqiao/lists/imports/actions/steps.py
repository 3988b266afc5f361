"""The steps of an import before it is carried out: upload, check, correct, decide."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lianqiao.core import jobs
from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.permissions import require
from lianqiao.core.refusals import Refused
from lianqiao.core.writing import creation, locked
from lianqiao.lists.imports import reading
from lianqiao.lists.imports.names import How, chosen_before
from lianqiao.lists.imports.planning import Plan, plan_of, words
from lianqiao.lists.imports.queries import memories_of
from lianqiao.lists.imports.rules import IMPORT
from lianqiao.lists.models import ColumnMemory, Import, ImportName, ImportProblem, ImportTwin
from lianqiao.registry.models import Chain, Organisation
from lianqiao.registry.uploads import drop, keep, uploads

State = Import.State
Choice = ImportTwin.Choice
CHECK = "lists.check_import"
MOST_PROBLEMS = 2000
CHUNK = 2000
SHOWN_TEXT = 200


class NotWaiting(Refused):
    code = "import_not_waiting"
    sentence = _("“%(name)s”%(state)s，这一步已不能再做。")


def begin_import(*, by: Actor, chain: Chain, name: str, content: bytes) -> Import:
    """Keep the file and check it. Raises NotPermitted."""
    row = Import(chain=chain, place_id=by.organisation_id, person_id=by.person_id, name=reading.named(name))
    row.sha256 = hashlib.sha256(content).hexdigest()
    require(by, IMPORT, row)
    row.token = keep(content, {}, by=by)
    with creation(row, by=by, permission=IMPORT) as imported:
        start_check(imported, by=by)
    return row


def correct_columns(
    imported: Import, *, by: Actor, heads: Mapping[str, str], kinds: Mapping[str, str]
) -> None:
    """Remembered for the place of whoever corrects, then checked anew. Raises NotPermitted, NotWaiting."""
    with transaction.atomic():
        row = waiting(imported, by=by)
        for what, said in ((ColumnMemory.What.HEAD, heads), (ColumnMemory.What.SHEET, kinds)):
            for text, means in said.items():
                ColumnMemory.objects.update_or_create(
                    place_id=by.organisation_id, what=what, text=text[:200], defaults={"means": means}
                )
        record(by, IMPORT, row, after={"heads": dict(heads), "kinds": dict(kinds)})
        start_check(row, by=by)


def choose_names(imported: Import, *, by: Actor, chosen: Mapping[int, Organisation | None]) -> None:
    """Which organisation a name means, None for none of the register. Raises NotPermitted, NotWaiting."""
    with transaction.atomic():
        row = waiting(imported, by=by)
        for pk, organisation in chosen.items():
            row.names.filter(pk=pk).update(how=How.CHOSEN, organisation=organisation, unit=None)
        record(by, IMPORT, row, after={"names": {pk: one and one.pk for pk, one in chosen.items()}})
        start_check(row, by=by)


def choose_twins(imported: Import, *, by: Actor, choices: Mapping[int, str]) -> None:
    """What becomes of rows that are there already. Raises NotPermitted, NotWaiting."""
    with transaction.atomic():
        row = waiting(imported, by=by)
        for choice in Choice.values:
            chosen = [pk for pk, said in choices.items() if said == choice]
            set_choice(row.twins.filter(pk__in=chosen), choice)


def choose_all_twins(imported: Import, *, by: Actor, choice: str) -> None:
    """Raises NotPermitted, NotWaiting."""
    with transaction.atomic():
        set_choice(waiting(imported, by=by).twins.all(), choice)


def set_choice(twins: QuerySet[ImportTwin], choice: str) -> None:
    # Only what is an entry can be updated; a row of the same workbook cannot.
    (twins.exclude(entry=None) if choice == Choice.UPDATE else twins).update(choice=choice)


def waiting(imported: Import, *, by: Actor) -> Import:
    row = locked(imported)
    require(by, IMPORT, row)
    if row.state not in (State.CHECKED, State.REFUSED):
        raise NotWaiting(name=row.name, state=row.get_state_display())
    return row


def start_check(imported: Import, *, by: Actor) -> None:
    imported.state, imported.problem = State.READING, ""
    imported.job = jobs.start(CHECK, by=by, imported=imported.pk)
    imported.save(update_fields=["state", "problem", "job"])


def check_import(imported: Import, *, by: Actor, today: date, step: Callable[[int], None]) -> dict[str, int]:
    """Read the file and keep what is to be decided; of the lists nothing is written. Raises NotPermitted."""
    require(by, IMPORT, imported)
    if imported.state != State.READING:
        return dict(imported.counts)
    try:
        with reading.read(
            imported.token, imported.name, today=today, remembered=memories_of(imported.place_id)
        ) as book:
            plan = plan_of(imported, book, chosen_before(imported.names.all()), by=by, step=step)
    except reading.Unreadable as refusal:
        Import.objects.filter(pk=imported.pk).update(state=State.REFUSED, problem=refusal.code)
        raise
    with transaction.atomic():
        row = locked(imported)
        keep_findings(row, plan)
        row.state, row.sheets, row.digest = State.CHECKED, book.sheets, plan.digest()
        row.counts = counts_of(plan)
        row.save()
    return row.counts


def counts_of(plan: Plan) -> dict[str, int]:
    counts = dict.fromkeys(("rows", "new", "update", "same", "refused", "remarked", "drafts", "twins"), 0)
    counts["rows"], counts["twins"] = len(plan.rows), len(plan.twins)
    for row in plan.rows:
        counts[row.outcome] += 1
        if row.outcome == "refused":
            continue
        counts["remarked"] += bool(row.problems)
        counts["drafts"] += row.outcome == "new" and not row.fields["organisation_id"]
    counts["problems"] = len(plan.loose) + sum(len(row.problems) for row in plan.rows)
    return counts


def keep_findings(imported: Import, plan: Plan) -> None:
    forget_findings(imported)
    names = [
        ImportName(
            imported=imported, name=name[:200], above=above[:200], rows=plan.named[name, above],
            how=match.how, organisation_id=match.organisation, unit_id=match.unit, likely=match.likely,
        )
        for (name, above), match in plan.names.items()
    ]  # fmt: skip
    ImportName.objects.bulk_create(names, batch_size=CHUNK)
    ImportProblem.objects.bulk_create(problems_of(imported, plan), batch_size=CHUNK)
    ImportTwin.objects.bulk_create(twins_kept(imported, plan), batch_size=CHUNK)


def problems_of(imported: Import, plan: Plan) -> list[ImportProblem]:
    """What keeps rows out comes first; of a very long list the rest is in the workbook that is given back."""
    found = [
        ImportProblem(imported=imported, sheet=sheet[:120], cell=cell, key=key, code=code, value=value[:60])
        for sheet, cell, key, code, value in plan.loose
    ]
    rows = sorted((row for row in plan.rows if row.problems), key=lambda row: row.outcome != "refused")
    for row in rows[:MOST_PROBLEMS]:
        found += [
            ImportProblem(
                imported=imported, sheet=row.sheet[:120], row=row.row, cell=one.cell, key=one.key,
                code=one.code, value=one.value[:60], refusing=one.refusing,
            )
            for one in row.problems
        ]  # fmt: skip
    return found[:MOST_PROBLEMS]


def twins_kept(imported: Import, plan: Plan) -> list[ImportTwin]:
    kept = []
    for twin in plan.twins:
        row, other = plan.rows[twin.place], twin.other
        title, text = words(row)
        there = plan.rows[other.place] if other.place is not None else None
        kept.append(
            ImportTwin(
                imported=imported, sheet=row.sheet[:120], row=row.row, title=title[:120],
                text=text[:SHOWN_TEXT], entry_id=other.entry,
                other_sheet=there.sheet[:120] if there else "", other_row=there.row if there else 0,
                other_title=other.title[:120], other_text=other.text[:SHOWN_TEXT], is_same=twin.is_same,
                choice=Choice.SKIP if twin.is_same else Choice.NEW,
            )
        )  # fmt: skip
    return kept


def forget_findings(imported: Import) -> None:
    for rows in (imported.names, imported.problems, imported.twins):
        rows.all().delete()


def forget_file(token: str) -> None:
    drop(token)
    for suffix in ("told", "cells"):
        (uploads() / f"{token}.{suffix}").unlink(missing_ok=True)
