"""Writing on the open version: the terms that fill its fields, and its clauses one by one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianqiao.agreements.composing import filled_fields, position_of
from lianqiao.agreements.fields import SIDES
from lianqiao.agreements.models import Agreement, AgreementParty, AgreementVersion, Obligation
from lianqiao.agreements.queries import last_version, parties_of
from lianqiao.agreements.text import digest
from lianqiao.core.actor import Actor
from lianqiao.core.refusals import Refused
from lianqiao.core.text import validate_plain, validate_text
from lianqiao.core.writing import change, locked

MOST_CLAUSES = 60
LONGEST = {"key": 40, "title": 60, "text": 4000, "what": 200}
MOST_TIMES = 100


class Sealed(Refused):
    code = "sealed"
    sentence = _("这一版已送各方，不能再改；请先点“修改”，形成新的一版。")


def settle_terms(
    agreement: Agreement,
    *,
    by: Actor,
    title: str,
    starts_on: date | None,
    ends_on: date | None,
    dimensions: list[str],
    typed: Mapping[str, str],
    people: Mapping[int, Mapping[str, str]],
    seen: int | None = None,
) -> Agreement:
    """`typed` are fields by their names; `people` who represents each party, by its position.

    Raises NotPermitted, Stale, Sealed, ValidationError.
    """
    with transaction.atomic():
        with change(agreement, by=by, permission="agreements.edit_agreement", seen=seen) as row:
            row.title, row.starts_on, row.ends_on = title, starts_on, ends_on
            row.dimensions = dimensions
        for party in parties_of(row):
            if said := people.get(party.position):
                with change(party, by=by, permission="agreements.edit_party") as fresh:
                    fresh.represented_by, fresh.liaison = said["represented_by"], said["liaison"]
        refill(row, by=by, typed=typed)
    return row


def write_clauses(
    agreement: Agreement, clauses: list[dict[str, Any]], *, by: Actor, seen: int | None = None, note: str = ""
) -> AgreementVersion:
    """All clauses of the open version, in their order; `seen` is the version row's. Raises as `settle_terms`."""
    with transaction.atomic():
        row = locked(agreement)
        with change(open_version(row), by=by, permission="agreements.write_clauses", seen=seen) as version:
            version.clauses = checked(clauses, parties_of(row))
            version.note = note or version.note
            version.sha256 = digest(version.clauses, version.fields)
    return version


def refill(agreement: Agreement, *, by: Actor, typed: Mapping[str, str] | None = None) -> AgreementVersion:
    """Look up again what fills the fields; what was typed earlier stays unless it is typed anew."""
    with change(open_version(agreement), by=by, permission="agreements.write_clauses") as version:
        kept = {name: each["value"] for name, each in version.fields.items() if each["origin"] == "typed"}
        matches = list(agreement.matches.select_related("need", "offer").order_by("pk"))
        asked = without_parties(kept) | dict(typed or {})
        version.fields = filled_fields(agreement, parties_of(agreement), matches, asked)
        version.sha256 = digest(version.clauses, version.fields)
    return version


def without_parties(typed: dict[str, str]) -> dict[str, str]:
    """Who represents a party stands on the party; kept as typed, an old name would hide the new one."""
    return {name: text for name, text in typed.items() if not name.startswith(SIDES)}


def open_version(agreement: Agreement) -> AgreementVersion:
    """Raises Sealed."""
    version = last_version(agreement)
    if version.sealed_at is not None:
        raise Sealed
    return version


def checked(clauses: list[dict[str, Any]], parties: list[AgreementParty]) -> list[dict[str, Any]]:
    """As they are kept. Raises ValidationError."""
    if not clauses or len(clauses) > MOST_CLAUSES:
        raise ValidationError(_("协议要有 1 到 %(most)s 个条款。") % {"most": MOST_CLAUSES})
    if len({clause["key"] for clause in clauses}) != len(clauses):
        raise ValidationError(_("两个条款的代码相同。"))
    return [checked_clause(clause, parties) for clause in clauses]


def checked_clause(clause: dict[str, Any], parties: list[AgreementParty]) -> dict[str, Any]:
    kept = {name: str(clause.get(name, "")).strip() for name in ("key", "title", "text")}
    for name, text in kept.items():
        if len(text) > LONGEST[name]:
            raise ValidationError(
                _("“%(title)s”过长，最多 %(most)s 个字。") % {"title": kept["title"], "most": LONGEST[name]}
            )
        (validate_text if name == "text" else validate_plain)(text)
    if not kept["text"]:
        raise ValidationError(
            _("“%(title)s”没有内容；不需要的条款请删去。") % {"title": kept["title"] or kept["key"]}
        )
    return kept | {"obligation": checked_obligation(clause.get("obligation") or {}, parties)}


def checked_obligation(owed: dict[str, Any], parties: list[AgreementParty]) -> dict[str, Any]:
    what = str(owed.get("what", "")).strip()
    if not what:
        return {}
    validate_plain(what)
    times, every = owed.get("times", 1), owed.get("every", Obligation.Every.ONCE)
    if not isinstance(times, int) or not 1 <= times <= MOST_TIMES or every not in Obligation.Every.values:
        raise ValidationError(_("“%(what)s”的次数或周期不对。") % {"what": what})
    return {
        "what": what[: LONGEST["what"]],
        "times": times,
        "every": every,
        "by": position_of(owed.get("by", 0), parties),
    }
