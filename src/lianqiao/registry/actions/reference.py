"""Reference tables: what a new edition would change, and loading it."""

import hashlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.permissions import require
from lianqiao.core.refusals import Refused
from lianqiao.registry.editions import Difference, difference
from lianqiao.registry.models import Edition, ReferenceItem
from lianqiao.registry.models.organisation import searchable
from lianqiao.registry.tables import Row, read_table

Kind = Edition.Kind
DEFAULTS = Path(__file__).parents[1] / "reference"
# Our own small tables: the edition that they are a part of, and since when that one holds.
# untranslated: names of editions are data, kept with their rows
DEFAULT_EDITIONS = {
    Kind.INDUSTRY: ("GB/T 4754-2017 · 节选", date(2017, 10, 1)),
    Kind.MAJOR: ("2021、2025 · 节选", date(2021, 3, 12)),
    Kind.OCCUPATION: ("2022 · 节选", date(2022, 9, 27)),
    Kind.REGION: ("2026-04 · 节选", date(2026, 4, 1)),
    Kind.WORKDAYS: ("2024–2027", date(2024, 1, 1)),
}
BATCH = 500


class NothingNew(Refused):
    code = "nothing_new"
    sentence = _("与现有的“%(edition)s”相同，没有需要更新的内容。")


def digest_of_rows(rows: list[Row]) -> str:
    lines = [
        [row.code, row.name, row.parent, row.level, row.facts] for row in sorted(rows, key=lambda r: r.code)
    ]
    return hashlib.sha256(json.dumps(lines, sort_keys=True).encode()).hexdigest()


def import_reference(
    kind: str,
    rows: list[Row],
    *,
    edition: str,
    valid_from: date,
    by: Actor,
    step: Callable[[int], None] = lambda count: None,
) -> Edition:
    """Load an edition. Codes it does not hold any more end on `valid_from` and stay for old records.

    `step` is told how many rows are done. Raises NotPermitted, NothingNew.
    """
    require(by, "registry.import_reference")
    # Pinyin takes its time, and on SQLite nobody else writes during a transaction: so before it.
    search_texts = search_texts_of(difference(kind, rows), step)
    with transaction.atomic():
        latest = Edition.objects.filter(kind=kind).order_by("-id").first()
        found = difference(kind, rows)
        if latest and not found:
            raise NothingNew(edition=latest.name)
        loaded = Edition(kind=kind, name=edition, valid_from=valid_from, digest=digest_of_rows(rows))
        loaded.added, loaded.changed, loaded.ended = len(found.added), len(found.changed), len(found.ended)
        loaded.full_clean()
        loaded.save()
        write(kind, found, valid_from, search_texts)
        counts = {"added": loaded.added, "changed": loaded.changed, "ended": loaded.ended}
        facts = {"edition": edition, "valid_from": valid_from, "digest": loaded.digest}
        record(by, "registry.import_reference", loaded, after=facts | counts)
    return loaded


def search_texts_of(found: Difference, step: Callable[[int], None]) -> dict[Row, str]:
    texts = {}
    for row in [*found.added, *(change.row for change in found.changed)]:
        texts[row] = search_text_of(row)
        step(1)
    return texts


def search_text_of(row: Row) -> str:
    return f"{searchable(row.name)}\n{row.code.lower()}" if row.name else row.code


def write(kind: str, found: Difference, valid_from: date, search_texts: dict[Row, str]) -> None:
    added = [item_of(kind, row, valid_from) for row in found.added]
    changed = [became(change.item, change.row) for change in found.changed]
    for item, row in zip([*added, *changed], [*found.added, *(c.row for c in found.changed)], strict=True):
        # Somebody may have loaded another edition since the texts were made.
        item.search_text = search_texts.get(row) or search_text_of(row)
    ReferenceItem.objects.bulk_create(added, batch_size=BATCH)
    fields = ["name", "parent", "level", "facts", "valid_to", "search_text"]
    ReferenceItem.objects.bulk_update(changed, fields, batch_size=BATCH)
    ended = [item.pk for item in found.ended]
    for start in range(0, len(ended), BATCH):
        ReferenceItem.objects.filter(pk__in=ended[start : start + BATCH]).update(valid_to=valid_from)


def item_of(kind: str, row: Row, valid_from: date) -> ReferenceItem:
    return ReferenceItem(
        kind=kind,
        code=row.code,
        name=row.name,
        parent=row.parent,
        level=row.level,
        facts=row.facts,
        valid_from=valid_from,
    )


def became(item: ReferenceItem, row: Row) -> ReferenceItem:
    item.name, item.parent, item.level, item.facts, item.valid_to = (
        row.name,
        row.parent,
        row.level,
        row.facts,
        None,
    )
    return item


def add_local_items(kind: str, rows: list[Row], *, valid_from: date, by: Actor) -> None:
    """Codes of one's own, beside the published table; no edition ends them."""
    with transaction.atomic():
        require(by, "registry.import_reference")
        items = [item_of(kind, row, valid_from) for row in rows]
        for item, row in zip(items, rows, strict=True):
            item.search_text = search_text_of(row)
            item.facts = {**item.facts, "local": True}
            item.full_clean()
        ReferenceItem.objects.bulk_create(items)
        record(by, "registry.import_reference", after={"kind": kind, "local": [item.code for item in items]})


def load_default_tables(*, by: Actor) -> list[str]:
    """Fill each kind that has no edition yet with our own small table; the kinds that were filled."""
    there = set(Edition.objects.values_list("kind", flat=True))
    missing = [kind for kind in DEFAULT_EDITIONS if kind not in there]
    for kind in missing:
        file = DEFAULTS / f"{kind}.csv"
        name, valid_from = DEFAULT_EDITIONS[kind]
        rows = read_table(kind, file.name, file.read_bytes())
        import_reference(kind, rows, edition=name, valid_from=valid_from, by=by)
    return [str(kind.value) for kind in missing]
