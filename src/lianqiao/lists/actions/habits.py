"""What an office settles for its chain, and a person for themself."""

from typing import Any, cast

from django.db import transaction

from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.lifecycle import Lifecycle
from lianqiao.core.permissions import require
from lianqiao.core.writing import change, creation
from lianqiao.lists.models import USUAL, Category, FreshnessRule, Kind, SavedFilter
from lianqiao.registry.models import Chain

lifecycle = Lifecycle(Category)
State = Category.State
# What a chain begins with; its office renames, retires and adds.
# untranslated: names that become rows, each with its English name
USUAL_CATEGORIES: dict[str, list[tuple[str, str]]] = {
    Kind.RESOURCE: [
        ("阵地", "Venues"),
        ("师资", "Teachers"),
        ("设备", "Equipment"),
        ("课程", "Courses"),
        ("专家", "Experts"),
        ("资金", "Funds"),
        ("政策", "Policies"),
    ],
    Kind.SERVICE: [
        ("政策咨询", "Policy advice"),
        ("党建服务", "Party services"),
        ("用工服务", "Employment services"),
        ("法律服务", "Legal services"),
        ("其他", "Other"),
    ],
    Kind.NEED: [
        ("技术", "Technology"),
        ("人才", "Talent"),
        ("培训", "Training"),
        ("融资", "Financing"),
        ("市场", "Market"),
        ("政策", "Policy"),
        ("党建", "Party building"),
    ],
}


def begin_categories(chain: Chain, *, by: Actor) -> list[Category]:
    """The usual categories for the lists of a chain that has none. Raises NotPermitted."""
    with transaction.atomic():
        known = set(Category.objects.filter(chain=chain).values_list("kind", flat=True))
        return [
            add_category(by=by, chain=chain, kind=kind, name=name, name_en=name_en, position=position)
            for kind, names in USUAL_CATEGORIES.items()
            if kind not in known
            for position, (name, name_en) in enumerate(names)
        ]


def add_category(*, by: Actor, **fields: Any) -> Category:
    with creation(Category(**fields), by=by, permission="lists.add_category") as row:
        pass
    return row


def edit_category(category: Category, *, by: Actor, seen: int | None = None, **fields: Any) -> Category:
    with change(category, by=by, permission="lists.edit_category", seen=seen) as row:
        for name, value in fields.items():
            setattr(row, name, value)
    return row


@lifecycle.move(State.ACTIVE, to=State.RETIRED)
def retire_category(category: Category, *, by: Actor) -> None:
    """It is not offered any more; entries keep it."""


@lifecycle.move(State.RETIRED, to=State.ACTIVE)
def revive_category(category: Category, *, by: Actor) -> None:
    """It is offered again."""


def settle_freshness(chain: Chain, kind: str, *, by: Actor, **days: int) -> FreshnessRule:
    """How long entries of this list count as true from now on. Raises NotPermitted, ValidationError."""
    row = FreshnessRule.objects.filter(chain=chain, kind=kind).first()
    if row is None:
        fresh = FreshnessRule(chain=chain, kind=kind, **vars(USUAL[Kind(kind)]) | days)
        with creation(fresh, by=by, permission="lists.settle_freshness") as made:
            return made
    with change(row, by=by, permission="lists.settle_freshness") as kept:
        for name, value in days.items():
            setattr(kept, name, value)
    return kept


def save_filter(listing: str, name: str, query: str, *, by: Actor) -> SavedFilter:
    """Another query under the same name takes its place. Raises NotPermitted, ValidationError."""
    with transaction.atomic():
        known = SavedFilter.objects.filter(person=by.person_id, listing=listing, name=name).first()
        row = known or SavedFilter(person_id=cast(int, by.person_id), listing=listing, name=name)
        row.query = query
        require(by, "lists.save_filter", row)
        row.full_clean()
        row.save()
        record(by, "lists.save_filter", row, after={"query": query})
    return row


def drop_filter(row: SavedFilter, *, by: Actor) -> None:
    with transaction.atomic():
        require(by, "lists.drop_filter", row)
        record(by, "lists.drop_filter", row)
        row.delete()
