"""An entry as one reader sees it: the one place that hides and masks, for pages, API and exports alike."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from lianqiao.core.actor import COMMAND, OFFICE, Actor, Role
from lianqiao.lists.models import Attachment, Entry
from lianqiao.lists.terms import CONTACT, HIDEABLE, OFFICE_ONLY, WIDEST_FIRST, Audience, audience_of

EMPTY: dict[str, Any] = dict.fromkeys(HIDEABLE) | dict.fromkeys(
    ("description", "place", "conditions", "cooperation", *CONTACT, *OFFICE_ONLY), ""
)

# Apps above add what opens fields of one entry to one reader, beyond what the entry itself says.
OPENED: list[Callable[[Actor, Entry], frozenset[str]]] = []


class Shown:
    """Reads like the entry; what its reader may not know is empty, a contact is masked. It cannot be saved."""

    def __init__(self, entry: Entry, reads: Audience, opened: frozenset[str] = frozenset()) -> None:
        self.entry, self.reads, self.opened = entry, reads, opened

    @cached_property
    def hidden(self) -> list[str]:
        most = WIDEST_FIRST.index(self.reads)
        fields = (*HIDEABLE, *OFFICE_ONLY)
        return [
            name
            for name in fields
            if name not in self.opened and WIDEST_FIRST.index(audience_of(self.entry, name)) > most
        ]

    @property
    def is_masked(self) -> bool:
        """There is a contact, and the reader sees only that there is one."""
        return any(name in self.hidden and getattr(self.entry, name) for name in CONTACT)

    def __getattr__(self, name: str) -> Any:
        # Only what is not found on this object comes here.
        if name in ("save", "delete", "full_clean", "refresh_from_db", "search_text", "visibility_of"):
            raise AttributeError(name)
        field = name.removeprefix("get_").removesuffix("_display")
        if field not in self.hidden:
            return getattr(self.entry, name)
        if field in CONTACT and self.reads != Audience.PUBLIC:
            return masked(field, getattr(self.entry, field))
        return EMPTY[field] if field == name else lambda: ""

    def __str__(self) -> str:
        return str(self.entry)


def shown(entry: Entry, actor: Actor) -> Shown:
    """`entry` is one that the actor reaches (`entries_for`)."""
    return Shown(entry, reads(actor, entry))


def shown_alone(entry: Entry, actor: Actor) -> Shown:
    """The same for what shows one entry alone: with what the apps above open, which each of them looks up."""
    return Shown(entry, reads(actor, entry), opened(entry, actor))


def opened(entry: Entry, actor: Actor) -> frozenset[str]:
    return frozenset().union(*(fields(actor, entry) for fields in OPENED))


def reads(actor: Actor, entry: Entry) -> Audience:
    """How much of this entry the actor reads."""
    if actor.role in (Role.AUDITOR, COMMAND) or is_own(actor, entry):
        return Audience.OFFICE
    if entry.chain_id not in actor.chains:
        return Audience.PUBLIC
    return Audience.OFFICE if actor.role in OFFICE else Audience.CHAIN


def files_shown(rows: Iterable[Attachment], actor: Actor) -> list[Attachment]:
    """Of the files of entries that the actor reaches those that it reads."""
    return [row for row in rows if "attachments" not in shown(row.entry, actor).hidden]


def is_own(actor: Actor, entry: Entry) -> bool:
    """The same as `queries.own_entries`, of one row that is at hand."""
    if not actor.organisation_id:
        return False
    if actor.role == Role.COLLEGE_CONTACT:
        return (entry.organisation_id, entry.unit_id) == (actor.organisation_id, actor.unit_id)
    if actor.role in OFFICE or actor.role == Role.LIAISON:
        written = actor.organisation_id in (entry.organisation_id, entry.registered_by_id)
        return written and entry.chain_id in actor.chains
    if actor.role not in (Role.ENTERPRISE_CONTACT, Role.SCHOOL_COORDINATOR):
        return False
    is_said = entry.state != Entry.State.DRAFT or entry.registered_by_id == actor.organisation_id
    return entry.organisation_id == actor.organisation_id and is_said


def masked(field: str, text: str) -> str:
    """138****1234, 张**, z***@example.org"""
    if not text:
        return ""
    if field == "contact_phone":
        digits = len(text) >= 11
        return f"{text[:3]}****{text[-4:]}" if digits else f"{text[:1]}****"
    if field == "contact_email":
        return f"{text[:1]}***@{text.rpartition('@')[2]}"
    return f"{text[:1]}**"
