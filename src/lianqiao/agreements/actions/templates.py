"""Templates that an office edited in Word, clauses of its own, and how it numbers."""

import hashlib
import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction

from lianqiao.agreements.documents import Report
from lianqiao.agreements.models import AgreementTemplate, Clause, Numbering
from lianqiao.agreements.queries import numbering_of
from lianqiao.core.actor import Actor
from lianqiao.core.lifecycle import Lifecycle
from lianqiao.core.writing import change, creation
from lianqiao.lists.actions.around import LARGEST_FILE, TooLargeFile
from lianqiao.registry.models import Chain

clauses = Lifecycle(Clause)
templates = Lifecycle(AgreementTemplate)
Template = AgreementTemplate.State


def add_template(
    chain: Chain, *, by: Actor, kind: str, name: str, content: bytes, report: Report
) -> AgreementTemplate:
    """A file that was checked and found good; new agreements of this kind use it. Raises ValidationError, TooLargeFile."""
    if len(content) > LARGEST_FILE:
        raise TooLargeFile
    if not report.is_good:
        raise ValidationError({"file": [str(flaw) for flaw in report.flaws]})
    row = AgreementTemplate(
        chain=chain, kind=kind, name=name.strip(), fields=report.fields,
        sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    row.file.name = f"agreements/templates/{secrets.token_hex(16)}"
    with transaction.atomic():
        with creation(row, by=by, permission="agreements.add_template"):
            stored = row.file.storage.save(str(row.file.name), ContentFile(content))
        if stored != row.file.name:
            row.file.name = stored
            row.save(update_fields=["file"])
    return row


@templates.move(Template.ACTIVE, to=Template.RETIRED)
def retire_template(template: AgreementTemplate, *, by: Actor) -> None:
    """New agreements do without it; those that have it keep it."""


def keep_clause(row: Clause, *, by: Actor, seen: int | None = None, **fields: Any) -> Clause:
    """A clause of the office's own, new or changed. Raises NotPermitted, Stale, ValidationError."""
    if row.pk is None:
        for name, value in fields.items():
            setattr(row, name, value)
        with creation(row, by=by, permission="agreements.keep_clause"):
            return row
    with change(row, by=by, permission="agreements.keep_clause", seen=seen) as fresh:
        for name, value in fields.items():
            setattr(fresh, name, value)
    return fresh


@clauses.move(Clause.State.ACTIVE, to=Clause.State.RETIRED)
def retire_clause(clause: Clause, *, by: Actor) -> None:
    """New drafts begin without it; with the key of a default it takes that away too."""


@clauses.move(Clause.State.RETIRED, to=Clause.State.ACTIVE)
def revive_clause(clause: Clause, *, by: Actor) -> None:
    """It is at hand again."""


def settle_numbering(chain: Chain, *, by: Actor, pattern: str) -> Numbering:
    """Raises NotPermitted, ValidationError."""
    row = numbering_of(chain.pk)
    if row is None:
        with creation(
            Numbering(chain=chain, pattern=pattern), by=by, permission="agreements.settle_numbering"
        ) as made:
            return made
    with change(row, by=by, permission="agreements.settle_numbering") as fresh:
        fresh.pattern = pattern
    return fresh
