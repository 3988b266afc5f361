"""The demo's three lists: written, submitted and answered by the actions of the office, on days gone by."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from lianqiao.lists.actions.entries import add_entry
from lianqiao.lists.actions.habits import begin_categories
from lianqiao.lists.actions.moves import publish, return_entry, submit
from lianqiao.lists.models import Entry
from lianqiao.portal.demo.content import content
from lianqiao.registry.models import Chain

if TYPE_CHECKING:
    from lianqiao.portal.demo.loading import Demo

AS_WRITTEN = ("kind", "title", "description")
IF_SAID = ("capacity", "place", "dimensions", "people", "urgency", "cooperation", "source", "source_note")


def load_lists(demo: "Demo", chain: Chain) -> None:
    categories = {(c.kind, c.name): c for c in begin_categories(chain, by=demo.by)}
    now = timezone.now()
    for facts in content("entries")["entries"]:
        entry = add_entry(by=demo.by, **fields_of(demo, facts, categories))
        entry = answered(demo, entry, facts, now - timedelta(days=facts["days"]))
        if "key" in facts:
            demo.entries[facts["key"]] = entry


def fields_of(demo: "Demo", facts: dict[str, Any], categories: dict[tuple[str, str], Any]) -> dict[str, Any]:
    organisation = facts["organisation"]
    return {
        **{name: facts[name] for name in AS_WRITTEN},
        **{name: facts[name] for name in IF_SAID if name in facts},
        "chain": demo.chain,
        "organisation": demo.organisations[organisation],
        "unit": demo.units[organisation, facts["unit"]] if "unit" in facts else None,
        "segment": demo.segments[facts["segment"]] if "segment" in facts else None,
        "category": categories[facts["kind"], facts["category"]],
        "money": Decimal(facts["money"]) if "money" in facts else None,
        "due_on": demo.day(facts.get("due_days")),
        "ends_on": demo.day(facts.get("ends_days")),
    }


def answered(demo: "Demo", entry: Entry, facts: dict[str, Any], then: datetime) -> Entry:
    if facts["state"] == "draft":
        return entry
    said = submit(entry, by=demo.by, now=then)
    if facts["state"] == "published":
        return publish(said, by=demo.by, now=then + timedelta(hours=20))
    if facts["state"] == "returned":
        return return_entry(said, by=demo.by, now=then + timedelta(hours=20), reason=facts["reason"])
    return said
