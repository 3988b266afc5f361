"""What an import would do, worked out without writing anything: the same for the check and for the import itself."""

import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lianqiao.core.actor import OFFICE, Actor, Role
from lianqiao.core.bulk import uncollected
from lianqiao.core.permissions import may
from lianqiao.lists.imports import layout
from lianqiao.lists.imports.changes import changed_fields
from lianqiao.lists.imports.names import How, Meant, Named, matches
from lianqiao.lists.imports.pieces import rows_of_piece
from lianqiao.lists.imports.places import CODED, Places
from lianqiao.lists.imports.queries import compared_entries, keyed_entries, reference_table, words_of_chain
from lianqiao.lists.imports.reading import Book
from lianqiao.lists.imports.rows import CELL, LIMITS, Problem, Row, is_text
from lianqiao.lists.imports.twins import Owner, Said, Twin, twins_of
from lianqiao.lists.models import Entry, Import

# What a remark of the reader says of a sheet or of the file, not of a row.
OF_SHEETS = frozenset(["no head", "kind unknown", "hidden sheet", "macros", "encoding guessed"])

MANY = 5


@dataclass
class Plan:
    rows: list[Row] = field(default_factory=list)
    # Of sheets, and of rows that are no entries: sheet, cell, key, code, value.
    loose: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    names: dict[Named, Meant] = field(default_factory=dict)
    named: Counter[Named] = field(default_factory=Counter)
    twins: list[Twin] = field(default_factory=list)
    entries: dict[int, Entry] = field(default_factory=dict)
    changes: dict[int, dict[str, Any]] = field(default_factory=dict)

    def digest(self) -> str:
        """What somebody who agrees has seen: which rows are taken, and what they are the same as."""
        told = hashlib.sha256()
        for row in self.rows:
            match = self.names.get((row.name, row.above))
            whose = (match.organisation, match.unit) if match else ()
            told.update(f"{row.sheet}\0{row.row}\0{row.outcome}\0{whose}\n".encode(errors="surrogatepass"))
        for twin in self.twins:
            told.update(f"{twin.place}\0{twin.other.entry}\0{twin.other.place}\n".encode())
        return told.hexdigest()


class Columns:
    """For a row of a sheet, which column holds what."""

    def __init__(self, sheets: list[dict[str, Any]]) -> None:
        self.tables: dict[str, list[tuple[int, dict[str, str]]]] = {}
        for sheet in sheets:
            letters = {key: letter for letter, _head, key, _certainty in sheet["columns"] if key}
            if sheet["heads"]:
                self.tables.setdefault(sheet["name"], []).append((sheet["heads"][-1], letters))

    def at(self, sheet: str, row: int) -> dict[str, str]:
        tables = self.tables.get(sheet, [])
        found = bisect_right(tables, row, key=lambda table: table[0]) - 1
        return tables[found][1] if found >= 0 else {}


@uncollected()
def plan_of(
    imported: Import,
    book: Book,
    chosen: dict[Named, Meant],
    *,
    by: Actor,
    step: Callable[[int], None] = lambda count: None,
) -> Plan:
    plan = Plan()
    columns = Columns(book.sheets)
    remarks = remarks_by_row(book, plan)
    for row in rows_of(book, columns, places_of(imported, by), step):
        if remarks and (said := remarks.pop((row.sheet, row.row), None)):
            row.problems += said
        plan.rows.append(row)
        if row.name:
            plan.named[row.name, row.above] += 1
        for name in (*row.must, *row.never):
            plan.named[name, ""] += 1
    for (sheet, _number), problems in remarks.items():
        plan.loose += [(sheet, p.cell, p.key, p.code, p.value) for p in problems]
    order = {sheet: number for number, sheet in enumerate(dict.fromkeys(row.sheet for row in plan.rows))}
    # Of a sheet with several lists each comes by itself.
    plan.rows.sort(key=lambda row: (order[row.sheet], row.row))
    say_once(plan, columns)
    plan.names = matches(plan.named, chosen, by)
    take_keys(plan, columns, by)
    place_rows(plan, imported, columns, by)
    find_twins(plan, imported)
    return plan


def whole_rows(
    book: Book, columns: Columns, places: Places, wanted: set[tuple[str, int]]
) -> dict[tuple[str, int], Row]:
    """These rows anew, with everything that stood in them."""
    if not wanted:
        return {}
    rows = rows_of(book, columns, places, lambda count: None, whole=True)
    return {(row.sheet, row.row): row for row in rows if (row.sheet, row.row) in wanted}


def places_of(imported: Import, by: Actor) -> Places:
    return Places(*words_of_chain(imported.chain_id), lambda kind: reference_table(by, kind))


def rows_of(
    book: Book, columns: Columns, places: Places, step: Callable[[int], None], *, whole: bool = False
) -> Iterator[Row]:
    for told in book.pieces():
        yield from rows_of_piece(told, columns.at(told["sheet"], told["rows"][0]), places, whole)
        step(len(told["rows"]))


def remarks_by_row(book: Book, plan: Plan) -> dict[tuple[str, int], list[Problem]]:
    found: dict[tuple[str, int], list[Problem]] = {}
    for sheet, cell, key, code, value, _grave in book.remarks:
        place = CELL.fullmatch(cell)
        number = int(place[2] or 0) if place else 0
        if code in OF_SHEETS or not number or code.startswith("column"):
            plan.loose.append((sheet, cell, key, code, value))
        else:
            found.setdefault((sheet, number), []).append(Problem(cell, key, code, value))
    return found


def say_once(plan: Plan, columns: Columns) -> None:
    """A column of free text under the head of an industry has no codes: that is said of it, not of each row."""
    known: set[tuple[str, str]] = set()
    wrong: dict[tuple[str, str], list[Row]] = {}
    for row in plan.rows:
        known |= {(row.sheet, key) for key, (name, _) in CODED.items() if row.fields.get(name)}
        for key in {one.key for one in row.problems if one.code == f"no such {one.key}" and one.key in CODED}:
            wrong.setdefault((row.sheet, key), []).append(row)
    for (sheet, key), rows in wrong.items():
        if (sheet, key) in known or len(rows) < MANY:
            continue
        first = next(one for one in rows[0].problems if one.key == key)
        plan.loose.append((sheet, columns.at(sheet, rows[0].row).get(key, ""), key, "no codes", first.value))
        for row in rows:
            row.problems = [one for one in row.problems if one.code != f"no such {key}"]


def take_keys(plan: Plan, columns: Columns, by: Actor) -> None:
    """Rows that came from an export belong to their entry; one that was not touched changes nothing."""
    keyed = [(row, key) for row in plan.rows if (key := layout.read_key(row.stood.get("entry", "")))]
    plan.entries = keyed_entries((pk for _, (pk, _) in keyed), by)
    seen: set[int] = set()
    for row, (pk, version) in keyed:
        entry = plan.entries.get(pk)
        # A row that was copied in Excel took its number along; so did one of another installation.
        if entry is None or entry.kind != row.kind or pk in seen:
            continue
        seen.add(pk)
        row.entry_id, row.version = pk, version
        cells = columns.at(row.sheet, row.row)
        changed = changed_fields(entry, row, set(cells), plan.names)
        if not changed:
            row.outcome, row.problems = "same", []
        elif entry.version != version:
            row.problems.append(Problem(f"A{row.row}", "", "changed since", entry.title))
        elif not may(by, "lists.edit_entry", entry):
            row.problems.append(Problem(f"A{row.row}", "", "cannot change", entry.title))
        else:
            row.outcome, plan.changes[pk] = "update", changed


def place_rows(plan: Plan, imported: Import, columns: Columns, by: Actor) -> None:
    """Whose each row is, and whether this person may write it for them."""
    allowed: dict[tuple[str, int | None, int | None], bool] = {}
    own = (by.organisation_id, by.unit_id) if by.organisation_id else (None, None)
    for row in plan.rows:
        if row.outcome == "same":
            continue
        match = plan.names.get((row.name, row.above))
        whose = (match.organisation, match.unit) if match else (None, None)
        if not row.name and own_alone(by):
            whose = own
        row.fields["organisation_id"], row.fields["unit_id"] = whose
        row.fields["organisation_name"] = "" if whose[0] else row.name
        check_wishes(plan, row, columns)
        if row.outcome != "new":
            refuse_if_any(row)
            continue
        if not whose[0]:
            if len(row.name) > LIMITS["organisation_name"] or not is_text(row.name):
                row.problems.append(named_wrong(row, columns, "bad text"))
            row.problems.append(named_wrong(row, columns, "not registered"))
        asked = (row.kind, *whose)
        if asked not in allowed:
            entry = Entry(chain_id=imported.chain_id, kind=row.kind, registered_by_id=by.organisation_id)
            entry.organisation_id, entry.unit_id = whose
            allowed[asked] = may(by, "lists.add_entry", entry)
        if not allowed[asked]:
            row.problems.append(named_wrong(row, columns, "not permitted"))
        refuse_if_any(row)


def named_wrong(row: Row, columns: Columns, code: str) -> Problem:
    """About the cell that names whose the row is."""
    key = "enterprise" if row.kind == "need" else "provider"
    return problem_at(row, columns, key, code, row.name)


def problem_at(row: Row, columns: Columns, key: str, code: str, value: str) -> Problem:
    letter = columns.at(row.sheet, row.row).get(key, "")
    return Problem(f"{letter}{row.row}" if letter else "", key, code, value[:60])


def own_alone(by: Actor) -> bool:
    """Whoever writes for one organisation need not name it in every row."""
    return by.role not in OFFICE and by.role != Role.LIAISON


def check_wishes(plan: Plan, row: Row, columns: Columns) -> None:
    """Whom somebody wants or does not want is never guessed, nor kept where others could read it."""
    if not row.must and not row.never:
        return
    for key in ("must", "never"):
        for name in getattr(row, key):
            match = plan.names.get((name, ""))
            if match is None or not How(match.how).is_settled or not match.organisation:
                row.problems.append(problem_at(row, columns, key, "wish unknown", name))


def refuse_if_any(row: Row) -> None:
    if row.is_refused:
        row.outcome = "refused"


def find_twins(plan: Plan, imported: Import) -> None:
    asked = [
        Said(owner(row.kind, row.fields), *words(row), place)
        for place, row in enumerate(plan.rows)
        if row.outcome == "new"
    ]
    if not asked:
        return
    owners = {one.owner[1] for one in asked}
    organisations = {one for one in owners if isinstance(one, int)}
    names = {one for one in owners if isinstance(one, str)}
    there = (
        Said((kind, whose or name), title, text, entry=pk)
        for pk, kind, whose, name, title, text in compared_entries(imported.chain_id, organisations, names)
        if pk not in plan.changes
    )
    plan.twins = list(twins_of(asked, there))


def owner(kind: str, fields: dict[str, Any]) -> Owner:
    return kind, fields["organisation_id"] or fields["organisation_name"]


def words(row: Row) -> tuple[str, str]:
    return row.fields.get("title", ""), row.fields.get("description", "")
