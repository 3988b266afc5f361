"""Imports of a person, and what an import asks of the lists while it is checked."""

from collections.abc import Iterable, Iterator

from django.db.models import Q, QuerySet

from lianqiao.core.actor import OFFICE, Actor
from lianqiao.lists.models import Category, ColumnMemory, Entry, Import, ImportName, Kind
from lianqiao.lists.queries import SEES_ALL, categories_for, entries_for, own_entries
from lianqiao.registry.models import Organisation, Segment
from lianqiao.registry.queries import listed_organisations, reference_for, segments_for

CHUNK = 500
NAMED_IN_PRACTICE = 20
GONE = (Entry.State.MERGED, Entry.State.WITHDRAWN)
COMPARED = ("pk", "kind", "organisation_id", "organisation_name", "title", "description")


def imports_for(actor: Actor) -> QuerySet[Import]:
    """The office sees those of its chains, anybody else their own."""
    rows = Import.objects.select_related("chain", "person", "place", "job")
    if actor.role in SEES_ALL:
        return rows
    if actor.role in OFFICE:
        return rows.filter(chain__in=actor.chains)
    return rows.filter(person=actor.person_id) if actor.person_id else rows.none()


def memories_of(place_id: int | None) -> dict[str, dict[str, str | None]]:
    """As the reader takes them: heads to keys, sheets to kinds."""
    heads: dict[str, str | None] = {}
    kinds: dict[str, str | None] = {}
    for memory in ColumnMemory.objects.filter(place=place_id):
        if memory.what == ColumnMemory.What.HEAD:
            heads[memory.text] = memory.means or None
        elif memory.is_kind:
            kinds[memory.text] = memory.means
    return {"heads": heads, "kinds": kinds}


def words_of_chain(chain_id: int) -> tuple[dict[tuple[str, str], int], dict[str, int]]:
    categories = Category.objects.filter(chain=chain_id, state=Category.State.ACTIVE)
    found = {(row.kind, word): row.pk for row in categories for word in (row.name_en, row.name) if word}
    segments = Segment.objects.filter(chain=chain_id)
    return found, {row.name: row.pk for row in segments}


def reference_table(actor: Actor, kind: str) -> list[tuple[str, str, str]]:
    """Codes that are in use, with their names and the codes above them."""
    rows = reference_for(actor, kind).filter(valid_to=None).order_by("code")
    return list(rows.values_list("code", "name", "parent"))


def keyed_entries(ids: Iterable[int], actor: Actor) -> dict[int, Entry]:
    """In pieces: a database takes only so many parameters."""
    wanted, found = sorted(set(ids)), {}
    for start in range(0, len(wanted), CHUNK):
        found.update(entries_for(actor).in_bulk(wanted[start : start + CHUNK]))
    return found


def compared_entries(chain_id: int, organisations: set[int], names: set[str]) -> Iterator[tuple]:
    """What could be the same as a row: entries of these organisations, and drafts under these names."""
    rows = Entry.objects.filter(chain=chain_id, discarded_at=None).exclude(state__in=GONE).order_by("pk")
    if len(organisations) + len(names) <= CHUNK:
        rows = rows.filter(
            Q(organisation__in=organisations) | Q(organisation=None, organisation_name__in=names)
        )
    return rows.values_list(*COMPARED).iterator(chunk_size=2000)


def wished(ids: Iterable[int]) -> dict[int, Organisation]:
    return Organisation.objects.in_bulk(sorted(set(ids)))


def untouched(imported: Import) -> QuerySet:
    """Rows whose entry is as the import left it: nobody changed it, wrote below it or attached anything."""
    rows = imported.rows.filter(entry__isnull=False, before__isnull=True)
    around = ("comments", "attachments", "askings", "merges_kept", "merges_gone")
    return rows.filter(entry__version=0, **{f"entry__{name}": None for name in around})


def likely_organisations(ids: Iterable[int], actor: Actor) -> dict[int, Organisation]:
    return listed_organisations(actor).in_bulk(sorted(set(ids)))


def unclear_names(imported: Import) -> QuerySet[ImportName]:
    return imported.names.filter(how__in=[ImportName.How.LIKELY, ImportName.How.UNKNOWN])


def unknown_names(imported: Import) -> QuerySet[ImportName]:
    """Without those of a college below its school: they are units, not organisations."""
    return unclear_names(imported).filter(above="")


def exported_entries(rows: QuerySet[Entry]) -> QuerySet[Entry]:
    return rows.select_related("organisation", "unit", "category", "segment").order_by("kind", "number", "pk")


def words_to_choose(actor: Actor) -> tuple[dict[str, list[str]], list[str]]:
    """Categories by kind, and segments, of the chains that the actor reaches; each once."""
    categories: dict[str, list[str]] = {}
    for row in categories_for(actor).filter(state=Category.State.ACTIVE).order_by("kind", "position", "pk"):
        if row.name not in categories.setdefault(row.kind, []):
            categories[row.kind].append(row.name)
    segments = segments_for(actor).values_list("name", flat=True)
    return categories, list(dict.fromkeys(segments))


def needs_to_practise_with(actor: Actor) -> list[Entry]:
    """The latest ones about which the actor may write."""
    rows = entries_for(actor).filter(kind=Kind.NEED, organisation__isnull=False)
    if actor.role not in OFFICE:
        rows = rows.filter(own_entries(actor))
    return list(rows.exclude(state__in=(*GONE, Entry.State.DRAFT)).order_by("-pk")[:NAMED_IN_PRACTICE])
