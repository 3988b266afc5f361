"""What a row of an export, written in again, changes of its entry: only cells that somebody touched count."""

from datetime import date
from typing import Any

from lianqiao.lists.imports import layout, wording
from lianqiao.lists.imports.names import How, Meant, Named
from lianqiao.lists.imports.rows import Problem, Row
from lianqiao.lists.models import Entry

FIELDS = {
    "category": ["category_id"], "segment": ["segment_id"], "name": ["title"], "capacity": ["capacity"],
    "partners_wanted": ["partners_wanted"], "conditions": ["conditions"], "cooperation": ["cooperation"],
    "contact": ["contact_name"], "phone": ["contact_phone"], "email": ["contact_email"], "address": ["place"],
    "valid_from": ["starts_on"], "valid_until": ["ends_on"], "due": ["due_on"], "urgency": ["urgency"],
    "offered": ["money", "people"], "when": ["starts_on"], "industry": ["industries"], "majors": ["majors"],
    "occupations": ["occupations"],
}  # fmt: skip
# The number is ours; what is private to two sides does not leave with an export.
LEFT = {"number", "entry", "kind", "must", "never"}


def as_text(cell: Any) -> str:
    return cell.isoformat() if isinstance(cell, date) else wording.one_line(str(cell))


def touched(entry: Entry, row: Row, keys: set[str]) -> set[str]:
    told = layout.cells_of(entry)
    return {
        key
        for key in keys - LEFT
        if key in told or key in wording.PUBLIC or key in wording.OFFICE
        if as_text(told.get(key, "")) != as_text(row.stood.get(key, "")).removesuffix(" 00:00:00")
    }


def changed_fields(
    entry: Entry, row: Row, keys: set[str], names: dict[Named, Meant], *, filled_only: bool = False
) -> dict[str, Any]:
    """Fields by name with their new values; `filled_only`: a blank cell says nothing. May add a problem to the row."""
    changed = touched(entry, row, keys)
    if filled_only:
        changed = {key for key in changed if row.stood.get(key)}
    fields = {name: row.fields[name] for key in changed for name in FIELDS.get(key, ())}
    if {"provider", "enterprise", "organisation"} & changed:
        match = names.get((row.name, row.above))
        if match is None or not How(match.how).is_settled:
            row.problems.append(Problem(f"A{row.row}", "provider", "organisation unknown", row.name[:60]))
        else:
            fields |= {"organisation_id": match.organisation, "unit_id": match.unit, "organisation_name": ""}
    fields |= texts(entry, row, changed)
    if "source" in changed:
        fields["source"] = row.fields["source"]
    return {name: value for name, value in fields.items() if getattr(entry, name) != value}


def texts(entry: Entry, row: Row, changed: set[str]) -> dict[str, str]:
    fields = {}
    for name, labels, new in (
        ("description", wording.PUBLIC, row.said),
        ("source_sentence", wording.OFFICE, row.noted),
    ):
        keys = changed & set(labels)
        content, said = wording.apart(getattr(entry, name), labels)
        if name == "description" and changed & {"content", "summary"}:
            content = row.content
        elif not keys:
            continue
        merged = {key: text for key, text in said.items() if key not in keys}
        merged |= {key: new[key] for key in keys if new.get(key)}
        fields[name] = wording.composed(content, wording.labelled(merged, labels))
    return fields
