"""The audit trail: appended to by every write, verified by recomputing its chain of hashes.

Each entry's hash is an HMAC-SHA256 over all of its columns and the hash before it. The key lies outside the
database, so whoever can only write SQL cannot forge an entry; who also holds the key is caught by a head that
was noted outside (`lianqiao audit head`).
"""

import hmac
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import override

from lianqiao.core.actor import Actor
from lianqiao.core.again import note
from lianqiao.core.bulk import batched, insert_rows
from lianqiao.core.models import AuditEntry, AuditHead

GENESIS = "0" * 64
BATCH = 2000
FACTS = DjangoJSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
TEXT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
# What it is about, its facts before and after.
Told = tuple[models.Model, dict[str, Any] | None, dict[str, Any] | None]
SIGNED = [
    "id",
    "at",
    "request_id",
    "person_id",
    "name",
    "position_id",
    "position_label",
    "network",
    "action",
    "subject_type",
    "subject_id",
    "subject_label",
    "before",
    "after",
    "previous",
]


@dataclass(frozen=True)
class Verdict:
    """`bad` is the id of the first entry that is wrong, None when the trail is whole; `problem` is a code."""

    entries: int
    head: str
    bad: int | None = None
    problem: str = ""

    @property
    def is_whole(self) -> bool:
        return self.bad is None


def record(
    by: Actor,
    action: str,
    subject: models.Model | None = None,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    about: str = "",
) -> AuditEntry:
    """Append one entry, in the caller's transaction where there is one. `about` names what has no row."""
    # The trail is one document in one language, whoever acts and whatever they read.
    # No savepoint: what cannot be recorded must not stay written.
    with transaction.atomic(savepoint=False), override(settings.LANGUAGE_CODE):
        head = AuditHead.objects.select_for_update().get_or_create(pk=1)[0]
        entry = entry_after(head, by, action, subject, before, after, about)
        entry.save()
        head.save()
        note()
    return entry


def record_many(
    by: Actor,
    action: str,
    told: Iterable[Told],
) -> int:
    """Append an entry for each (subject, before, after), in their order; as `record`, and how many they were."""
    count = 0
    with transaction.atomic(savepoint=False), override(settings.LANGUAGE_CODE):
        head = AuditHead.objects.select_for_update().get_or_create(pk=1)[0]
        for some in batched(told, BATCH):
            insert_rows(
                AuditEntry,
                [facts_after(head, by, action, subject, before, after) for subject, before, after in some],
            )
            count += len(some)
        head.save()
        note()
    return count


def entry_after(
    head: AuditHead,
    by: Actor,
    action: str,
    subject: models.Model | None,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    about: str = "",
) -> AuditEntry:
    """The next entry of the trail, not saved yet; `head` is moved on to it."""
    return AuditEntry(**facts_after(head, by, action, subject, before, after, about))


def facts_after(
    head: AuditHead,
    by: Actor,
    action: str,
    subject: models.Model | None,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    about: str = "",
) -> dict[str, Any]:
    """Its columns by name."""
    facts: dict[str, Any] = {
        "id": head.last_id + 1,
        "at": timezone.now(),
        "request_id": by.request_id,
        "person_id": by.person_id,
        "name": by.name[:120],
        "position_id": by.position_id,
        "position_label": by.position_label[:300],
        "network": by.network,
        "action": action,
        "subject_type": subject._meta.label_lower if subject else "",
        "subject_id": str(subject.pk) if subject else "",
        "subject_label": (str(subject) if subject else about)[:300],
        "before": canonical(before),
        "after": canonical(after),
        "previous": head.hash,
    }
    facts["hash"] = seal(facts)
    head.last_id, head.hash = facts["id"], facts["hash"]
    return facts


def canonical(facts: dict[str, Any] | None) -> str:
    if facts is None:
        return ""
    return FACTS.encode(facts)


def seal(facts: dict[str, Any]) -> str:
    values = [facts[name] for name in SIGNED]
    values[1] = facts["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return hmac.digest(settings.AUDIT_KEY, TEXT.encode(values).encode(), "sha256").hex()


def head() -> str:
    """`last id:hash`, to be noted outside the machine (printed, mailed, written down)."""
    return str(current_head())


def verify(noted: str = "", progress: Callable[[int], None] = lambda done: None) -> Verdict:
    """Recompute the chain from its first entry; `noted` is a head that was noted outside earlier.

    Others may write meanwhile: the head is read after each batch to tell what was appended from what was
    inserted, and before it to tell what is missing at the end. Raises ValueError when `noted` is not `id:hash`.
    """
    noted_id, noted_hash = parse_head(noted) if noted else (0, "")
    previous, expected = GENESIS, 1
    seen: int | None = None
    while True:
        end = current_head()
        batch = list(entries_after(seen))
        if not batch:
            break
        end = current_head()
        for entry in batch:
            problem = problem_of(entry, expected, previous, end.last_id)
            if not problem and entry.id == noted_id and entry.hash != noted_hash:
                problem = "rewritten"
            if problem:
                bad = min(entry.id, expected) if problem == "missing" else entry.id
                return Verdict(expected - 1, str(end), bad, problem)
            previous, expected, seen = entry.hash, expected + 1, entry.id
        progress(expected - 1)
    last = expected - 1
    if last < max(end.last_id, noted_id):
        return Verdict(last, str(end), expected, "truncated")
    if end.hash != previous:
        return Verdict(last, str(end), last, "head")
    return Verdict(last, str(end))


def current_head() -> AuditHead:
    return AuditHead.objects.filter(pk=1).first() or AuditHead(last_id=0, hash=GENESIS)


def entries_after(seen: int | None) -> models.QuerySet[AuditEntry]:
    entries = AuditEntry.objects.order_by("id")
    return (entries if seen is None else entries.filter(id__gt=seen))[:BATCH]


def problem_of(entry: AuditEntry, expected: int, previous: str, last_id: int) -> str:
    if entry.id > last_id:
        return "inserted"
    if entry.id > expected:
        return "missing"
    if entry.id < expected:
        return "inserted"
    if not hmac.compare_digest(seal(vars(entry)), entry.hash):
        return "edited"
    return "" if entry.previous == previous else "order"


def parse_head(noted: str) -> tuple[int, str]:
    number, _, digest = noted.strip().partition(":")
    if not number.isdigit() or len(digest) != len(GENESIS):
        raise ValueError(noted)
    return int(number), digest
